#include "core/nn/dense.h"

#include <cassert>

#include "core/math/gemm.h"

namespace hourglass {

Dense::Dense(const std::string& name, Index inputs, ImageShape output, Activation activation,
             ParameterLayout& layout)
    : inputs_(inputs), output_(output), activation_(activation) {
  const Index units = output.features();
  parameters_[0] = layout.add({.name = name + ".weight",
                               .role = ParameterRole::kWeight,
                               .inputs = inputs,
                               .outputs = units,
                               .fan_in = inputs,
                               .fan_out = units});
  parameters_[1] = layout.add({.name = name + ".bias",
                               .role = ParameterRole::kBias,
                               .inputs = 1,
                               .outputs = units,
                               .fan_in = inputs,
                               .fan_out = units});
  weight_offset_ = layout[parameters_[0]].offset;
  bias_offset_ = layout[parameters_[1]].offset;
}

std::int64_t Dense::multiply_adds() const { return inputs_ * output_.features(); }

ConstMatrixView Dense::weight(const Scalar* parameters) const {
  return {parameters + weight_offset_, inputs_, output_.features(), Eigen::OuterStride<>(inputs_)};
}

void Dense::forward(const Pass&, const Scalar* parameters, const ConstMatrixView& x,
                    MatrixView y) const {
  // The product adds to what is there, so the bias costs no pass of its own.
  const Eigen::Map<const Vector> bias(parameters + bias_offset_, output_.features());
  for (Index j = 0; j < y.cols(); ++j) y.col(j) = bias;
  add_product(weight(parameters), Transpose::kYes, x, Transpose::kNo, y);
  activate(activation_, y);
}

void Dense::backward(const Pass&, const Scalar* parameters, const ConstMatrixView&,
                     const ConstMatrixView& y, bool delta_is_fused, MatrixView delta,
                     MatrixView input_delta) const {
  if (!delta_is_fused) multiply_by_derivative(activation_, y, delta);
  if (input_delta.size() == 0) return;
  for (Index j = 0; j < input_delta.cols(); ++j) input_delta.col(j).setZero();
  add_product(weight(parameters), Transpose::kNo, as_const(delta), Transpose::kNo, input_delta);
}

void Dense::add_gradient(int parameter, Index first, Index count, const ConstMatrixView& x,
                         const ConstMatrixView& delta, Scalar* gradients) const {
  const ConstMatrixView rows(delta.data() + first, count, delta.cols(),
                             Eigen::OuterStride<>(delta.outerStride()));
  if (parameter == parameters_[0]) {
    const MatrixView out(gradients + weight_offset_ + first * inputs_, inputs_, count,
                         Eigen::OuterStride<>(inputs_));
    add_product(x, Transpose::kNo, rows, Transpose::kYes, out);
  } else {
    assert(parameter == parameters_[1]);
    Eigen::Map<Vector> out(gradients + bias_offset_ + first, count);
    for (Index j = 0; j < rows.cols(); ++j) out += rows.col(j);
  }
}

}  // namespace hourglass
