#include "core/train/regularizers.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/nn/layers/code_layers.h"
#include "core/nn/layers/dense.h"

namespace hourglass {
namespace {

// Means are held off 0 and 1, where the divergence is infinite.
constexpr double kMinMean = 1e-6;

// The layer of a contractive autoencoder; ModelPenalties has seen to it that it is one.
const Dense& code_dense(const Model& model) { return static_cast<const Dense&>(model.layer(0)); }

// f'(z), given f(z).
Scalar slope(Activation activation, Scalar h) {
  return activation == Activation::kSigmoid ? h * (1 - h) : 1 - h * h;
}

// Of slope() by h.
Scalar slope_of_slope(Activation activation, Scalar h) {
  return activation == Activation::kSigmoid ? 1 - 2 * h : -2 * h;
}

}  // namespace

ModelPenalties::ModelPenalties(const Penalties& penalties, const Model& model)
    : penalties_(penalties), model_(&model) {
  const Layer& code = model.layer(model.code_layer());
  if (penalties.sparsity > 0 && code.activation() != Activation::kSigmoid) {
    throw Error(
        "penalty.sparsity holds the code's units to a share of the time in which they are "
        "on, and needs a code of sigmoid units.");
  }
  if (penalties.contractive > 0 &&
      (model.code_layer() != 0 || !dynamic_cast<const Dense*>(&code) ||
       (code.activation() != Activation::kSigmoid && code.activation() != Activation::kTanh))) {
    throw Error(
        "penalty.contractive needs an encoder of exactly one dense layer with sigmoid or "
        "tanh units.");
  }
}

double ModelPenalties::sum(double kl_weight, const Vector& norms, const ConstMatrixView& before,
                           const ConstMatrixView& code) const {
  double sum = 0;
  if (penalties_.activity_l1 > 0) {
    double activity = 0;
    for (Index j = 0; j < code.cols(); ++j) {
      activity += static_cast<double>(code.col(j).cwiseAbs().sum());
    }
    sum += penalties_.activity_l1 * activity;
  }
  if (penalties_.contractive > 0) {
    const Activation activation = code_dense(*model_).activation();
    double jacobian = 0;
    for (Index j = 0; j < code.cols(); ++j) {
      for (Index i = 0; i < code.rows(); ++i) {
        const Scalar s = slope(activation, code(i, j));
        jacobian += static_cast<double>(s * s * norms[i]);
      }
    }
    sum += penalties_.contractive * jacobian;
  }
  if (model_->has_gaussian_code() && kl_weight > 0) sum += kl_weight * gaussian_kl_sum(before);
  return sum;
}

double ModelPenalties::sparsity(const Vector& means) const {
  const double target = penalties_.sparsity_target;
  double sum = 0;
  for (Index i = 0; i < means.size(); ++i) {
    const double mean = std::clamp(static_cast<double>(means[i]), kMinMean, 1 - kMinMean);
    sum += target * std::log(target / mean) + (1 - target) * std::log((1 - target) / (1 - mean));
  }
  return penalties_.sparsity * sum;
}

void ModelPenalties::add_gradient(const Vector& norms, const Vector& means, Scalar scale,
                                  const ConstMatrixView& code, MatrixView delta) const {
  if (penalties_.activity_l1 > 0) {
    const Scalar weight = scale * static_cast<Scalar>(penalties_.activity_l1);
    for (Index j = 0; j < code.cols(); ++j) {
      delta.col(j).array() += weight * code.col(j).array().sign();
    }
  }
  if (penalties_.sparsity > 0) {
    const double target = penalties_.sparsity_target;
    const double weight = static_cast<double>(scale) * penalties_.sparsity;
    for (Index i = 0; i < code.rows(); ++i) {
      const double mean = std::clamp(static_cast<double>(means[i]), kMinMean, 1 - kMinMean);
      delta.row(i).array() +=
          static_cast<Scalar>(weight * ((1 - target) / (1 - mean) - target / mean));
    }
  }
  if (penalties_.contractive > 0) {
    const Activation activation = code_dense(*model_).activation();
    const Scalar weight = 2 * scale * static_cast<Scalar>(penalties_.contractive);
    for (Index j = 0; j < code.cols(); ++j) {
      for (Index i = 0; i < code.rows(); ++i) {
        const Scalar h = code(i, j);
        delta(i, j) += weight * norms[i] * slope(activation, h) * slope_of_slope(activation, h);
      }
    }
  }
}

void ModelPenalties::code_weight_norms(const Scalar* parameters, Vector& norms) const {
  const ConstMatrixView weight = code_dense(*model_).weight(parameters);
  for (Index i = 0; i < weight.cols(); ++i) norms[i] = weight.col(i).squaredNorm();
}

void ModelPenalties::code_slopes(const ConstMatrixView& code, Index samples, Vector& means) const {
  const Activation activation = code_dense(*model_).activation();
  means.setZero();
  for (Index j = 0; j < code.cols(); ++j) {
    for (Index i = 0; i < code.rows(); ++i) {
      const Scalar s = slope(activation, code(i, j));
      means[i] += s * s;
    }
  }
  means /= static_cast<Scalar>(samples);
}

}  // namespace hourglass
