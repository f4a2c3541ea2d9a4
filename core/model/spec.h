// A model as data: what presets and checkpoints hold, and what a plan is made from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/initializer.h"
#include "core/model/layer_spec.h"
#include "core/model/loss.h"

namespace hourglass {

struct ModelSpec {
  std::vector<LayerSpec> encoder;  // from the input to the code; at least one
  std::vector<LayerSpec> decoder;  // from the code to the output; at least one
  Loss loss = Loss::kBinaryCrossEntropy;
  Initializer initializer = Initializer::kGlorotUniform;
  // 0: an autoencoder, whose output is of the input's size. Else a classifier: `decoder` is its
  // head, whose last layer has one output for each of so many classes; see classifier_spec().
  std::int64_t classes = 0;

  bool operator==(const ModelSpec&) const = default;
};

inline constexpr int kMaxLayers = 64;

// The encoder of `spec` with a softmax classifier of `classes` (at least 2) on its code: one dense
// layer, cross-entropy, and the spec's initializer.
ModelSpec classifier_spec(const ModelSpec& spec, std::int64_t classes);

// A JSON list of layers from text, and back. In JSON, with what may be left out in brackets:
//   {"type": "dense", "units": 32, ["activation": "relu"]}
//       "units" may be "input" (as many as the input has, in its shape) or [channels, rows,
//       columns]
//   {"type": "dense", "tied": "encoder.0", ["activation"]}           that layer's weights,
//   transposed
//   {"type": "convolution", "channels": 16, ["kernel": 3, "stride": 1, "padding": 1, "activation"]}
//       "padding" is (kernel - 1) / 2 if it is left out
//   {"type": "transposed-convolution", as above, ["output_padding": 0]}
//   {"type": "transposed-convolution", "tied": "encoder.0", ["activation"]}
//   {"type": "max-pool" or "average-pool", ["size": 2]}
//   {"type": "unpool", ["mode": "copy", "size": 2]}
//   {"type": "unpool", "mode": "remembered", "pool": "encoder.1"}
//   {"type": "dropout", "rate": 0.5}
//   {"type": "gaussian", "units": 2}      the code of a variational autoencoder: last of the
//   encoder
//   {"type": "k-sparse", "k": 25}
// Layers are named by their place: "encoder.0", "decoder.2", of a classifier "head.0". Throws Error
// that names the layer and what is wrong; `where` names the source ("model.encoder").
std::vector<LayerSpec> parse_layers(std::string_view json, const std::string& where);
std::string layers_text(const std::vector<LayerSpec>& layers);

}  // namespace hourglass
