// From a specification to configured layers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/nn/layer.h"
#include "core/nn/model_spec.h"

namespace hourglass {

// The layers of a whole model. A Gaussian entry of the specification becomes two: the dense layer
// of its means and log-variances, and the draw.
struct BuiltLayers {
  ParameterLayout layout;
  std::vector<std::unique_ptr<Layer>> layers;
  std::vector<std::string> names;  // "encoder.0", one per layer; "encoder.2.sample" for a draw
  int code_layer = 0;              // whose output is the code
};

// The most parameters of a model, and features of one layer's output.
inline constexpr std::int64_t kMostParameters = std::int64_t{1} << 27;
inline constexpr std::int64_t kMostFeatures = std::int64_t{1} << 17;
// The most numbers in the patches of one image, which a convolution may have to lay side by side:
// half a gigabyte, which 32 bits can still count.
inline constexpr std::int64_t kMostPatchNumbers = std::int64_t{1} << 27;

// Throws Error, with the names and shapes of both layers, if one does not fit another, or if the
// output is not of the input's size.
BuiltLayers build_layers(const ModelSpec& spec, ImageShape input);

}  // namespace hourglass
