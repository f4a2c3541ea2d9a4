#include "core/train/regularizers/sparsity.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace hourglass {
namespace {

// Means are held off 0 and 1, where the divergence is infinite.
constexpr double kMinMean = 1e-6;

double held(Scalar mean) { return std::clamp(static_cast<double>(mean), kMinMean, 1 - kMinMean); }

class Sparsity final : public Regularizer {
 public:
  Sparsity(double weight, double target, Index units) : weight_(weight), target_(target) {
    means_.setZero(units);
  }

  bool needs_code_means() const override { return true; }
  void take_code_means(const Vector& means) override { means_ = means; }

  double of_code_means(const Vector& means) const override {
    double sum = 0;
    for (Index i = 0; i < means.size(); ++i) {
      const double mean = held(means[i]);
      sum +=
          target_ * std::log(target_ / mean) + (1 - target_) * std::log((1 - target_) / (1 - mean));
    }
    return weight_ * sum;
  }

  void add_code_gradient(Scalar scale, const CodeViews& v, MatrixView delta) const override {
    const double weight = static_cast<double>(scale) * weight_;
    for (Index i = 0; i < v.code.rows(); ++i) {
      const double mean = held(means_[i]);
      delta.row(i).array() +=
          static_cast<Scalar>(weight * ((1 - target_) / (1 - mean) - target_ / mean));
    }
  }

 private:
  double weight_, target_;
  Vector means_;  // of the code over the mini-batch
};

}  // namespace

std::unique_ptr<Regularizer> make_sparsity(const Penalties& penalties, const Model& model) {
  if (!(penalties.sparsity > 0)) return nullptr;
  if (model.layer(model.code_layer()).activation() != Activation::kSigmoid) {
    throw Error(
        "penalty.sparsity holds the code's units to a share of the time in which they are "
        "on, and needs a code of sigmoid units.");
  }
  return std::make_unique<Sparsity>(penalties.sparsity, penalties.sparsity_target,
                                    model.code_size());
}

}  // namespace hourglass
