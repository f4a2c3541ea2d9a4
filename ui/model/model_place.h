// Where a layer of a model stands, which its name says: "encoder.2".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/plan.h"
#include "core/model/spec.h"

namespace hourglass::ui {

using Layers = std::vector<LayerSpec>;

enum class Part { kEncoder, kDecoder };

struct Place {
  Part part = Part::kEncoder;
  int index = 0;
  bool operator==(const Place&) const = default;
};

std::string place_name(Place place);
// Of "encoder.2", and of "encoder.2.sample", which comes of the same entry.
std::optional<Place> place_of(std::string_view layer_name);

Layers& layers_of(ModelSpec& model, Part part);
const Layers& layers_of(const ModelSpec& model, Part part);
bool has_layer(const ModelSpec& model, Place place);
LayerSpec& layer_at(ModelSpec& model, Place place);
const LayerSpec& layer_at(const ModelSpec& model, Place place);

// Where the layer of `place` is after an edit that added or removed layers, or the nearest to it.
Place clamped(const ModelSpec& model, Place place);

// Nothing if a text is no list of layers, or `loss` (the setting model.loss) names no loss.
std::optional<ModelSpec> parse_model(std::string_view encoder, std::string_view decoder,
                                     std::string_view loss);

// What the engine would build of it; nothing if it would refuse it.
std::optional<Plan> plan_of(const ModelSpec& model, ImageShape input);
// What the layer at `place` gets and gives. The model has it, and the plan is the model's.
ImageShape input_of(const Plan& plan, Place place);
ImageShape output_of(const Plan& plan, Place place);

}  // namespace hourglass::ui
