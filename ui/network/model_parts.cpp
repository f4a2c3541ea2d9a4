#include "ui/network/model_parts.h"

#include <algorithm>
#include <string>
#include <utility>

namespace hourglass::ui {
namespace {

// Changes every name of a layer of `part` by `renamed`, index to index.
template <typename Renamed>
void rename(ModelDraft& draft, Part part, const Renamed& renamed) {
  for (LayerDrafts* layers : {&draft.encoder, &draft.decoder}) {
    for (LayerDraft& layer : *layers) {
      for (const char* key : {"tied", "pool"}) {
        const auto named = place_of(text_entry(layer, key));
        if (named && named->part == part) {
          layer[key] = place_name({part, renamed(named->index)});
        }
      }
    }
  }
}

}  // namespace

bool has_weights(const LayerDraft& layer) {
  const std::string type = layer_type(layer);
  return type == "dense" || type == "convolution" || type == "transposed-convolution" ||
         type == "gaussian";
}
bool is_convolution(const LayerDraft& layer) {
  const std::string type = layer_type(layer);
  return type == "convolution" || type == "transposed-convolution";
}
bool is_pool(const LayerDraft& layer) {
  const std::string type = layer_type(layer);
  return type == "max-pool" || type == "average-pool";
}
bool is_unpool(const LayerDraft& layer) { return layer_type(layer) == "unpool"; }
bool is_tied(const LayerDraft& layer) { return !text_entry(layer, "tied").empty(); }

std::vector<int> places(const LayerDrafts& layers, bool (*is)(const LayerDraft&)) {
  std::vector<int> found;
  for (int i = 0; i < static_cast<int>(layers.size()); ++i) {
    if (is(layers[static_cast<std::size_t>(i)])) found.push_back(i);
  }
  return found;
}

int rank_of(const std::vector<int>& places, int index) {
  return static_cast<int>(std::lower_bound(places.begin(), places.end(), index) - places.begin());
}

std::int64_t size_of(const LayerDraft& layer) {
  if (is_tied(layer)) return 0;
  if (is_convolution(layer)) return whole_entry(layer, "channels", 0);
  if (layer_type(layer) == "k-sparse") return whole_entry(layer, "k", 0);
  const auto units = layer.find("units");
  if (units == layer.end()) return 0;
  if (units->is_number_integer()) return units->get<std::int64_t>();
  const bool image = units->is_array() && units->size() == 3 && (*units)[0].is_number_integer();
  return image ? (*units)[0].get<std::int64_t>() : 0;
}

void set_size(LayerDraft& layer, std::int64_t size) {
  if (is_convolution(layer)) {
    layer["channels"] = size;
  } else if (layer_type(layer) == "k-sparse") {
    layer["k"] = size;
  } else if (layer.contains("units") && layer["units"].is_array()) {
    layer["units"][0] = size;
  } else {
    layer["units"] = size;
  }
}

bool makes_images(const LayerDraft& layer) {
  return is_convolution(layer) || (layer.contains("units") && layer["units"].is_array());
}

bool same_size(const LayerDraft& a, const LayerDraft& b) {
  return size_of(a) > 0 && size_of(a) == size_of(b) && makes_images(a) == makes_images(b);
}

void insert_layer(ModelDraft& draft, Place place, LayerDraft layer) {
  rename(draft, place.part, [&](int i) { return i >= place.index ? i + 1 : i; });
  LayerDrafts& layers = draft.layers(place.part);
  layers.insert(layers.begin() + place.index, std::move(layer));
}

void erase_layer(ModelDraft& draft, Place place) {
  LayerDrafts& layers = draft.layers(place.part);
  layers.erase(layers.begin() + place.index);
  rename(draft, place.part, [&](int i) {
    return i > place.index ? i - 1 : i == place.index ? 9999 : i;
  });
}

}  // namespace hourglass::ui
