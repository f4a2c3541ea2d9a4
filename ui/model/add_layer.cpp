#include "ui/model/add_layer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/model/layer_parts.h"
#include "ui/model/valid_edit.h"

namespace hourglass::ui {
namespace {

// The activation that a new hidden layer gets: that of the others.
std::string hidden_activation(const ModelSpec& model) {
  for (const LayerSpec& layer : model.encoder) {
    if (has_weights(layer) && layer.type().find("activation")) return layer.text("activation");
  }
  return "relu";
}

// Between two sizes: the power of two nearest to their geometric mean, if that is in between.
std::int64_t size_between(std::int64_t a, std::int64_t b) {
  const auto [low, high] = std::minmax(a, b);
  const double mean = std::sqrt(static_cast<double>(a) * static_cast<double>(b));
  const auto power = static_cast<std::int64_t>(std::exp2(std::round(std::log2(mean))));
  if (power > low && power < high) return power;
  return std::clamp<std::int64_t>(std::llround(mean), 1, kMaxUnits);
}

// What a layer inserted at `place` has to be: dense where the next layer with an opinion is for
// plain vectors.
bool wants_dense(const ModelSpec& model, Place place) {
  const Layers& layers = layers_of(model, place.part);
  for (std::size_t i = static_cast<std::size_t>(place.index); i < layers.size(); ++i) {
    const LayerType& type = layers[i].type();
    if (type.has_weights || type.on_images) return !type.on_images;
  }
  return true;
}

LayerSpec new_layer(Part part, bool dense, std::int64_t size, const std::string& activation) {
  const LayerType& flat = layer_types().front();
  const LayerType& convolution = *find_layer_type("convolution");
  const LayerType& deconvolution = *find_layer_type("transposed-convolution");
  LayerSpec layer(dense ? flat : part == Part::kEncoder ? convolution : deconvolution);
  set_size(layer, size);
  layer.set("activation", activation);
  return layer;
}

std::int64_t new_size(const ModelSpec& model, Place place, bool dense, ImageShape input) {
  const auto plan = plan_of(model, input);
  if (!plan) return 0;
  const ImageShape from = input_of(*plan, place);
  const Layers& layers = layers_of(model, place.part);
  for (int i = place.index; i < static_cast<int>(layers.size()); ++i) {
    const LayerSpec& next = layers[static_cast<std::size_t>(i)];
    if (!has_weights(next)) continue;
    if (dense) {
      const std::int64_t to = output_of(*plan, {place.part, i}).features();
      return size_between(from.features(), std::max<std::int64_t>(to, 1));
    }
    // The first convolution's images would be as few as the input's.
    if (next.type().on_images && size_of(next) > 0) {
      return std::max(std::int64_t{from.channels}, size_of(next));
    }
  }
  return dense ? from.features() : from.channels;
}

// A layer at `place`, and one at the mirrored place if the layers around it mirror each other.
Edited inserted_mirrored(const ModelSpec& model, Place place, bool dense, std::int64_t size) {
  const std::vector<int> encoder = places(model.encoder, has_weights);
  const std::vector<int> decoder = places(model.decoder, has_weights);
  const int m = count(encoder), n = count(decoder);
  // The gap before the i-th layer of the encoder is that before the (m - 1 - i)-th of the decoder.
  const bool above = place.part == Part::kEncoder;
  const int i = above ? rank_of(encoder, place.index) : m - 1 - rank_of(decoder, place.index);
  const int j = m - 1 - i;
  if (i < 0 || i >= m || j < 0 || j >= n) return std::nullopt;
  const bool outer =
      i == 0 ? m == n : mirror_of(model, {Part::kEncoder, at(encoder, i - 1)}).has_value();
  const bool inner = i == m - 1 || mirror_of(model, {Part::kEncoder, at(encoder, i)}).has_value();
  if (!outer || !inner) return std::nullopt;
  const Place up{Part::kEncoder, above ? place.index : at(encoder, i)};
  Place down{Part::kDecoder, above ? at(decoder, j) : place.index};
  if (wants_dense(model, up) != dense || wants_dense(model, down) != dense) return std::nullopt;

  ModelSpec changed = model;
  const std::string activation = hidden_activation(model);
  insert_layer(changed, up, new_layer(Part::kEncoder, dense, size, activation));
  LayerSpec& target = changed.decoder[static_cast<std::size_t>(at(decoder, j))];
  LayerSpec other = new_layer(Part::kDecoder, dense, size, activation);
  if (is_tied(target)) {
    // Its weights lead to where the new layer now stands; the new layer's own lead on from there.
    other = LayerSpec(target.type());
    other.set("tied", target.tied());
    other.set("activation", activation);
    target.set("tied", place_name(up));
  }
  insert_layer(changed, down, std::move(other));
  return changed;
}

// Without the layer of the encoder and the one that mirrors it.
Edited erased_mirrored(const ModelSpec& model, Place place) {
  const std::vector<int> encoder = places(model.encoder, has_weights);
  const std::vector<int> decoder = places(model.decoder, has_weights);
  const int m = count(encoder), n = count(decoder);
  int i = rank_of(encoder, place.index);
  if (place.part == Part::kDecoder) i = m - 2 - rank_of(decoder, place.index);
  // The code mirrors nothing; the layer that becomes the code needs no mirror any more.
  const int partner = i == m - 1 ? 0 : m - 2 - i;
  const int rank = i == m - 1 ? m - 2 : i;
  if (i < 0 || rank < 0 || partner < 0 || partner >= n - 1) return std::nullopt;
  if (!mirror_of(model, {Part::kEncoder, at(encoder, rank)})) return std::nullopt;
  ModelSpec changed = model;
  const LayerSpec& gone = model.decoder[static_cast<std::size_t>(at(decoder, partner))];
  if (i < m - 1 && is_tied(gone) && partner + 1 < n) {
    LayerSpec& next = changed.decoder[static_cast<std::size_t>(at(decoder, partner + 1))];
    if (is_tied(next)) next.set("tied", gone.tied());
  }
  erase_layer(changed, {Part::kDecoder, at(decoder, partner)});
  erase_layer(changed, {Part::kEncoder, at(encoder, i)});
  return changed;
}

// Without the resampling layer at `place` and the one that undoes it, if each has one.
Edited erased_resampling(const ModelSpec& model, Place place) {
  const std::vector<int> encoder = places(model.encoder, is_resampling);
  const std::vector<int> decoder = places(model.decoder, is_resampling);
  if (encoder.size() != decoder.size()) return std::nullopt;
  const bool above = place.part == Part::kEncoder;
  const int rank = rank_of(above ? encoder : decoder, place.index);
  const int other = count(encoder) - 1 - rank;
  ModelSpec changed = model;
  erase_layer(changed, {Part::kDecoder, at(decoder, above ? other : rank)});
  erase_layer(changed, {Part::kEncoder, at(encoder, above ? rank : other)});
  return changed;
}

}  // namespace

Edited with_layer(const ModelSpec& model, Place place, bool after, ImageShape input) {
  if (!has_layer(model, place)) return std::nullopt;
  if (after) ++place.index;
  // After the code is before the decoder: the code stays the code.
  const std::vector<int> encoder = places(model.encoder, has_weights);
  const std::vector<int> decoder = places(model.decoder, has_weights);
  if (encoder.empty() || decoder.empty()) return std::nullopt;
  if (place.part == Part::kEncoder && place.index > encoder.back()) place = {Part::kDecoder, 0};
  if (place.part == Part::kDecoder && place.index > decoder.back()) return std::nullopt;
  const bool dense = wants_dense(model, place);
  const std::int64_t size = new_size(model, place, dense, input);
  if (size < 1) return std::nullopt;
  ModelSpec single = model;
  insert_layer(single, place, new_layer(place.part, dense, size, hidden_activation(model)));
  return first_valid({inserted_mirrored(model, place, dense, size), single}, model, input);
}

Edited without_layer(const ModelSpec& model, Place place, ImageShape input) {
  if (!has_layer(model, place)) return std::nullopt;
  const LayerSpec& layer = layer_at(model, place);
  Edited both, single = model;
  erase_layer(*single, place);
  if (has_weights(layer)) {
    const std::vector<int> weights = places(layers_of(model, place.part), has_weights);
    const bool output = place.part == Part::kDecoder && place.index == weights.back();
    if (output || (place.part == Part::kEncoder && weights.size() == 1)) return std::nullopt;
    both = erased_mirrored(model, place);
  } else if (is_resampling(layer)) {
    both = erased_resampling(model, place);
  }
  return first_valid({both, single}, model, input);
}

}  // namespace hourglass::ui
