// What the layers of a draft are, seen by whoever edits them: of what size, where those with
// weights stand, and how they move.
#pragma once

#include <cstdint>
#include <vector>

#include "ui/network/model_draft.h"

namespace hourglass::ui {

bool has_weights(const LayerDraft& layer);
bool is_convolution(const LayerDraft& layer);
bool is_pool(const LayerDraft& layer);
bool is_unpool(const LayerDraft& layer);
bool is_tied(const LayerDraft& layer);

// What a person means by the size of a layer: units, channels of images, or k. 0: it follows from
// others.
std::int64_t size_of(const LayerDraft& layer);
void set_size(LayerDraft& layer, std::int64_t size);
bool makes_images(const LayerDraft& layer);
// Both have a size of their own, and it is the same.
bool same_size(const LayerDraft& a, const LayerDraft& b);

// Indices of the layers that `is` likes, in rising order.
std::vector<int> places(const LayerDrafts& layers, bool (*is)(const LayerDraft&));
// How many of `places` lie before `index`.
int rank_of(const std::vector<int>& places, int index);

// Puts a layer before the one at `place`, or takes that one out. Names by which layers speak of
// others ("tied", "pool") follow; who spoke of the layer that is gone speaks of none, and is found
// out when the draft is checked. `place.index` is in [0, number of layers], for erase_layer() below
// that.
void insert_layer(ModelDraft& draft, Place place, LayerDraft layer);
void erase_layer(ModelDraft& draft, Place place);

}  // namespace hourglass::ui
