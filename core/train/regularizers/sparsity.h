// Code units that are on for a small share of the time.
#pragma once

#include <memory>

#include "core/nn/model.h"
#include "core/train/regularizers/penalties.h"
#include "core/train/regularizers/regularizer.h"

namespace hourglass {

// sum_j KL(target || mean of h_j over the batch), the divergence of two coins (Lee, Ekanadham and
// Ng 2008; Ng, "Sparse autoencoder", CS294A notes), with the weight sparsity and the target
// sparsity_target. Throws Error unless the code has sigmoid units. Null for a weight of 0.
std::unique_ptr<Regularizer> make_sparsity(const Penalties& penalties, const Model& model);

}  // namespace hourglass
