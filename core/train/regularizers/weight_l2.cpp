#include "core/train/regularizers/weight_l2.h"

#include "core/math/simd/kernels.h"

namespace hourglass {
namespace {

class WeightL2 final : public Regularizer {
 public:
  explicit WeightL2(double weight) : weight_(weight) {}

  double of_weights(const ParameterLayout& layout, const Scalar* parameters) const override {
    double squares = 0;
    for (const Parameter& slice : layout.parameters()) {
      if (slice.role != ParameterRole::kWeight) continue;
      squares += kernels().sum_of_squares(parameters + slice.offset, slice.size());
    }
    return weight_ * squares;
  }

  void add_weight_gradient(const WeightTile& tile, Eigen::Map<Vector> gradient) const override {
    if (!tile.is_first_process) return;
    const Eigen::Map<const Vector> weights(tile.weights, gradient.size());
    gradient += static_cast<Scalar>(2 * weight_) * weights;
  }

 private:
  double weight_;
};

}  // namespace

std::unique_ptr<Regularizer> make_weight_l2(const Penalties& penalties, const Model&) {
  if (!(penalties.weight_l2 > 0)) return nullptr;
  return std::make_unique<WeightL2>(penalties.weight_l2);
}

}  // namespace hourglass
