#include "core/train/regularizers/activity_l1.h"

namespace hourglass {
namespace {

class ActivityL1 final : public Regularizer {
 public:
  explicit ActivityL1(double weight) : weight_(weight) {}

  double of_columns(const CodeViews& v) const override {
    double activity = 0;
    for (Index j = 0; j < v.code.cols(); ++j) {
      activity += static_cast<double>(v.code.col(j).cwiseAbs().sum());
    }
    return weight_ * activity;
  }

  void add_code_gradient(Scalar scale, const CodeViews& v, MatrixView delta) const override {
    const Scalar weight = scale * static_cast<Scalar>(weight_);
    for (Index j = 0; j < v.code.cols(); ++j) {
      delta.col(j).array() += weight * v.code.col(j).array().sign();
    }
  }

 private:
  double weight_;
};

}  // namespace

std::unique_ptr<Regularizer> make_activity_l1(const Penalties& penalties, const Model&) {
  if (!(penalties.activity_l1 > 0)) return nullptr;
  return std::make_unique<ActivityL1>(penalties.activity_l1);
}

}  // namespace hourglass
