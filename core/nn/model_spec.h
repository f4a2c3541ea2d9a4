// A model as data: what presets and checkpoints hold, and what a Model is built from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/math/types.h"
#include "core/nn/activation.h"
#include "core/nn/initializer.h"
#include "core/nn/loss.h"

namespace hourglass {

// One layer. In JSON: {"type": "dense", "units": 32, "activation": "relu"}.
struct LayerSpec {
  std::string type = "dense";
  Index units = 0;  // 0: as many as the input has features; "units": "input" in JSON
  Activation activation = Activation::kLinear;

  bool operator==(const LayerSpec&) const = default;
};

struct ModelSpec {
  std::vector<LayerSpec> encoder;  // from the input to the code; at least one
  std::vector<LayerSpec> decoder;  // from the code to the output; at least one
  Loss loss = Loss::kBinaryCrossEntropy;
  Initializer initializer = Initializer::kGlorotUniform;

  bool operator==(const ModelSpec&) const = default;
};

// The most that a layer may have: a slip of the finger must not ask for all the machine's memory.
inline constexpr Index kMostUnits = 65536;
inline constexpr int kMostLayers = 64;

// A JSON list of layers from text, and back. Throws Error that names the layer and what is wrong;
// `where` names the source ("model.encoder").
std::vector<LayerSpec> parse_layers(std::string_view json, const std::string& where);
std::string layers_text(const std::vector<LayerSpec>& layers);

}  // namespace hourglass
