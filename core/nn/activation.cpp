#include "core/nn/activation.h"

#include "core/base/names.h"
#include "core/math/kernels/kernels.h"

namespace hourglass {
namespace {

constexpr std::string_view kNames[] = {"linear", "relu", "leaky-relu", "elu", "tanh", "sigmoid"};

}  // namespace

std::span<const std::string_view> activation_names() { return kNames; }

std::string_view activation_name(Activation activation) {
  return kNames[static_cast<std::size_t>(activation)];
}

Activation activation_from_name(std::string_view name) {
  return value_from_name<Activation>(kNames, name, "activation");
}

void activate(Activation activation, MatrixView z) {
  const Kernels& k = kernels();
  for (Index j = 0; j < z.cols(); ++j) {
    Scalar* const column = z.data() + j * z.outerStride();
    switch (activation) {
      case Activation::kLinear: return;
      case Activation::kRelu: k.relu(column, z.rows()); break;
      case Activation::kLeakyRelu: k.leaky_relu(column, z.rows()); break;
      case Activation::kElu: k.elu(column, z.rows()); break;
      case Activation::kTanh: k.tanh(column, z.rows()); break;
      case Activation::kSigmoid: k.sigmoid(column, z.rows()); break;
    }
  }
}

void multiply_by_derivative(Activation activation, const ConstMatrixView& y, MatrixView delta) {
  const Kernels& k = kernels();
  for (Index j = 0; j < y.cols(); ++j) {
    const Scalar* const value = y.data() + j * y.outerStride();
    Scalar* const column = delta.data() + j * delta.outerStride();
    switch (activation) {
      case Activation::kLinear: return;
      case Activation::kRelu: k.relu_slope(value, column, y.rows()); break;
      case Activation::kLeakyRelu: k.leaky_relu_slope(value, column, y.rows()); break;
      case Activation::kElu: k.elu_slope(value, column, y.rows()); break;
      case Activation::kTanh: k.tanh_slope(value, column, y.rows()); break;
      case Activation::kSigmoid: k.sigmoid_slope(value, column, y.rows()); break;
    }
  }
}

}  // namespace hourglass
