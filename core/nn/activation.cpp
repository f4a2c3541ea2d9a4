#include "core/nn/activation.h"

#include "core/base/names.h"

namespace hourglass {
namespace {

constexpr Scalar kLeak = Scalar(0.01);

constexpr std::string_view kNames[] = {"linear", "relu", "leaky-relu", "elu", "tanh", "sigmoid"};

}  // namespace

std::span<const std::string_view> activation_names() { return kNames; }

std::string_view activation_name(Activation activation) {
  return kNames[static_cast<std::size_t>(activation)];
}

Activation activation_from_name(std::string_view name) {
  return value_from_name<Activation>(kNames, name, "activation");
}

// Column by column: a column is contiguous, which Eigen needs to see for its vectorised loops.
void activate(Activation activation, MatrixView z) {
  for (Index j = 0; j < z.cols(); ++j) {
    auto column = z.col(j).array();
    switch (activation) {
      case Activation::kLinear: return;
      case Activation::kRelu: column = column.cwiseMax(Scalar(0)); break;
      case Activation::kLeakyRelu: column = column.cwiseMax(kLeak * column); break;
      case Activation::kElu:
        column = column.cwiseMax(Scalar(0)) + column.cwiseMin(Scalar(0)).exp() - Scalar(1);
        break;
      case Activation::kTanh: column = column.tanh(); break;
      case Activation::kSigmoid: column = column.logistic(); break;
    }
  }
}

void multiply_by_derivative(Activation activation, const ConstMatrixView& y, MatrixView delta) {
  for (Index j = 0; j < y.cols(); ++j) {
    const auto value = y.col(j).array();
    auto column = delta.col(j).array();
    const Scalar zero = 0, one = 1;
    switch (activation) {
      case Activation::kLinear: return;
      case Activation::kRelu: column = (value > zero).select(column, zero); break;
      case Activation::kLeakyRelu: column = (value > zero).select(column, kLeak * column); break;
      case Activation::kElu:
        column = (value > zero).select(column, (value + one) * column);
        break;
      case Activation::kTanh: column *= one - value.square(); break;
      case Activation::kSigmoid: column *= value * (one - value); break;
    }
  }
}

}  // namespace hourglass
