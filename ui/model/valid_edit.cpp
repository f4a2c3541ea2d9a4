#include "ui/model/valid_edit.h"

#include <algorithm>

#include "ui/model/layer_parts.h"

namespace hourglass::ui {
namespace {

// The shape of the last images in the encoder, before they are flattened.
std::optional<ImageShape> last_images(const ModelSpec& model, ImageShape input) {
  ModelSpec open = model;
  // Any decoder will do: the encoder alone is looked at.
  open.decoder = {LayerSpec(layer_types().front())};
  const auto plan = plan_of(open, input);
  if (!plan) return std::nullopt;
  std::optional<ImageShape> images;
  for (const PlannedLayer& layer : plan->layers) {
    if (layer.name.starts_with("encoder.") && layer.output.rows > 1) images = layer.output;
  }
  return images;
}

// k of k-sparse is at most the number of units there are.
void limit_masks(Layers& layers) {
  for (std::size_t i = 1; i < layers.size(); ++i) {
    if (!layers[i].type().is_mask || !size_field(layers[i])) continue;
    const std::int64_t units = size_of(layers[i - 1]);
    if (units > 0 && !makes_images(layers[i - 1])) {
      set_size(layers[i], std::clamp<std::int64_t>(size_of(layers[i]), 1, units));
    }
  }
}

void repair(ModelSpec& model, const ModelSpec& before, ImageShape input) {
  limit_masks(model.encoder);
  limit_masks(model.decoder);
  // The decoder begins with images of the size at which the encoder ended.
  const auto was = last_images(before, input), is = last_images(model, input);
  if (!was || !is || *was == *is) return;
  for (LayerSpec& layer : model.decoder) {
    if (layer.type().on_images || !makes_images(layer)) continue;
    Units units = layer.units();
    if (units.shape.rows != was->rows || units.shape.columns != was->columns) continue;
    units.shape.rows = is->rows;
    units.shape.columns = is->columns;
    layer.set("units", units);
  }
}

bool can_be_built(const ModelSpec& model, ImageShape input) {
  for (const Layers* layers : {&model.encoder, &model.decoder}) {
    if (layers->size() > static_cast<std::size_t>(kMaxLayers)) return false;
    if (!std::ranges::all_of(*layers, is_within_bounds)) return false;
  }
  return plan_of(model, input).has_value();
}

}  // namespace

Edited first_valid(std::initializer_list<Edited> candidates, const ModelSpec& before,
                   ImageShape input) {
  for (const Edited& candidate : candidates) {
    if (!candidate) continue;
    ModelSpec model = *candidate;
    repair(model, before, input);
    if (can_be_built(model, input)) return model;
  }
  return std::nullopt;
}

}  // namespace hourglass::ui
