// The prior of a variational autoencoder.
#pragma once

#include <memory>

#include "core/nn/model.h"
#include "core/train/regularizers/penalties.h"
#include "core/train/regularizers/regularizer.h"

namespace hourglass {

// The divergence of a Gaussian code from N(0, 1), mean over the batch, with the weight kl: the beta
// of a beta-VAE (Higgins et al. 2017, equation 4), which rises from 0 over kl_warmup epochs. The
// layer adds the gradient itself. Null for a weight of 0 and where the code is not Gaussian.
std::unique_ptr<Regularizer> make_gaussian_kl(const Penalties& penalties, const Model& model);

}  // namespace hourglass
