#include "core/nn/loss.h"

#include "core/base/names.h"
#include "core/math/kernels/kernels.h"

namespace hourglass {
namespace {

constexpr std::string_view kNames[] = {"bce", "mse", "sse"};

}  // namespace

std::span<const std::string_view> loss_names() { return kNames; }

std::string_view loss_name(Loss loss) { return kNames[static_cast<std::size_t>(loss)]; }

Loss loss_from_name(std::string_view name) { return value_from_name<Loss>(kNames, name, "loss"); }

double loss_sum(Loss loss, const ConstMatrixView& y, const ConstMatrixView& target) {
  const Kernels& k = kernels();
  const Index rows = y.rows();
  double sum = 0;
  for (Index j = 0; j < y.cols(); ++j) {
    const Scalar* const value = y.data() + j * y.outerStride();
    const Scalar* const t = target.data() + j * target.outerStride();
    sum += loss == Loss::kBinaryCrossEntropy ? k.bce(value, t, rows) : k.squared_error(value, t, rows);
  }
  return loss == Loss::kSummedSquaredError ? sum : sum / static_cast<double>(rows);
}

bool has_fused_gradient(Loss loss, Activation output) {
  return loss == Loss::kBinaryCrossEntropy && output == Activation::kSigmoid;
}

void loss_gradient(Loss loss, Activation output, const ConstMatrixView& y,
                   const ConstMatrixView& target, Scalar scale, MatrixView delta) {
  const Kernels& k = kernels();
  const Index rows = y.rows();
  const Scalar per_feature = scale / static_cast<Scalar>(rows);
  for (Index j = 0; j < y.cols(); ++j) {
    const Scalar* const value = y.data() + j * y.outerStride();
    const Scalar* const t = target.data() + j * target.outerStride();
    Scalar* const out = delta.data() + j * delta.outerStride();
    switch (loss) {
      case Loss::kBinaryCrossEntropy:
        if (has_fused_gradient(loss, output)) {
          k.difference(value, t, per_feature, out, rows);
        } else {
          // Where y is held at a bound the loss does not depend on it; the gradient at the bound is
          // kept all the same, or an output that once was wrong would stay so for ever.
          k.bce_gradient(value, t, per_feature, out, rows);
        }
        break;
      case Loss::kMeanSquaredError: k.difference(value, t, 2 * per_feature, out, rows); break;
      case Loss::kSummedSquaredError: k.difference(value, t, 2 * scale, out, rows); break;
    }
  }
}

}  // namespace hourglass
