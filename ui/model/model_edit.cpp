#include "ui/model/model_edit.h"

#include <algorithm>

#include "ui/model/layer_parts.h"
#include "ui/model/valid_edit.h"

namespace hourglass::ui {
namespace {

// What a code may have at most by doubling.
constexpr std::int64_t kMaxCode = 2048;

// The layer whose own size decides how large the one at `place` is: itself, or for tied weights the
// layer before the one that they are of.
std::optional<Place> sizing_place(const ModelSpec& model, Place place) {
  if (!is_tied(layer_at(model, place))) return place;
  const auto source = place_of(layer_at(model, place).tied());
  if (!source || source->part != Part::kEncoder || !has_layer(model, *source)) return std::nullopt;
  const std::vector<int> weights = places(model.encoder, has_weights);
  const int rank = rank_of(weights, source->index);
  if (rank == 0) return std::nullopt;
  return Place{Part::kEncoder, at(weights, rank - 1)};
}

// What is offered of a size; that of a mask is bounded by what it gets.
std::int64_t largest_size(const ModelSpec& model, Place place, const LayerField& field,
                          ImageShape input) {
  if (!layer_at(model, place).type().is_mask) {
    return static_cast<std::int64_t>(field.offered_high);
  }
  const auto plan = plan_of(model, input);
  return plan ? std::int64_t{input_of(*plan, place).features()} : 0;
}

const LayerSpec* dropout_before(const ModelSpec& model, Place place) {
  if (place.index == 0) return nullptr;
  const LayerSpec& before = layer_at(model, {place.part, place.index - 1});
  return is_dropout(before) ? &before : nullptr;
}

}  // namespace

std::optional<Place> mirror_of(const ModelSpec& model, Place place) {
  if (!has_layer(model, place) || !has_weights(layer_at(model, place))) return std::nullopt;
  const std::vector<int> encoder = places(model.encoder, has_weights);
  const std::vector<int> decoder = places(model.decoder, has_weights);
  const int m = count(encoder), n = count(decoder);
  const bool above = place.part == Part::kEncoder;
  const int i = above ? rank_of(encoder, place.index) : m - 2 - rank_of(decoder, place.index);
  const int j = m - 2 - i;
  if (i < 0 || j < 0 || j >= n - 1) return std::nullopt;
  const Place up{Part::kEncoder, at(encoder, i)}, down{Part::kDecoder, at(decoder, j)};
  const bool tied =
      layer_at(model, down).tied() == place_name({Part::kEncoder, at(encoder, i + 1)});
  if (!tied && !same_size(layer_at(model, up), layer_at(model, down))) return std::nullopt;
  return above ? down : up;
}

LayerOptions layer_options(const ModelSpec& model, Place place, ImageShape input) {
  LayerOptions options;
  if (!has_layer(model, place)) return options;
  const LayerSpec& layer = layer_at(model, place);
  options.tied = is_tied(layer);
  if (const auto sizing = sizing_place(model, place)) {
    const LayerSpec& sized = layer_at(model, *sizing);
    if (const LayerField* const field = size_field(sized)) {
      options.size = size_of(sized);
      options.size_name = field->key;
      options.largest = std::max(options.size, largest_size(model, *sizing, *field, input));
    }
  }
  const std::vector<int> decoder = places(model.decoder, has_weights);
  const bool output =
      place.part == Part::kDecoder && !decoder.empty() && place.index == decoder.back();
  options.size_fixed = output || options.size == 0;
  options.takes_dropout = has_weights(layer);
  const LayerSpec* const dropout = is_dropout(layer)       ? &layer
                                   : options.takes_dropout ? dropout_before(model, place)
                                                           : nullptr;
  if (dropout) options.rate = dropout->real("rate");
  return options;
}

Edited with_size(const ModelSpec& model, Place place, std::int64_t size, ImageShape input) {
  if (!has_layer(model, place)) return std::nullopt;
  const LayerOptions options = layer_options(model, place, input);
  const auto sizing = sizing_place(model, place);
  if (options.size_fixed || !sizing || size < 1) return std::nullopt;
  size = std::min(size, options.largest);
  ModelSpec single = model;
  set_size(layer_at(single, *sizing), size);
  Edited both;
  if (const auto mirror = mirror_of(model, *sizing)) {
    both = single;
    set_size(layer_at(*both, *mirror), size);
  }
  return first_valid({both, single}, model, input);
}

Edited with_whole(const ModelSpec& model, Place place, std::string_view key, std::int64_t value,
                  ImageShape input) {
  if (!has_layer(model, place)) return std::nullopt;
  const auto set = [&](LayerSpec& layer) {
    const LayerField* const field = layer.type().find(key);
    const bool has_it = field && applies(*field, layer);
    if (has_it) set_field(layer, *field, value);
    return has_it;
  };
  ModelSpec single = model;
  if (!set(layer_at(single, place))) return std::nullopt;
  Edited both;
  if (const auto mirror = mirror_of(model, place)) {
    both = single;
    if (!set(layer_at(*both, *mirror))) both.reset();
  }
  return first_valid({both, single}, model, input);
}

Edited with_activation(const ModelSpec& model, Place place, const std::string& activation,
                       ImageShape input) {
  const auto has_activation = [](const LayerSpec& layer) {
    return layer.type().find("activation") != nullptr;
  };
  if (!has_layer(model, place) || !has_activation(layer_at(model, place))) return std::nullopt;
  const std::string was = layer_at(model, place).text("activation");
  ModelSpec changed = model;
  layer_at(changed, place).set("activation", activation);
  if (const auto mirror = mirror_of(model, place)) {
    LayerSpec& other = layer_at(changed, *mirror);
    if (has_activation(other) && other.text("activation") == was) {
      other.set("activation", activation);
    }
  }
  return first_valid({changed}, model, input);
}

Edited with_dropout(const ModelSpec& model, Place place, bool on, ImageShape input) {
  const LayerOptions options = layer_options(model, place, input);
  if (!options.takes_dropout || on == (options.rate >= 0)) return std::nullopt;
  ModelSpec changed = model;
  if (on) {
    LayerSpec dropout(*find_layer_type("dropout"));
    dropout.set("rate", 0.5);
    insert_layer(changed, place, std::move(dropout));
  } else {
    erase_layer(changed, {place.part, place.index - 1});
  }
  return first_valid({changed}, model, input);
}

Edited with_rate(const ModelSpec& model, Place place, double rate, ImageShape input) {
  if (layer_options(model, place, input).rate < 0) return std::nullopt;
  if (!is_dropout(layer_at(model, place))) --place.index;
  ModelSpec changed = model;
  LayerSpec& layer = layer_at(changed, place);
  const LayerField& field = *layer.type().find("rate");
  layer.set("rate", std::clamp(rate, field.low, field.high));
  return first_valid({changed}, model, input);
}

Place code_place(const ModelSpec& model) {
  const std::vector<int> weights = places(model.encoder, has_weights);
  return {Part::kEncoder, weights.empty() ? 0 : weights.back()};
}

Edited with_code(const ModelSpec& model, bool twice, ImageShape input) {
  const Place place = code_place(model);
  if (!has_layer(model, place)) return std::nullopt;
  const std::int64_t size = size_of(layer_at(model, place));
  if (size < 1 || (!twice && size == 1)) return std::nullopt;
  if (twice && size >= layer_options(model, place, input).largest) return std::nullopt;
  Edited edited = with_size(model, place, twice ? size * 2 : size / 2, input);
  if (!edited || !twice) return edited;
  // Channels of images are many numbers each, and the map keeps the code of every image.
  const auto plan = plan_of(*edited, input);
  return plan && plan->code_size() <= kMaxCode ? edited : std::nullopt;
}

}  // namespace hourglass::ui
