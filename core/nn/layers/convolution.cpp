#include "core/nn/layers/convolution.h"

#include <algorithm>

#include "core/math/simd/kernels.h"
#include "core/nn/layers/activation.h"

namespace hourglass {
namespace {

Parameter weight_slice(const std::string& name, const ConvPlan& plan, Index fan_in, Index fan_out) {
  const ConvGeometry& geometry = plan.geometry();
  return {.name = name + ".weight",
          .role = ParameterRole::kWeight,
          .shape = {plan.channels(), geometry.image.channels, geometry.kernel, geometry.kernel},
          .inputs = geometry.patch(),
          .outputs = plan.channels(),
          .fan_in = fan_in,
          .fan_out = fan_out};
}

Index kernels_size(const ConvPlan& plan) { return plan.geometry().patch() * plan.channels(); }

// Inputs that one unit of the plan's maps, and of its images, is connected to.
Index plane_fan(const ConvPlan& plan) { return plan.geometry().patch(); }
Index image_fan(const ConvPlan& plan) {
  return plan.channels() * plan.geometry().kernel * plan.geometry().kernel;
}

// Relu is part of the products, forth and back; the other activations are passes of their own.

void finish_forward(Activation activation, const ForwardViews& v) {
  if (activation != Activation::kRelu && !v.outputs_logits) activate(activation, v.y);
}
bool is_relu(Activation activation, const ForwardViews& v) {
  return activation == Activation::kRelu && !v.outputs_logits;
}

ConvBackward begin_backward(const ConvPlan& plan, Activation activation, const Scalar* weight,
                            Index partial_size, const BackwardViews& v) {
  const bool fuses_relu = activation == Activation::kRelu && !v.delta_is_wrt_logits;
  if (!fuses_relu && !v.delta_is_wrt_logits) multiply_by_derivative(activation, v.y, v.delta);
  Eigen::Map<Vector>(v.partial, partial_size).setZero();
  return {.weight = weight,
          .x = v.x,
          .delta = v.delta,
          .y = fuses_relu ? v.y : ConstMatrixView(nullptr, 0, 0, Eigen::OuterStride<>(0)),
          .weight_gradient = v.partial,
          .bias_gradient = v.partial + kernels_size(plan),
          .input_delta = v.input_delta};
}

// Adds the chunks' parts to the gradient of columns [first, first + count) of the kernels or of the
// bias, in the chunks' order. In a part the bias follows the kernels.
void add_partials(const ConvPlan& plan, bool is_kernels, Index first, Index count,
                  const GradientViews& v, Scalar* gradient) {
  const Index rows = is_kernels ? plan.geometry().patch() : 1;
  const Index offset = (is_kernels ? 0 : kernels_size(plan)) + first * rows;
  if (v.overwrite) std::fill_n(gradient, count * rows, Scalar(0));
  kernels().add_columns(v.partials.data() + offset, v.partials.outerStride(), v.partials.cols(),
                        gradient, count * rows);
}

}  // namespace

ConvGeometry Convolution::geometry_on(ImageShape input, const Kernel& kernel) {
  ConvGeometry patches{
      .image = input, .kernel = kernel.size, .stride = kernel.stride, .padding = kernel.padding};
  const Index down = input.rows + 2 * kernel.padding - kernel.size;
  const Index across = input.columns + 2 * kernel.padding - kernel.size;
  if (down >= 0 && across >= 0) {
    patches.rows = down / kernel.stride + 1;
    patches.columns = across / kernel.stride + 1;
  }
  return patches;
}

Convolution::Convolution(const std::string& name, const ConvGeometry& geometry, Index channels,
                         Activation activation, ParameterLayout& layout)
    : plan_(geometry, channels),
      output_{channels, geometry.rows, geometry.columns},
      activation_(activation) {
  const Index fan_in = plane_fan(plan_), fan_out = image_fan(plan_);
  parameters_[0] = layout.add(weight_slice(name, plan_, fan_in, fan_out));
  parameters_[1] = layout.add(bias_slice(name, channels, fan_in, fan_out));
  weight_offset_ = layout[parameters_[0]].offset;
  bias_offset_ = layout[parameters_[1]].offset;
}

Index Convolution::partial_size() const { return kernels_size(plan_) + output_.channels; }

void Convolution::forward(const Pass&, const Scalar* parameters, const ForwardViews& v) const {
  plan_.forward(parameters + weight_offset_, v.x, parameters + bias_offset_,
                is_relu(activation_, v), v.y);
  finish_forward(activation_, v);
}

void Convolution::backward(const Pass&, const Scalar* parameters, const BackwardViews& v) const {
  plan_.backward(
      begin_backward(plan_, activation_, parameters + weight_offset_, partial_size(), v));
}

void Convolution::add_gradient(int parameter, Index first, Index count, const GradientViews& v,
                               Scalar* gradient) const {
  add_partials(plan_, parameter == parameters_[0], first, count, v, gradient);
}

TransposedConvolution::TransposedConvolution(const std::string& name, const ConvGeometry& geometry,
                                             Index input_channels, Activation activation,
                                             bool input_is_upsampled, ParameterLayout& layout)
    : plan_(geometry, input_channels, input_is_upsampled), activation_(activation) {
  parameters_[0] = layout.add(weight_slice(name, plan_, image_fan(plan_), plane_fan(plan_)));
  add_bias(name, layout);
}

TransposedConvolution::TransposedConvolution(const std::string& name, const Convolution& source,
                                             Activation activation, bool input_is_upsampled,
                                             ParameterLayout& layout)
    : plan_(source.plan().geometry(), source.plan().channels(), input_is_upsampled),
      activation_(activation) {
  parameters_[0] = source.weight();
  add_bias(name, layout);
}

void TransposedConvolution::add_bias(const std::string& name, ParameterLayout& layout) {
  parameters_[1] =
      layout.add(bias_slice(name, output_shape().channels, image_fan(plan_), plane_fan(plan_)));
  weight_offset_ = layout[parameters_[0]].offset;
  bias_offset_ = layout[parameters_[1]].offset;
}

Index TransposedConvolution::partial_size() const {
  return kernels_size(plan_) + output_shape().channels;
}

void TransposedConvolution::forward(const Pass&, const Scalar* parameters,
                                    const ForwardViews& v) const {
  plan_.transpose_forward(parameters + weight_offset_, v.x, parameters + bias_offset_,
                          is_relu(activation_, v), v.y);
  finish_forward(activation_, v);
}

void TransposedConvolution::backward(const Pass&, const Scalar* parameters,
                                     const BackwardViews& v) const {
  plan_.transpose_backward(
      begin_backward(plan_, activation_, parameters + weight_offset_, partial_size(), v));
}

void TransposedConvolution::add_gradient(int parameter, Index first, Index count,
                                         const GradientViews& v, Scalar* gradient) const {
  add_partials(plan_, parameter == parameters_[0], first, count, v, gradient);
}

}  // namespace hourglass
