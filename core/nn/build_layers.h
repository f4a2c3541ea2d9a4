// From a plan to configured layers.
#pragma once

#include <memory>
#include <vector>

#include "core/model/plan.h"
#include "core/nn/layers/layer.h"

namespace hourglass {

// The layers of a whole model, one for each of the plan's.
struct BuiltLayers {
  ParameterLayout layout;
  std::vector<std::unique_ptr<Layer>> layers;
  // Whether layer i is a transposed convolution that takes each pixel of the upsampling before it
  // once instead of four times; see core/math/conv/upsample_conv.h.
  std::vector<bool> is_fused;
};

BuiltLayers build_layers(const Plan& plan);

}  // namespace hourglass
