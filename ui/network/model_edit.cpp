#include "ui/network/model_edit.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "ui/network/model_parts.h"

namespace hourglass::ui {
namespace {

// What a code may have at most by doubling.
constexpr std::int64_t kMaxCode = 2048;

int count(const std::vector<int>& places) { return static_cast<int>(places.size()); }
int at(const std::vector<int>& places, int rank) { return places[static_cast<std::size_t>(rank)]; }

// The shape of the last images in the encoder, before they are flattened.
std::optional<DraftShape> last_images(const ModelDraft& draft, DraftShape input) {
  ModelDraft open = draft;
  // Any decoder will do: the encoder alone is looked at.
  open.decoder = {LayerDraft{{"type", "dense"}, {"units", "input"}}};
  const auto network = network_of(open, input);
  if (!network) return std::nullopt;
  std::optional<DraftShape> images;
  for (const auto& layer : network->info.layers) {
    const auto& shape = layer.output_shape;
    if (layer.name.starts_with("encoder.") && shape[1] > 1) {
      images = DraftShape{shape[0], shape[1], shape[2]};
    }
  }
  return images;
}

// Brings what follows from other layers in line with them.
void repair(ModelDraft& draft, const ModelDraft& before, DraftShape input) {
  // k of k-sparse is at most the number of units there are.
  for (const Part part : {Part::kEncoder, Part::kDecoder}) {
    LayerDrafts& layers = draft.layers(part);
    for (std::size_t i = 1; i < layers.size(); ++i) {
      if (layer_type(layers[i]) != "k-sparse") continue;
      const std::int64_t units = size_of(layers[i - 1]);
      if (units > 0 && !makes_images(layers[i - 1])) {
        layers[i]["k"] = std::clamp<std::int64_t>(whole_entry(layers[i], "k", 1), 1, units);
      }
    }
  }
  // The decoder begins with images of the size at which the encoder ended.
  const auto was = last_images(before, input), is = last_images(draft, input);
  if (!was || !is || *was == *is) return;
  for (LayerDraft& layer : draft.decoder) {
    const auto shape = dense_shape(layer, input);
    if (layer_type(layer) != "dense" || !shape || !layer.contains("units") ||
        !layer["units"].is_array()) {
      continue;
    }
    if (shape->rows == was->rows && shape->columns == was->columns) {
      layer["units"] = {shape->channels, is->rows, is->columns};
    }
  }
}

// The first of the candidates that can be built.
Edited first_valid(std::initializer_list<Edited> candidates, const ModelDraft& before,
                   DraftShape input) {
  for (const Edited& candidate : candidates) {
    if (!candidate) continue;
    ModelDraft draft = *candidate;
    repair(draft, before, input);
    if (network_of(draft, input)) return draft;
  }
  return std::nullopt;
}

// The layer whose own size decides how large the one at `place` is: itself, or for tied weights the
// layer before the one that they are of.
std::optional<Place> sizing_place(const ModelDraft& draft, Place place) {
  if (!is_tied(draft.at(place))) return place;
  const auto source = place_of(text_entry(draft.at(place), "tied"));
  if (!source || source->part != Part::kEncoder || !draft.has(*source)) return std::nullopt;
  const std::vector<int> weights = places(draft.encoder, has_weights);
  const int rank = rank_of(weights, source->index);
  if (rank == 0) return std::nullopt;
  return Place{Part::kEncoder, at(weights, rank - 1)};
}

// The activation that a new hidden layer gets: that of the others.
std::string hidden_activation(const ModelDraft& draft) {
  for (const LayerDraft& layer : draft.encoder) {
    if (has_weights(layer) && layer_type(layer) != "gaussian") {
      return text_entry(layer, "activation", "linear");
    }
  }
  return "relu";
}

// Between two sizes: the power of two nearest to their geometric mean, if that is in between.
std::int64_t size_between(std::int64_t a, std::int64_t b) {
  const auto [low, high] = std::minmax(a, b);
  const double mean = std::sqrt(static_cast<double>(a) * static_cast<double>(b));
  const auto power = static_cast<std::int64_t>(std::exp2(std::round(std::log2(mean))));
  if (power > low && power < high) return power;
  return std::clamp<std::int64_t>(std::llround(mean), 1, 65536);
}

// What a layer inserted at `place` has to be: dense where the next layer with an opinion is dense.
bool wants_dense(const ModelDraft& draft, Place place) {
  const LayerDrafts& layers = draft.layers(place.part);
  for (std::size_t i = static_cast<std::size_t>(place.index); i < layers.size(); ++i) {
    const std::string type = layer_type(layers[i]);
    if (type == "dropout" || type == "k-sparse") continue;
    return type == "dense" || type == "gaussian";
  }
  return true;
}

LayerDraft new_layer(Part part, bool dense, std::int64_t size, const std::string& activation) {
  if (dense) return {{"type", "dense"}, {"units", size}, {"activation", activation}};
  return {{"type", part == Part::kEncoder ? "convolution" : "transposed-convolution"},
          {"channels", size},
          {"kernel", 3},
          {"padding", 1},
          {"activation", activation}};
}

std::int64_t new_size(const ModelDraft& draft, Place place, bool dense, DraftShape input) {
  const auto network = network_of(draft, input);
  if (!network) return 0;
  const DraftShape from = network->inputs(place.part)[static_cast<std::size_t>(place.index)];
  const LayerDrafts& layers = draft.layers(place.part);
  if (!dense) {
    // The first convolution's images would be as few as the input's.
    for (std::size_t i = static_cast<std::size_t>(place.index); i < layers.size(); ++i) {
      if (is_convolution(layers[i]) && size_of(layers[i]) > 0) {
        return std::max(from.channels, size_of(layers[i]));
      }
    }
    return from.channels;
  }
  for (std::size_t i = static_cast<std::size_t>(place.index); i < layers.size(); ++i) {
    if (!has_weights(layers[i])) continue;
    std::int64_t to = 0;
    const std::string name = place_name({place.part, static_cast<int>(i)});
    for (const auto& layer : network->info.layers) {
      if (layer.name != name) continue;
      to = layer.output_shape[0] * layer.output_shape[1] * layer.output_shape[2];
      if (layer_type(layers[i]) == "gaussian") to /= 2;
    }
    return size_between(from.features(), std::max<std::int64_t>(to, 1));
  }
  return from.features();
}

// A layer at `place`, and one at the mirrored place if the layers around it mirror each other.
Edited inserted_mirrored(const ModelDraft& draft, Place place, bool dense, std::int64_t size) {
  const std::vector<int> encoder = places(draft.encoder, has_weights);
  const std::vector<int> decoder = places(draft.decoder, has_weights);
  const int m = count(encoder), n = count(decoder);
  // The gap before the i-th layer of the encoder is that before the (m - 1 - i)-th of the decoder.
  const bool above = place.part == Part::kEncoder;
  const int i = above ? rank_of(encoder, place.index) : m - 1 - rank_of(decoder, place.index);
  const int j = m - 1 - i;
  if (i < 0 || i >= m || j < 0 || j >= n) return std::nullopt;
  const bool outer =
      i == 0 ? m == n : mirror_of(draft, {Part::kEncoder, at(encoder, i - 1)}).has_value();
  const bool inner = i == m - 1 || mirror_of(draft, {Part::kEncoder, at(encoder, i)}).has_value();
  if (!outer || !inner) return std::nullopt;
  const Place up{Part::kEncoder, above ? place.index : at(encoder, i)};
  Place down{Part::kDecoder, above ? at(decoder, j) : place.index};
  if (wants_dense(draft, up) != dense || wants_dense(draft, down) != dense) return std::nullopt;

  ModelDraft changed = draft;
  const std::string activation = hidden_activation(draft);
  insert_layer(changed, up, new_layer(Part::kEncoder, dense, size, activation));
  LayerDraft& target = changed.decoder[static_cast<std::size_t>(at(decoder, j))];
  LayerDraft other = new_layer(Part::kDecoder, dense, size, activation);
  if (is_tied(target)) {
    // Its weights lead to where the new layer now stands; the new layer's own lead on from there.
    other = {{"type", layer_type(target)}, {"tied", target["tied"]}, {"activation", activation}};
    target["tied"] = place_name(up);
  }
  insert_layer(changed, down, std::move(other));
  return changed;
}

// Without the layer of the encoder and the one that mirrors it.
Edited erased_mirrored(const ModelDraft& draft, Place place) {
  const std::vector<int> encoder = places(draft.encoder, has_weights);
  const std::vector<int> decoder = places(draft.decoder, has_weights);
  const int m = count(encoder), n = count(decoder);
  int i = rank_of(encoder, place.index);
  if (place.part == Part::kDecoder) i = m - 2 - rank_of(decoder, place.index);
  // The code mirrors nothing; the layer that becomes the code needs no mirror any more.
  const int partner = i == m - 1 ? 0 : m - 2 - i;
  const int rank = i == m - 1 ? m - 2 : i;
  if (i < 0 || rank < 0 || partner < 0 || partner >= n - 1) return std::nullopt;
  if (!mirror_of(draft, {Part::kEncoder, at(encoder, rank)})) return std::nullopt;
  ModelDraft changed = draft;
  const LayerDraft& gone = draft.decoder[static_cast<std::size_t>(at(decoder, partner))];
  if (i < m - 1 && is_tied(gone) && partner + 1 < n) {
    LayerDraft& next = changed.decoder[static_cast<std::size_t>(at(decoder, partner + 1))];
    if (is_tied(next)) next["tied"] = gone["tied"];
  }
  erase_layer(changed, {Part::kDecoder, at(decoder, partner)});
  erase_layer(changed, {Part::kEncoder, at(encoder, i)});
  return changed;
}

}  // namespace

std::optional<Place> mirror_of(const ModelDraft& draft, Place place) {
  if (!draft.has(place) || !has_weights(draft.at(place))) return std::nullopt;
  const std::vector<int> encoder = places(draft.encoder, has_weights);
  const std::vector<int> decoder = places(draft.decoder, has_weights);
  const int m = count(encoder), n = count(decoder);
  const bool above = place.part == Part::kEncoder;
  const int i = above ? rank_of(encoder, place.index) : m - 2 - rank_of(decoder, place.index);
  const int j = m - 2 - i;
  if (i < 0 || j < 0 || j >= n - 1) return std::nullopt;
  const Place up{Part::kEncoder, at(encoder, i)}, down{Part::kDecoder, at(decoder, j)};
  const bool tied =
      text_entry(draft.at(down), "tied") == place_name({Part::kEncoder, at(encoder, i + 1)});
  if (!tied && !same_size(draft.at(up), draft.at(down))) return std::nullopt;
  return above ? down : up;
}

LayerOptions layer_options(const ModelDraft& draft, Place place, DraftShape input) {
  LayerOptions options;
  if (!draft.has(place)) return options;
  const LayerDraft& layer = draft.at(place);
  options.type = layer_type(layer);
  options.tied = is_tied(layer);
  const auto network = network_of(draft, input);
  if (has_weights(layer)) {
    const auto sizing = sizing_place(draft, place);
    if (sizing) options.size = size_of(draft.at(*sizing));
    const std::vector<int> decoder = places(draft.decoder, has_weights);
    const bool output = place.part == Part::kDecoder && place.index == decoder.back();
    options.size_fixed = output || options.size == 0;
    options.largest = is_convolution(layer) ? 256 : options.type == "gaussian" ? 512 : 2048;
    if (options.type != "gaussian") {
      options.activation = text_entry(layer, "activation", "linear");
    }
    if (is_convolution(layer) && !options.tied) options.kernel = whole_entry(layer, "kernel", 3);
    options.takes_dropout = true;
    if (place.index > 0) {
      const LayerDraft& before = draft.at({place.part, place.index - 1});
      if (layer_type(before) == "dropout") options.rate = real_entry(before, "rate", 0.5);
    }
  } else if (options.type == "k-sparse") {
    options.size = whole_entry(layer, "k", 1);
    options.size_fixed = false;
    if (network) {
      options.largest =
          network->inputs(place.part)[static_cast<std::size_t>(place.index)].features();
    }
  } else if (options.type == "dropout") {
    options.rate = real_entry(layer, "rate", 0.5);
  }
  options.largest = std::max(options.largest, options.size);
  return options;
}

Edited with_size(const ModelDraft& draft, Place place, std::int64_t size, DraftShape input) {
  if (!draft.has(place)) return std::nullopt;
  const LayerOptions options = layer_options(draft, place, input);
  const auto sizing = sizing_place(draft, place);
  if (options.size_fixed || !sizing || size < 1) return std::nullopt;
  size = std::min(size, options.largest);
  ModelDraft single = draft;
  set_size(single.at(*sizing), size);
  Edited both;
  if (const auto mirror = mirror_of(draft, *sizing)) {
    both = single;
    if (!is_tied(both->at(*mirror))) set_size(both->at(*mirror), size);
  }
  return first_valid({both, single}, draft, input);
}

Edited with_kernel(const ModelDraft& draft, Place place, std::int64_t kernel, DraftShape input) {
  if (layer_options(draft, place, input).kernel == 0 || kernel < 1) return std::nullopt;
  const auto set = [&](LayerDraft& layer) {
    const std::int64_t was = whole_entry(layer, "kernel", 3);
    // A padding that kept the size of images goes on doing so.
    const bool keeps = whole_entry(layer, "padding", (was - 1) / 2) == (was - 1) / 2;
    layer["kernel"] = kernel;
    if (layer.contains("padding") && keeps) layer["padding"] = (kernel - 1) / 2;
  };
  ModelDraft single = draft;
  set(single.at(place));
  Edited both;
  const auto mirror = mirror_of(draft, place);
  if (mirror && is_convolution(draft.at(*mirror)) && !is_tied(draft.at(*mirror))) {
    both = single;
    set(both->at(*mirror));
  }
  return first_valid({both, single}, draft, input);
}

Edited with_activation(const ModelDraft& draft, Place place, const std::string& activation,
                       DraftShape input) {
  const std::string was = layer_options(draft, place, input).activation;
  if (was.empty()) return std::nullopt;
  ModelDraft changed = draft;
  changed.at(place)["activation"] = activation;
  if (const auto mirror = mirror_of(draft, place)) {
    if (text_entry(draft.at(*mirror), "activation", "linear") == was) {
      changed.at(*mirror)["activation"] = activation;
    }
  }
  return first_valid({changed}, draft, input);
}

Edited with_dropout(const ModelDraft& draft, Place place, bool on, DraftShape input) {
  const LayerOptions options = layer_options(draft, place, input);
  if (!options.takes_dropout || on == (options.rate >= 0)) return std::nullopt;
  ModelDraft changed = draft;
  if (on) {
    insert_layer(changed, place, {{"type", "dropout"}, {"rate", 0.5}});
  } else {
    erase_layer(changed, {place.part, place.index - 1});
  }
  return first_valid({changed}, draft, input);
}

Edited with_rate(const ModelDraft& draft, Place place, double rate, DraftShape input) {
  if (layer_options(draft, place, input).rate < 0) return std::nullopt;
  if (layer_type(draft.at(place)) != "dropout") --place.index;
  ModelDraft changed = draft;
  changed.at(place)["rate"] = std::clamp(rate, 0.0, 0.99);
  return first_valid({changed}, draft, input);
}

Edited with_layer(const ModelDraft& draft, Place place, bool after, DraftShape input) {
  if (!draft.has(place)) return std::nullopt;
  if (after) ++place.index;
  // After the code is before the decoder: the code stays the code.
  const std::vector<int> encoder = places(draft.encoder, has_weights);
  const std::vector<int> decoder = places(draft.decoder, has_weights);
  if (encoder.empty() || decoder.empty()) return std::nullopt;
  if (place.part == Part::kEncoder && place.index > encoder.back()) place = {Part::kDecoder, 0};
  if (place.part == Part::kDecoder && place.index > decoder.back()) return std::nullopt;
  const bool dense = wants_dense(draft, place);
  const std::int64_t size = new_size(draft, place, dense, input);
  if (size < 1) return std::nullopt;
  ModelDraft single = draft;
  insert_layer(single, place, new_layer(place.part, dense, size, hidden_activation(draft)));
  return first_valid({inserted_mirrored(draft, place, dense, size), single}, draft, input);
}

Edited without_layer(const ModelDraft& draft, Place place, DraftShape input) {
  if (!draft.has(place)) return std::nullopt;
  const LayerDraft& layer = draft.at(place);
  Edited both, single = draft;
  erase_layer(*single, place);
  if (has_weights(layer)) {
    const std::vector<int> weights = places(draft.layers(place.part), has_weights);
    const bool output = place.part == Part::kDecoder && place.index == weights.back();
    if (output || (place.part == Part::kEncoder && weights.size() == 1)) return std::nullopt;
    both = erased_mirrored(draft, place);
  } else if (is_pool(layer) || is_unpool(layer)) {
    const std::vector<int> pools = places(draft.encoder, is_pool);
    const std::vector<int> unpools = places(draft.decoder, is_unpool);
    const bool above = place.part == Part::kEncoder;
    if (pools.size() == unpools.size() && !pools.empty()) {
      const int rank = rank_of(above ? pools : unpools, place.index);
      const int other = count(pools) - 1 - rank;
      both = draft;
      erase_layer(*both, {Part::kDecoder, at(unpools, above ? other : rank)});
      erase_layer(*both, {Part::kEncoder, at(pools, above ? rank : other)});
    }
  }
  return first_valid({both, single}, draft, input);
}

Place code_place(const ModelDraft& draft) {
  const std::vector<int> weights = places(draft.encoder, has_weights);
  return {Part::kEncoder, weights.empty() ? 0 : weights.back()};
}

Edited with_code(const ModelDraft& draft, bool twice, DraftShape input) {
  const Place place = code_place(draft);
  if (!draft.has(place)) return std::nullopt;
  const std::int64_t size = size_of(draft.at(place));
  if (size < 1 || (!twice && size == 1)) return std::nullopt;
  if (twice && size >= layer_options(draft, place, input).largest) return std::nullopt;
  const Edited edited = with_size(draft, place, twice ? size * 2 : size / 2, input);
  if (!edited || !twice) return edited;
  // Channels of images are many numbers each, and the map keeps the code of every image.
  const auto network = network_of(*edited, input);
  return network && network->info.code_size <= kMaxCode ? edited : std::nullopt;
}

Place clamped(const ModelDraft& draft, Place place) {
  place.index = std::clamp(place.index, 0, static_cast<int>(draft.layers(place.part).size()) - 1);
  return place;
}

}  // namespace hourglass::ui
