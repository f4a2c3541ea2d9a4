#include "core/nn/loss.h"

#include "core/base/names.h"

namespace hourglass {
namespace {

constexpr std::string_view kNames[] = {"bce", "mse", "sse"};

constexpr Scalar kClip = Scalar(1e-7);

}  // namespace

std::span<const std::string_view> loss_names() { return kNames; }

std::string_view loss_name(Loss loss) { return kNames[static_cast<std::size_t>(loss)]; }

Loss loss_from_name(std::string_view name) { return value_from_name<Loss>(kNames, name, "loss"); }

double loss_sum(Loss loss, const ConstMatrixView& y, const ConstMatrixView& target) {
  const Scalar one = 1;
  double sum = 0;
  for (Index j = 0; j < y.cols(); ++j) {
    const auto t = target.col(j).array();
    switch (loss) {
      case Loss::kBinaryCrossEntropy: {
        const auto p = y.col(j).array().cwiseMax(kClip).cwiseMin(one - kClip);
        const auto rest = (one - p).log();
        sum -= static_cast<double>((rest + t * (p.log() - rest)).mean());
        break;
      }
      case Loss::kMeanSquaredError:
        sum += static_cast<double>((y.col(j).array() - t).square().mean());
        break;
      case Loss::kSummedSquaredError:
        sum += static_cast<double>((y.col(j).array() - t).square().sum());
        break;
    }
  }
  return sum;
}

bool has_fused_gradient(Loss loss, Activation output) {
  return loss == Loss::kBinaryCrossEntropy && output == Activation::kSigmoid;
}

double finish_fused_loss(Loss loss, Activation output, MatrixView y, const ConstMatrixView& target,
                         Scalar scale, MatrixView delta) {
  activate(output, y);
  loss_gradient(loss, output, as_const(y), target, scale, delta);
  return loss_sum(loss, as_const(y), target);
}

void loss_gradient(Loss loss, Activation output, const ConstMatrixView& y,
                   const ConstMatrixView& target, Scalar scale, MatrixView delta) {
  const Scalar one = 1;
  const Scalar per_feature = scale / static_cast<Scalar>(y.rows());
  for (Index j = 0; j < y.cols(); ++j) {
    const auto value = y.col(j).array();
    const auto t = target.col(j).array();
    auto out = delta.col(j).array();
    switch (loss) {
      case Loss::kBinaryCrossEntropy:
        if (has_fused_gradient(loss, output)) {
          out = per_feature * (value - t);
        } else {
          // Where y is held at a bound the loss does not depend on it; the gradient at the bound is
          // kept all the same, or an output that once was wrong would stay so for ever.
          const auto p = value.cwiseMax(kClip).cwiseMin(one - kClip);
          out = per_feature * (p - t) / (p * (one - p));
        }
        break;
      case Loss::kMeanSquaredError: out = Scalar(2) * per_feature * (value - t); break;
      case Loss::kSummedSquaredError: out = Scalar(2) * scale * (value - t); break;
    }
  }
}

}  // namespace hourglass
