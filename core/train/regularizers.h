// What is made small besides the difference of the reconstruction.
#pragma once

#include <cstdint>

#include "core/nn/model.h"

namespace hourglass {

// Added to the loss, each with its weight; 0 leaves it out. h is the code, n the mini-batch's size.
//   activity_l1  sum_j |h_j|, mean over the batch
//   sparsity     sum_j KL(target || mean of h_j over the batch), for a sigmoid code; the KL
//                divergence
//                of two coins (Lee, Ekanadham and Ng 2008; Ng, "Sparse autoencoder", CS294A notes)
//   weight_l2    the sum of all squared weights, not of biases: its gradient is 2 w (what Keras
//                calls
//                l2; PyTorch's and TensorFlow's count half as much)
//   contractive  the squared Frobenius norm of the code's Jacobian by the input, mean over the
//                batch;
//                for an encoder of one dense sigmoid or tanh layer (Rifai et al. 2011, equation 2)
//   kl           the divergence of a Gaussian code from N(0, 1), mean over the batch: the beta of a
//                beta-VAE (Higgins et al. 2017, equation 4)
struct Penalties {
  double activity_l1 = 0;
  double sparsity = 0;
  double sparsity_target = 0.05;  // in (0, 1)
  double weight_l2 = 0;
  double contractive = 0;
  double kl = 1;
  std::int64_t kl_warmup = 0;  // epochs over which kl rises from 0 to its value

  bool operator==(const Penalties&) const = default;
};

// The penalties of one model. It cannot be made of penalties that the model has no code for, so
// whoever holds one may use it: the terms below read the code's layer as what it has to be.
class ModelPenalties {
 public:
  // Throws Error, saying what would be right, if `model` has no code that these penalties are made
  // for. `model` must outlive this.
  ModelPenalties(const Penalties& penalties, const Model& model);

  const Penalties& weights() const { return penalties_; }

  // The terms of single samples, summed over the columns: activity_l1, contractive and kl with
  // their weights. `code` is the code's output, `before` the input of the code layer (for kl),
  // `norms` the squared norm of each code unit's weights (for contractive; else unused).
  double sum(double kl_weight, const Vector& norms, const ConstMatrixView& before,
             const ConstMatrixView& code) const;

  // sum_j KL(target || mean_j), weighted; `means` are those of the code's units over a batch.
  double sparsity(const Vector& means) const;

  // Adds to `delta`, the gradient by the code's output, `scale` times that of sum() without its kl
  // (which the layer itself sees to) and, given the units' means over the batch, that of
  // sparsity(). For a batch of n, `scale` is 1 / n.
  void add_gradient(const Vector& norms, const Vector& means, Scalar scale,
                    const ConstMatrixView& code, MatrixView delta) const;

  // The squared norm of each code unit's weights. Only where weights().contractive > 0.
  void code_weight_norms(const Scalar* parameters, Vector& norms) const;

  // The sum over columns of f'(z_j)^2 of each code unit, divided by the mini-batch's `samples`, for
  // the contractive penalty's gradient by the weights: 2 mean_j W_j. Only where it is > 0.
  void code_slopes(const ConstMatrixView& code, Index samples, Vector& means) const;

 private:
  Penalties penalties_;
  const Model* model_;
};

}  // namespace hourglass
