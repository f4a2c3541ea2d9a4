#include "core/nn/loss.h"

#include <cassert>

#include "core/math/contiguous_blocks.h"
#include "core/math/simd/kernels.h"

namespace hourglass {
double loss_sum(Loss loss, const ConstMatrixView& y, const ConstMatrixView& target) {
  const bool is_sum = loss == Loss::kSummedSquaredError || loss == Loss::kCategoricalCrossEntropy;
  const auto kernel = loss == Loss::kBinaryCrossEntropy        ? kernels().bce
                      : loss == Loss::kCategoricalCrossEntropy ? kernels().cce
                                                               : kernels().squared_error;
  double sum = 0;
  for_each_contiguous_block(
      [&](Index column, Index size) {
        sum += kernel(column_data(y, column), column_data(target, column), size);
      },
      y, target);
  return is_sum ? sum : sum / static_cast<double>(y.rows());
}

bool has_fused_gradient(Loss loss, Activation output) {
  return (loss == Loss::kBinaryCrossEntropy && output == Activation::kSigmoid) ||
         (loss == Loss::kCategoricalCrossEntropy && output == Activation::kSoftmax);
}

double fused_loss(Loss loss, Activation output, const ConstMatrixView& target, Scalar scale,
                  MatrixView z) {
  assert(has_fused_gradient(loss, output));
  (void)output;
  double sum = 0;
  if (loss == Loss::kCategoricalCrossEntropy) {
    for (Index j = 0; j < z.cols(); ++j) {
      sum += kernels().softmax_cce(column_data(z, j), column_data(target, j), scale, z.rows());
    }
    return sum;
  }
  const auto kernel = kernels().sigmoid_bce;
  const Scalar per_feature = scale / static_cast<Scalar>(z.rows());
  for_each_contiguous_block(
      [&](Index column, Index size) {
        sum += kernel(column_data(z, column), column_data(target, column), per_feature, size);
      },
      z, target);
  return sum / static_cast<double>(z.rows());
}

void loss_gradient(Loss loss, Activation output, const ConstMatrixView& y,
                   const ConstMatrixView& target, Scalar scale, MatrixView delta) {
  const Kernels& k = kernels();
  const Scalar per_feature = scale / static_cast<Scalar>(y.rows());
  for_each_contiguous_block(
      [&](Index column, Index size) {
        const Scalar* const value = column_data(y, column);
        const Scalar* const t = column_data(target, column);
        Scalar* const out = column_data(delta, column);
        switch (loss) {
          case Loss::kBinaryCrossEntropy:
            if (has_fused_gradient(loss, output)) {
              k.difference(value, t, per_feature, out, size);
            } else {
              // Where y is held at a bound the loss does not depend on it; the gradient at the
              // bound is kept all the same, or an output that once was wrong would stay so for
              // ever.
              k.bce_gradient(value, t, per_feature, out, size);
            }
            break;
          case Loss::kMeanSquaredError:
            k.difference(value, t, 2 * per_feature, out, size);
            break;
          case Loss::kSummedSquaredError:
            k.difference(value, t, 2 * scale, out, size);
            break;
          case Loss::kCategoricalCrossEntropy:
            assert(false);
            break;
        }
      },
      delta, y, target);
}

}  // namespace hourglass
