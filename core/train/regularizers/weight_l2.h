// Weight decay as a term of the loss.
#pragma once

#include <memory>

#include "core/nn/model.h"
#include "core/train/regularizers/penalties.h"
#include "core/train/regularizers/regularizer.h"

namespace hourglass {

// The sum of all squared weights, not of biases, with the weight weight_l2: its gradient is 2 w
// (what Keras calls l2; PyTorch's and TensorFlow's count half as much). Null for a weight of 0.
std::unique_ptr<Regularizer> make_weight_l2(const Penalties& penalties, const Model& model);

}  // namespace hourglass
