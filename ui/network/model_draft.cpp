#include "ui/network/model_draft.h"

#include <algorithm>
#include <charconv>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/model/plan.h"
#include "core/session/protocol/network_info.h"

namespace hourglass::ui {
namespace {

std::optional<LayerDrafts> parse_drafts(std::string_view text) {
  const auto json = parse_ordered_json(text);
  if (!json.is_array() || json.empty() || json.size() > static_cast<std::size_t>(kMaxLayers))
    return std::nullopt;
  LayerDrafts layers;
  for (const auto& layer : json) {
    if (!layer.is_object()) return std::nullopt;
    layers.push_back(layer);
  }
  return layers;
}

DraftShape draft_shape(ImageShape shape) { return {shape.channels, shape.rows, shape.columns}; }

DraftNetwork drawn(const Plan& plan) {
  DraftNetwork network{
      .info = session::network_info(plan), .encoder_inputs = {}, .decoder_inputs = {}};
  for (const PlannedLayer& layer : plan.layers) {
    // A Gaussian entry is two layers, of which the first gets the entry's input.
    if (layer.name.ends_with(".sample")) continue;
    const bool encodes = layer.name.starts_with("encoder.");
    (encodes ? network.encoder_inputs : network.decoder_inputs).push_back(draft_shape(layer.input));
  }
  return network;
}

}  // namespace

std::optional<ModelDraft> parse_model(std::string_view encoder, std::string_view decoder) {
  auto before = parse_drafts(encoder), after = parse_drafts(decoder);
  if (!before || !after) return std::nullopt;
  return ModelDraft{std::move(*before), std::move(*after)};
}

std::string layers_text(const LayerDrafts& layers) {
  LayerDraft json = LayerDraft::array();
  for (const LayerDraft& layer : layers) json.push_back(layer);
  // A text that is no UTF-8 must not stop the page.
  return json_text(json);
}

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

std::string text_entry(const LayerDraft& layer, const char* key, std::string_view otherwise) {
  const auto found = layer.find(key);
  if (found == layer.end() || !found->is_string()) return std::string(otherwise);
  return found->get<std::string>();
}

std::int64_t whole_entry(const LayerDraft& layer, const char* key, std::int64_t otherwise) {
  const auto found = layer.find(key);
  if (found == layer.end() || !found->is_number_integer()) return otherwise;
  return found->get<std::int64_t>();
}

double real_entry(const LayerDraft& layer, const char* key, double otherwise) {
  const auto found = layer.find(key);
  return found == layer.end() || !found->is_number() ? otherwise : found->get<double>();
}

std::string layer_type(const LayerDraft& layer) { return text_entry(layer, "type", "dense"); }

std::optional<DraftShape> dense_shape(const LayerDraft& layer, DraftShape input) {
  if (layer_type(layer) != "dense" || !layer.contains("units")) return std::nullopt;
  try {
    const LayerDraft alone = {{"units", layer["units"]}};
    const Units units = hourglass::parse_layers(layers_text({alone}), "layer").front().units();
    if (units.is_input()) return input;
    return DraftShape{units.shape.channels, units.shape.rows, units.shape.columns};
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::optional<DraftNetwork> network_of(const ModelDraft& draft, DraftShape input) {
  if (input.features() < 1) return std::nullopt;
  try {
    const ModelSpec spec{.encoder = hourglass::parse_layers(layers_text(draft.encoder), "encoder"),
                         .decoder = hourglass::parse_layers(layers_text(draft.decoder), "decoder")};
    return drawn(
        make_plan(spec, {static_cast<Index>(input.channels), static_cast<Index>(input.rows),
                         static_cast<Index>(input.columns)}));
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace hourglass::ui
