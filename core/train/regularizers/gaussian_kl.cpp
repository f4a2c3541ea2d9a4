#include "core/train/regularizers/gaussian_kl.h"

#include <algorithm>

#include "core/nn/layers/code_layers.h"

namespace hourglass {
namespace {

class GaussianKl final : public Regularizer {
 public:
  GaussianKl(double weight, std::int64_t warmup) : full_weight_(weight), warmup_(warmup) {}

  void begin(const Scalar*, double epochs) override {
    weight_ = warmup_ == 0 ? full_weight_
                           : full_weight_ * std::min(1.0, epochs / static_cast<double>(warmup_));
  }

  void set_pass(Index samples, Pass& pass) const override {
    pass.kl_scale = static_cast<Scalar>(weight_ / static_cast<double>(samples));
  }

  double of_columns(const CodeViews& v) const override {
    return weight_ > 0 ? weight_ * gaussian_kl_sum(v.before) : 0;
  }

 private:
  double full_weight_;
  std::int64_t warmup_;
  double weight_ = 0;  // by now
};

}  // namespace

std::unique_ptr<Regularizer> make_gaussian_kl(const Penalties& penalties, const Model& model) {
  if (!(penalties.kl > 0) || !model.has_gaussian_code()) return nullptr;
  return std::make_unique<GaussianKl>(penalties.kl, penalties.kl_warmup);
}

}  // namespace hourglass
