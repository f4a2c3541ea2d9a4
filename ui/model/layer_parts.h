// What the layers of a model are, seen by whoever edits them: of what size, where those with
// weights stand, and how they move.
#pragma once

#include <cstdint>
#include <vector>

#include "core/model/layer_type.h"
#include "ui/model/model_place.h"

namespace hourglass::ui {

bool has_weights(const LayerSpec& layer);
// It makes images larger or smaller, and has nothing to learn: pooling, and what undoes it.
bool is_resampling(const LayerSpec& layer);
bool is_dropout(const LayerSpec& layer);
bool is_tied(const LayerSpec& layer);

// Whether the field says anything beside the others.
bool applies(const LayerField& field, const LayerSpec& layer);

// What a person means by the size of a layer: units, channels of images, or k. 0: it follows from
// others.
std::int64_t size_of(const LayerSpec& layer);
// The field that holds it; null where it follows from others.
const LayerField* size_field(const LayerSpec& layer);
// Of a layer that has such a field.
void set_size(LayerSpec& layer, std::int64_t size);
bool makes_images(const LayerSpec& layer);
// Both have a size of their own, and it is the same.
bool same_size(const LayerSpec& a, const LayerSpec& b);

// Sets one field. Fields that were what follows from the others go on following.
void set_field(LayerSpec& layer, const LayerField& field, FieldValue value);
// Whether every field is within the bounds of its row.
bool is_within_bounds(const LayerSpec& layer);

// Indices of the layers that `is` likes, in rising order.
std::vector<int> places(const Layers& layers, bool (*is)(const LayerSpec&));
// How many of `places` lie before `index`.
int rank_of(const std::vector<int>& places, int index);
inline int count(const std::vector<int>& places) { return static_cast<int>(places.size()); }
inline int at(const std::vector<int>& places, int rank) {
  return places[static_cast<std::size_t>(rank)];
}

// Puts a layer before the one at `place`, or takes that one out. Fields that name other layers
// follow; who named the layer that is gone names none, which the plan finds out. `place.index` is
// in [0, number of layers], for erase_layer() below that.
void insert_layer(ModelSpec& model, Place place, LayerSpec layer);
void erase_layer(ModelSpec& model, Place place);

}  // namespace hourglass::ui
