// A model as data: what presets and checkpoints hold, and what a Model is built from.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/math/shape.h"
#include "core/math/types.h"
#include "core/nn/activation.h"
#include "core/nn/initializer.h"
#include "core/nn/loss.h"

namespace hourglass {

enum class LayerType {
  kDense,
  kConvolution,
  kTransposedConvolution,
  kMaxPool,
  kAveragePool,
  kUnpool,
  kDropout,
  kGaussian,
  kKSparse,
};
std::string_view layer_type_name(LayerType type);  // "dense", "convolution", ...
std::span<const std::string_view> layer_type_names();

// One layer. In JSON, with what may be left out in brackets:
//   {"type": "dense", "units": 32, ["activation": "relu"]}
//       "units" may be "input" (as many as the input has, in its shape) or [channels, rows, columns]
//   {"type": "dense", "tied": "encoder.0", ["activation"]}           that layer's weights, transposed
//   {"type": "convolution", "channels": 16, ["kernel": 3, "stride": 1, "padding": 1, "activation"]}
//       "padding" is (kernel - 1) / 2 if it is left out
//   {"type": "transposed-convolution", as above, ["output_padding": 0]}
//   {"type": "transposed-convolution", "tied": "encoder.0", ["activation"]}
//   {"type": "max-pool" or "average-pool", ["size": 2]}
//   {"type": "unpool", ["mode": "copy", "size": 2]}
//   {"type": "unpool", "mode": "remembered", "pool": "encoder.1"}
//   {"type": "dropout", "rate": 0.5}
//   {"type": "gaussian", "units": 2}      the code of a variational autoencoder: last of the encoder
//   {"type": "k-sparse", "k": 25}
// Layers are named by their place: "encoder.0", "decoder.2".
struct LayerSpec {
  LayerType type = LayerType::kDense;
  Index units = 0;  // 0: as many as the input has
  Activation activation = Activation::kLinear;
  ImageShape units_shape = {0, 0, 0};  // of a dense layer's output; all 0 if it is no image
  std::string tied = {};                  // name of the layer whose weights are used
  Index channels = 1;
  Index kernel = 3, stride = 1, padding = 1, output_padding = 0;
  Index size = 2;            // of a pooling window
  bool remembered = false;   // unpooling to where the maximum was
  std::string pool = {};        // name of the max-pool that remembers
  double rate = 0.5;
  Index k = 1;

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
inline constexpr Index kMostChannels = 1024;
inline constexpr Index kMostKernel = 31;
inline constexpr int kMostLayers = 64;

// A JSON list of layers from text, and back. Throws Error that names the layer and what is wrong;
// `where` names the source ("model.encoder").
std::vector<LayerSpec> parse_layers(std::string_view json, const std::string& where);
std::string layers_text(const std::vector<LayerSpec>& layers);

}  // namespace hourglass
