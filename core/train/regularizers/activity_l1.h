// The L1 norm of the code.
#pragma once

#include <memory>

#include "core/nn/model.h"
#include "core/train/regularizers/penalties.h"
#include "core/train/regularizers/regularizer.h"

namespace hourglass {

// sum_j |h_j|, mean over the batch, with the weight activity_l1. Null for a weight of 0.
std::unique_ptr<Regularizer> make_activity_l1(const Penalties& penalties, const Model& model);

}  // namespace hourglass
