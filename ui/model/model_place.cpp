#include "ui/model/model_place.h"

#include <algorithm>
#include <charconv>

#include "core/base/error.h"

namespace hourglass::ui {

std::string place_name(Place place) {
  return (place.part == Part::kEncoder ? "encoder." : "decoder.") + std::to_string(place.index);
}

std::optional<Place> place_of(std::string_view name) {
  Place place;
  if (name.starts_with("decoder.")) {
    place.part = Part::kDecoder;
  } else if (!name.starts_with("encoder.")) {
    return std::nullopt;
  }
  name.remove_prefix(8);
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), place.index);
  const std::string_view rest(end, static_cast<std::size_t>(name.data() + name.size() - end));
  if (error != std::errc() || place.index < 0 || (!rest.empty() && rest != ".sample")) {
    return std::nullopt;
  }
  return place;
}

Layers& layers_of(ModelSpec& model, Part part) {
  return part == Part::kEncoder ? model.encoder : model.decoder;
}
const Layers& layers_of(const ModelSpec& model, Part part) {
  return part == Part::kEncoder ? model.encoder : model.decoder;
}

bool has_layer(const ModelSpec& model, Place place) {
  return place.index >= 0 && place.index < static_cast<int>(layers_of(model, place.part).size());
}

LayerSpec& layer_at(ModelSpec& model, Place place) {
  return layers_of(model, place.part)[static_cast<std::size_t>(place.index)];
}
const LayerSpec& layer_at(const ModelSpec& model, Place place) {
  return layers_of(model, place.part)[static_cast<std::size_t>(place.index)];
}

Place clamped(const ModelSpec& model, Place place) {
  const auto last = static_cast<int>(layers_of(model, place.part).size()) - 1;
  place.index = std::clamp(place.index, 0, last);
  return place;
}

std::optional<ModelSpec> parse_model(std::string_view encoder, std::string_view decoder,
                                     std::string_view loss) {
  try {
    return ModelSpec{.encoder = parse_layers(encoder, "encoder"),
                     .decoder = parse_layers(decoder, "decoder"),
                     .loss = loss_from_name(loss)};
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::optional<Plan> plan_of(const ModelSpec& model, ImageShape input) {
  if (input.features() < 1) return std::nullopt;
  try {
    return make_plan(model, input);
  } catch (const Error&) {
    return std::nullopt;
  }
}

ImageShape input_of(const Plan& plan, Place place) {
  const auto first = std::ranges::find_if(
      plan.layers, [&](const PlannedLayer& layer) { return place_of(layer.name) == place; });
  return first == plan.layers.end() ? ImageShape{} : first->input;
}

ImageShape output_of(const Plan& plan, Place place) {
  // A Gaussian entry is two layers, of which the second gives the entry's output.
  ImageShape output;
  for (const PlannedLayer& layer : plan.layers) {
    if (place_of(layer.name) == place) output = layer.output;
  }
  return output;
}

}  // namespace hourglass::ui
