#include "ui/model/layer_parts.h"

#include <algorithm>
#include <string>
#include <utility>

namespace hourglass::ui {
namespace {

// Of no layer.
constexpr int kGone = 9999;

// Changes every name of a layer of `part` by `renamed`, index to index.
template <typename Renamed>
void rename(ModelSpec& model, Part part, const Renamed& renamed) {
  for (Layers* layers : {&model.encoder, &model.decoder}) {
    for (LayerSpec& layer : *layers) {
      for (const LayerField& field : layer.type().fields) {
        if (field.kind != LayerField::Kind::kLayer) continue;
        const auto named = place_of(layer.text(field.key));
        if (named && named->part == part) {
          layer.set(field.key, place_name({part, renamed(named->index)}));
        }
      }
    }
  }
}

FieldValue default_of(const LayerField& field, const LayerSpec& layer) {
  return field.otherwise_of(layer);
}

FieldValue value_of(const LayerField& field, const LayerSpec& layer) {
  return layer.whole(field.key);
}

// The units of a dense layer that says how many it has.
const Units* dense_units(const LayerSpec& layer) {
  const LayerField* const field = size_field(layer);
  return field && field->kind == LayerField::Kind::kUnits ? &layer.units() : nullptr;
}

}  // namespace

bool has_weights(const LayerSpec& layer) { return layer.type().has_weights; }
bool is_resampling(const LayerSpec& layer) {
  return layer.type().on_images && !layer.type().has_weights;
}
bool is_dropout(const LayerSpec& layer) {
  return layer.type().is_mask && layer.type().find("rate") != nullptr;
}
bool is_tied(const LayerSpec& layer) { return !layer.tied().empty(); }

bool applies(const LayerField& field, const LayerSpec& layer) {
  return !field.applies || field.applies(layer);
}

const LayerField* size_field(const LayerSpec& layer) {
  const LayerField* const field = layer.type().find(layer.type().size);
  return field && applies(*field, layer) ? field : nullptr;
}

std::int64_t size_of(const LayerSpec& layer) {
  const LayerField* const field = size_field(layer);
  if (!field) return 0;
  if (field->kind == LayerField::Kind::kWhole) return layer.whole(field->key);
  const Units& units = layer.units();
  if (units.is_input()) return 0;
  return units.is_image ? units.shape.channels : units.shape.columns;
}

void set_size(LayerSpec& layer, std::int64_t size) {
  const LayerField* const field = size_field(layer);
  if (!field) return;
  if (field->kind == LayerField::Kind::kWhole) {
    layer.set(field->key, size);
    return;
  }
  Units units = layer.units();
  if (units.is_image) {
    units.shape.channels = static_cast<Index>(size);
  } else {
    units.shape = {1, 1, static_cast<Index>(size)};
  }
  layer.set(field->key, units);
}

bool makes_images(const LayerSpec& layer) {
  if (layer.type().on_images) return has_weights(layer);
  const Units* const units = dense_units(layer);
  return units && units->is_image;
}

bool same_size(const LayerSpec& a, const LayerSpec& b) {
  return size_of(a) > 0 && size_of(a) == size_of(b) && makes_images(a) == makes_images(b);
}

void set_field(LayerSpec& layer, const LayerField& field, FieldValue value) {
  std::vector<const LayerField*> following;
  for (const LayerField& other : layer.type().fields) {
    if (&other == &field || !other.otherwise_of) continue;
    if (value_of(other, layer) == default_of(other, layer)) following.push_back(&other);
  }
  layer.set(field.key, std::move(value));
  for (const LayerField* other : following) layer.set(other->key, default_of(*other, layer));
}

bool is_within_bounds(const LayerSpec& layer) {
  return std::ranges::all_of(layer.type().fields, [&](const LayerField& field) {
    if (!applies(field, layer)) return true;
    switch (field.kind) {
      case LayerField::Kind::kWhole: {
        const std::int64_t value = layer.whole(field.key);
        const auto high = field.high_of ? field.high_of(layer) : std::int64_t(field.high);
        return value >= std::int64_t(field.low) && value <= high;
      }
      case LayerField::Kind::kReal:
        return layer.real(field.key) >= field.low && layer.real(field.key) <= field.high;
      case LayerField::Kind::kUnits: {
        // In 64 bits: in a browser Index has 32.
        const ImageShape shape = layer.units().shape;
        return std::int64_t{shape.channels} * shape.rows * shape.columns <= kMaxUnits;
      }
      default:
        return true;
    }
  });
}

std::vector<int> places(const Layers& layers, bool (*is)(const LayerSpec&)) {
  std::vector<int> found;
  for (int i = 0; i < static_cast<int>(layers.size()); ++i) {
    if (is(layers[static_cast<std::size_t>(i)])) found.push_back(i);
  }
  return found;
}

int rank_of(const std::vector<int>& places, int index) {
  return static_cast<int>(std::lower_bound(places.begin(), places.end(), index) - places.begin());
}

void insert_layer(ModelSpec& model, Place place, LayerSpec layer) {
  rename(model, place.part, [&](int i) { return i >= place.index ? i + 1 : i; });
  Layers& layers = layers_of(model, place.part);
  layers.insert(layers.begin() + place.index, std::move(layer));
}

void erase_layer(ModelSpec& model, Place place) {
  Layers& layers = layers_of(model, place.part);
  layers.erase(layers.begin() + place.index);
  rename(model, place.part, [&](int i) {
    return i > place.index ? i - 1 : i == place.index ? kGone : i;
  });
}

}  // namespace hourglass::ui
