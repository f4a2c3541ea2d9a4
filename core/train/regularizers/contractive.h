// The contractive autoencoder's penalty.
#pragma once

#include <memory>

#include "core/nn/model.h"
#include "core/train/regularizers/penalties.h"
#include "core/train/regularizers/regularizer.h"

namespace hourglass {

// The squared Frobenius norm of the code's Jacobian by the input, mean over the batch (Rifai et al.
// 2011, equation 2), with the weight contractive: with s_j = f'(z_j), sum_j s_j^2 |W_j|^2. Throws
// Error unless the encoder is one dense sigmoid or tanh layer. Null for a weight of 0.
std::unique_ptr<Regularizer> make_contractive(const Penalties& penalties, const Model& model);

}  // namespace hourglass
