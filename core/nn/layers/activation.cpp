#include "core/nn/layers/activation.h"

#include <cassert>

#include "core/math/contiguous_blocks.h"
#include "core/math/simd/kernels.h"

namespace hourglass {

void activate(Activation activation, MatrixView z) {
  const Kernels& k = kernels();
  if (activation == Activation::kSoftmax) {
    for (Index j = 0; j < z.cols(); ++j) k.softmax(column_data(z, j), z.rows());
    return;
  }
  for_each_contiguous_block(
      [&](Index column, Index size) {
        Scalar* const values = column_data(z, column);
        switch (activation) {
          case Activation::kLinear:
            break;
          case Activation::kRelu:
            k.relu(values, size);
            break;
          case Activation::kLeakyRelu:
            k.leaky_relu(values, size);
            break;
          case Activation::kElu:
            k.elu(values, size);
            break;
          case Activation::kTanh:
            k.tanh(values, size);
            break;
          case Activation::kSigmoid:
            k.sigmoid(values, size);
            break;
          case Activation::kSoftmax:
            break;  // above
        }
      },
      z);
}

void multiply_by_derivative(Activation activation, const ConstMatrixView& y, MatrixView delta) {
  const Kernels& k = kernels();
  for_each_contiguous_block(
      [&](Index column, Index size) {
        const Scalar* const value = column_data(y, column);
        Scalar* const out = column_data(delta, column);
        switch (activation) {
          case Activation::kLinear:
            break;
          case Activation::kRelu:
            k.relu_backward(value, out, size);
            break;
          case Activation::kLeakyRelu:
            k.leaky_relu_backward(value, out, size);
            break;
          case Activation::kElu:
            k.elu_backward(value, out, size);
            break;
          case Activation::kTanh:
            k.tanh_backward(value, out, size);
            break;
          case Activation::kSigmoid:
            k.sigmoid_backward(value, out, size);
            break;
          case Activation::kSoftmax:
            assert(false);  // make_plan() lets it nowhere but before its loss
            break;
        }
      },
      delta, y);
}

}  // namespace hourglass
