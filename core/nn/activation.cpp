#include "core/nn/activation.h"

#include "core/base/names.h"
#include "core/math/kernels/kernels.h"
#include "core/math/runs.h"

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
  for_each_run(
      [&](Index column, Index size) {
        Scalar* const values = column_data(z, column);
        switch (activation) {
          case Activation::kLinear: break;
          case Activation::kRelu: k.relu(values, size); break;
          case Activation::kLeakyRelu: k.leaky_relu(values, size); break;
          case Activation::kElu: k.elu(values, size); break;
          case Activation::kTanh: k.tanh(values, size); break;
          case Activation::kSigmoid: k.sigmoid(values, size); break;
        }
      },
      z);
}

void multiply_by_derivative(Activation activation, const ConstMatrixView& y, MatrixView delta) {
  const Kernels& k = kernels();
  for_each_run(
      [&](Index column, Index size) {
        const Scalar* const value = column_data(y, column);
        Scalar* const out = column_data(delta, column);
        switch (activation) {
          case Activation::kLinear: break;
          case Activation::kRelu: k.relu_slope(value, out, size); break;
          case Activation::kLeakyRelu: k.leaky_relu_slope(value, out, size); break;
          case Activation::kElu: k.elu_slope(value, out, size); break;
          case Activation::kTanh: k.tanh_slope(value, out, size); break;
          case Activation::kSigmoid: k.sigmoid_slope(value, out, size); break;
        }
      },
      delta, y);
}

}  // namespace hourglass
