#include "core/nn/layers/dense.h"

#include <algorithm>

#include "core/math/simd/kernels.h"

namespace hourglass {
namespace {

// y = bias + op(weight) x, through the activation.
void affine(Activation activation, const ConstMatrixView& weight, Transpose transpose,
            const Scalar* bias, const ForwardViews& v) {
  gemm(weight, transpose, v.x, Transpose::kNo, bias, v.y);
  if (!v.outputs_logits) activate(activation, v.y);
}
void affine(Activation activation, const PackedMatrix& weight, const Scalar* bias,
            const ForwardViews& v) {
  gemm(weight, v.x, Transpose::kNo, bias, v.y);
  if (!v.outputs_logits) activate(activation, v.y);
}

// Makes delta that by the pre-activations; whether the gradient by x is wanted as well.
bool backward_activation(Activation activation, const BackwardViews& v) {
  if (!v.delta_is_wrt_logits) multiply_by_derivative(activation, v.y, v.delta);
  return v.input_delta.size() > 0;
}

void add_bias_gradient(const GradientViews& v, Index first, Index count, Scalar* gradient) {
  if (v.overwrite) std::fill_n(gradient, count, Scalar(0));
  kernels().add_columns(v.delta.data() + first, v.delta.outerStride(), v.delta.cols(), gradient,
                        count);
}

// The product that is a part of the gradient of a weight.
void add_weight_gradient(const ConstMatrixView& a, const ConstMatrixView& b, bool overwrite,
                         Scalar* gradient) {
  const MatrixView out(gradient, a.rows(), b.rows(), Eigen::OuterStride<>(a.rows()));
  if (overwrite) {
    gemm(a, Transpose::kNo, b, Transpose::kYes, nullptr, out);
  } else {
    gemm_accumulate(a, Transpose::kNo, b, Transpose::kYes, out);
  }
}

// Rows [first, first + count).
ConstMatrixView rows(const ConstMatrixView& matrix, Index first, Index count) {
  return {matrix.data() + first, count, matrix.cols(), Eigen::OuterStride<>(matrix.outerStride())};
}

}  // namespace

Dense::Dense(const std::string& name, Index inputs, ImageShape output, Activation activation,
             ParameterLayout& layout)
    : inputs_(inputs), output_(output), activation_(activation) {
  const Index units = output.features();
  parameters_[0] = layout.add({.name = name + ".weight",
                               .role = ParameterRole::kWeight,
                               .shape = {units, inputs},
                               .inputs = inputs,
                               .outputs = units,
                               .fan_in = inputs,
                               .fan_out = units});
  parameters_[1] = layout.add(bias_slice(name, units, inputs, units));
  weight_offset_ = layout[parameters_[0]].offset;
  bias_offset_ = layout[parameters_[1]].offset;
  packed_offset_ = layout.add_packed(packed_size(units, inputs));
}

ConstMatrixView Dense::weight(const Scalar* parameters) const {
  return {parameters + weight_offset_, inputs_, output_.features(), Eigen::OuterStride<>(inputs_)};
}

PackedMatrix Dense::packed_weight(const Scalar* packed) const {
  return {packed + packed_offset_, output_.features(), inputs_};
}

void Dense::pack(int parameter, Index first, Index count, const Scalar* parameters,
                 Scalar* packed) const {
  if (parameter != parameters_[0]) return;
  pack_rows(weight(parameters), Transpose::kYes, first, count, packed + packed_offset_);
}

void Dense::forward(const Pass& pass, const Scalar* parameters, const ForwardViews& v) const {
  const Scalar* const bias = parameters + bias_offset_;
  if (pass.packed && v.sparse && v.sparse->pays(v.first, v.x.cols())) {
    v.sparse->multiply(packed_weight(pass.packed), v.first, bias, v.y);
    if (!v.outputs_logits) activate(activation_, v.y);
  } else if (pass.packed) {
    affine(activation_, packed_weight(pass.packed), bias, v);
  } else {
    affine(activation_, weight(parameters), Transpose::kYes, bias, v);
  }
}

void Dense::backward(const Pass&, const Scalar* parameters, const BackwardViews& v) const {
  if (!backward_activation(activation_, v)) return;
  gemm(weight(parameters), Transpose::kNo, as_const(v.delta), Transpose::kNo, nullptr,
       v.input_delta);
}

void Dense::add_gradient(int parameter, Index first, Index count, const GradientViews& v,
                         Scalar* gradient) const {
  if (parameter == parameters_[1]) {
    add_bias_gradient(v, first, count, gradient);
  } else if (v.sparse && v.sparse->pays(v.first, v.x.cols())) {
    v.sparse->outer(v.first, rows(v.delta, first, count), !v.overwrite, gradient);
  } else {
    add_weight_gradient(v.x, rows(v.delta, first, count), v.overwrite, gradient);
  }
}

TiedDense::TiedDense(const std::string& name, const Dense& source, ImageShape output,
                     Activation activation, ParameterLayout& layout)
    : inputs_(source.output_shape().features()), output_(output), activation_(activation) {
  parameters_[0] = source.weight();
  packed_offset_ = source.packed_offset();
  parameters_[1] = layout.add(bias_slice(name, output.features(), inputs_, output.features()));
  weight_offset_ = layout[parameters_[0]].offset;
  bias_offset_ = layout[parameters_[1]].offset;
}

ConstMatrixView TiedDense::weight(const Scalar* parameters) const {
  return {parameters + weight_offset_, output_.features(), inputs_,
          Eigen::OuterStride<>(output_.features())};
}

void TiedDense::forward(const Pass&, const Scalar* parameters, const ForwardViews& v) const {
  affine(activation_, weight(parameters), Transpose::kNo, parameters + bias_offset_, v);
}

void TiedDense::backward(const Pass& pass, const Scalar* parameters, const BackwardViews& v) const {
  if (!backward_activation(activation_, v)) return;
  if (pass.packed) {
    gemm(PackedMatrix{pass.packed + packed_offset_, inputs_, output_.features()}, as_const(v.delta),
         Transpose::kNo, nullptr, v.input_delta);
  } else {
    gemm(weight(parameters), Transpose::kYes, as_const(v.delta), Transpose::kNo, nullptr,
         v.input_delta);
  }
}

void TiedDense::add_gradient(int parameter, Index first, Index count, const GradientViews& v,
                             Scalar* gradient) const {
  if (parameter == parameters_[1]) {
    add_bias_gradient(v, first, count, gradient);
  } else {
    // The slice's columns are the source's units, which are this layer's inputs.
    add_weight_gradient(v.delta, rows(v.x, first, count), v.overwrite, gradient);
  }
}

}  // namespace hourglass
