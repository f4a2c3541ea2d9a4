#include "core/nn/dense.h"

#include "core/math/gemm.h"

namespace hourglass {
namespace {

Parameter bias_slice(const std::string& name, Index inputs, Index units) {
  return {.name = name + ".bias", .role = ParameterRole::kBias, .shape = {units}, .inputs = 1,
          .outputs = units, .fan_in = inputs, .fan_out = units};
}

// y = bias + op(weight) x, through the activation. The product adds to what is there, so the bias
// costs no pass of its own.
void affine(Activation activation, const ConstMatrixView& weight, Transpose transpose,
            const Scalar* bias, const ConstMatrixView& x, MatrixView y) {
  const Eigen::Map<const Vector> start(bias, y.rows());
  for (Index j = 0; j < y.cols(); ++j) y.col(j) = start;
  add_product(weight, transpose, x, Transpose::kNo, y);
  activate(activation, y);
}

// delta by the pre-activations, and from it input_delta = op(weight) delta.
void backward_affine(Activation activation, const ConstMatrixView& weight, Transpose transpose,
                     const BackwardViews& v) {
  MatrixView delta = v.delta, input_delta = v.input_delta;
  if (!v.delta_is_fused) multiply_by_derivative(activation, v.y, delta);
  if (input_delta.size() == 0) return;
  for (Index j = 0; j < input_delta.cols(); ++j) input_delta.col(j).setZero();
  add_product(weight, transpose, as_const(delta), Transpose::kNo, input_delta);
}

void add_bias_gradient(const ConstMatrixView& delta, Index first, Index count, Scalar* bias) {
  Eigen::Map<Vector> out(bias + first, count);
  for (Index j = 0; j < delta.cols(); ++j) out += delta.col(j).segment(first, count);
}

// Rows [first, first + count).
ConstMatrixView rows(const ConstMatrixView& matrix, Index first, Index count) {
  return {matrix.data() + first, count, matrix.cols(),
          Eigen::OuterStride<>(matrix.outerStride())};
}

}  // namespace

Dense::Dense(const std::string& name, Index inputs, ImageShape output, Activation activation,
             ParameterLayout& layout)
    : inputs_(inputs), output_(output), activation_(activation) {
  const Index units = output.features();
  parameters_[0] = layout.add({.name = name + ".weight", .role = ParameterRole::kWeight,
                               .shape = {units, inputs}, .inputs = inputs, .outputs = units,
                               .fan_in = inputs, .fan_out = units});
  parameters_[1] = layout.add(bias_slice(name, inputs, units));
  weight_offset_ = layout[parameters_[0]].offset;
  bias_offset_ = layout[parameters_[1]].offset;
}

ConstMatrixView Dense::weight(const Scalar* parameters) const {
  return {parameters + weight_offset_, inputs_, output_.features(), Eigen::OuterStride<>(inputs_)};
}

void Dense::forward(const Pass&, const Scalar* parameters, const ForwardViews& v) const {
  affine(activation_, weight(parameters), Transpose::kYes, parameters + bias_offset_, v.x, v.y);
}

void Dense::backward(const Pass&, const Scalar* parameters, const BackwardViews& v) const {
  backward_affine(activation_, weight(parameters), Transpose::kNo, v);
}

void Dense::add_gradient(int parameter, Index first, Index count, const GradientViews& v,
                         Scalar* gradients) const {
  if (parameter == parameters_[1]) {
    add_bias_gradient(v.delta, first, count, gradients + bias_offset_);
    return;
  }
  const MatrixView out(gradients + weight_offset_ + first * inputs_, inputs_, count,
                       Eigen::OuterStride<>(inputs_));
  add_product(v.x, Transpose::kNo, rows(v.delta, first, count), Transpose::kYes, out);
}

TiedDense::TiedDense(const std::string& name, const Dense& source, ImageShape output,
                     Activation activation, ParameterLayout& layout)
    : inputs_(source.output_shape().features()), output_(output), activation_(activation) {
  parameters_[0] = source.weight();
  parameters_[1] = layout.add(bias_slice(name, inputs_, output.features()));
  weight_offset_ = layout[parameters_[0]].offset;
  bias_offset_ = layout[parameters_[1]].offset;
}

ConstMatrixView TiedDense::weight(const Scalar* parameters) const {
  return {parameters + weight_offset_, output_.features(), inputs_,
          Eigen::OuterStride<>(output_.features())};
}

void TiedDense::forward(const Pass&, const Scalar* parameters, const ForwardViews& v) const {
  affine(activation_, weight(parameters), Transpose::kNo, parameters + bias_offset_, v.x, v.y);
}

void TiedDense::backward(const Pass&, const Scalar* parameters, const BackwardViews& v) const {
  backward_affine(activation_, weight(parameters), Transpose::kYes, v);
}

void TiedDense::add_gradient(int parameter, Index first, Index count, const GradientViews& v,
                             Scalar* gradients) const {
  if (parameter == parameters_[1]) {
    add_bias_gradient(v.delta, first, count, gradients + bias_offset_);
    return;
  }
  // The slice's columns are the source's units, which are this layer's inputs.
  const Index size = output_.features();
  const MatrixView out(gradients + weight_offset_ + first * size, size, count,
                       Eigen::OuterStride<>(size));
  add_product(v.delta, Transpose::kNo, rows(v.x, first, count), Transpose::kYes, out);
}

}  // namespace hourglass
