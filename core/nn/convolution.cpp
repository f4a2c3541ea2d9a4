#include "core/nn/convolution.h"

#include "core/math/gemm.h"

namespace hourglass {
namespace {

// Room for one sample's patches, one per thread and kept: layers hold no numbers themselves.
Scalar* patch_room(Index size) {
  static thread_local Vector room;
  if (room.size() < size) room.resize(size);
  return room.data();
}

ConstMatrixView const_view(const Scalar* data, Index rows, Index columns) {
  return {data, rows, columns, Eigen::OuterStride<>(rows)};
}
MatrixView view(Scalar* data, Index rows, Index columns) {
  return {data, rows, columns, Eigen::OuterStride<>(rows)};
}

void add_bias_to_channels(const Scalar* bias, Index channels, Index plane, Scalar* y) {
  for (Index c = 0; c < channels; ++c) Eigen::Map<Vector>(y + c * plane, plane).array() += bias[c];
}

void add_channel_sums(const Scalar* delta, Index channels, Index plane, Scalar* sums) {
  for (Index c = 0; c < channels; ++c) {
    sums[c] += Eigen::Map<const Vector>(delta + c * plane, plane).sum();
  }
}

Parameter bias_slice(const std::string& name, Index channels, Index fan_in, Index fan_out) {
  return {.name = name + ".bias", .role = ParameterRole::kBias, .shape = {channels}, .inputs = 1,
          .outputs = channels, .fan_in = fan_in, .fan_out = fan_out};
}

// The chunks' parts of a slice's gradient, added up in their order. `offset` is where the slice
// begins in a part.
void add_partials(const ConstMatrixView& partials, Index offset, Index size, Scalar* gradient) {
  Eigen::Map<Vector> out(gradient, size);
  for (Index chunk = 0; chunk < partials.cols(); ++chunk) {
    out += partials.col(chunk).segment(offset, size);
  }
}

}  // namespace

Patches Convolution::patches_of(ImageShape input, const Kernel& kernel) {
  Patches patches{.image = input, .kernel = kernel.size, .stride = kernel.stride,
                  .padding = kernel.padding};
  const Index down = input.rows + 2 * kernel.padding - kernel.size;
  const Index across = input.columns + 2 * kernel.padding - kernel.size;
  if (down >= 0 && across >= 0) {
    patches.rows = down / kernel.stride + 1;
    patches.columns = across / kernel.stride + 1;
  }
  return patches;
}

Convolution::Convolution(const std::string& name, const Patches& geometry, Index channels,
                         Activation activation, ParameterLayout& layout)
    : geometry_(geometry),
      output_{channels, geometry.rows, geometry.columns},
      activation_(activation) {
  const Index area = geometry.kernel * geometry.kernel;
  const Index fan_in = geometry.patch(), fan_out = channels * area;
  parameters_[0] = layout.add(
      {.name = name + ".weight", .role = ParameterRole::kWeight,
       .shape = {channels, geometry.image.channels, geometry.kernel, geometry.kernel},
       .inputs = geometry.patch(), .outputs = channels, .fan_in = fan_in, .fan_out = fan_out});
  parameters_[1] = layout.add(bias_slice(name, channels, fan_in, fan_out));
  weight_offset_ = layout[parameters_[0]].offset;
  bias_offset_ = layout[parameters_[1]].offset;
}

std::int64_t Convolution::multiply_adds() const { return geometry_.size() * output_.channels; }

Index Convolution::partial_size() const { return (geometry_.patch() + 1) * output_.channels; }

void Convolution::forward(const Pass&, const Scalar* parameters, const ForwardViews& v) const {
  const Index positions = geometry_.positions(), channels = output_.channels;
  const ConstMatrixView weight = const_view(parameters + weight_offset_, geometry_.patch(), channels);
  Scalar* const room = patch_room(geometry_.size());
  MatrixView y = v.y;
  for (Index j = 0; j < y.cols(); ++j) {
    gather_patches(geometry_, v.x.col(j).data(), room);
    y.col(j).setZero();
    add_bias_to_channels(parameters + bias_offset_, channels, positions, y.col(j).data());
    add_product(const_view(room, positions, geometry_.patch()), Transpose::kNo, weight,
                Transpose::kNo, view(y.col(j).data(), positions, channels));
  }
  activate(activation_, y);
}

void Convolution::backward(const Pass&, const Scalar* parameters, const BackwardViews& v) const {
  const Index positions = geometry_.positions(), patch = geometry_.patch();
  const Index channels = output_.channels;
  const ConstMatrixView weight = const_view(parameters + weight_offset_, patch, channels);
  Scalar* const room = patch_room(geometry_.size());
  MatrixView delta = v.delta, input_delta = v.input_delta;
  if (!v.delta_is_fused) multiply_by_derivative(activation_, v.y, delta);
  Eigen::Map<Vector>(v.partial, partial_size()).setZero();
  for (Index j = 0; j < delta.cols(); ++j) {
    const ConstMatrixView d = const_view(delta.col(j).data(), positions, channels);
    gather_patches(geometry_, v.x.col(j).data(), room);
    add_product(const_view(room, positions, patch), Transpose::kYes, d, Transpose::kNo,
                view(v.partial, patch, channels));
    add_channel_sums(d.data(), channels, positions, v.partial + patch * channels);
    if (input_delta.size() == 0) continue;
    const MatrixView patches = view(room, positions, patch);
    Eigen::Map<Vector>(room, geometry_.size()).setZero();
    add_product(d, Transpose::kNo, weight, Transpose::kYes, patches);
    input_delta.col(j).setZero();
    scatter_patches(geometry_, room, input_delta.col(j).data());
  }
}

void Convolution::add_gradient(int parameter, Index first, Index count, const GradientViews& v,
                               Scalar* gradients) const {
  const Index patch = geometry_.patch();
  if (parameter == parameters_[0]) {
    add_partials(v.partials, first * patch, count * patch,
                 gradients + weight_offset_ + first * patch);
  } else {
    add_partials(v.partials, patch * output_.channels + first, count,
                 gradients + bias_offset_ + first);
  }
}

TransposedConvolution::TransposedConvolution(const std::string& name, const Patches& geometry,
                                             Index input_channels, Activation activation,
                                             ParameterLayout& layout)
    : kind_("transposed-convolution"),
      geometry_(geometry),
      input_channels_(input_channels),
      activation_(activation) {
  const Index area = geometry.kernel * geometry.kernel;
  parameters_[0] = layout.add(
      {.name = name + ".weight", .role = ParameterRole::kWeight,
       .shape = {input_channels, geometry.image.channels, geometry.kernel, geometry.kernel},
       .inputs = geometry.patch(), .outputs = input_channels, .fan_in = input_channels * area,
       .fan_out = geometry.patch()});
  add_bias(name, layout);
}

TransposedConvolution::TransposedConvolution(const std::string& name, const Convolution& source,
                                             Activation activation, ParameterLayout& layout)
    : kind_("tied-transposed-convolution"),
      geometry_(source.geometry()),
      input_channels_(source.output_shape().channels),
      activation_(activation) {
  parameters_[0] = source.weight();
  add_bias(name, layout);
}

void TransposedConvolution::add_bias(const std::string& name, ParameterLayout& layout) {
  const Index channels = geometry_.image.channels;
  parameters_[1] = layout.add(
      bias_slice(name, channels, input_channels_ * geometry_.kernel * geometry_.kernel,
                 geometry_.patch()));
  weight_offset_ = layout[parameters_[0]].offset;
  bias_offset_ = layout[parameters_[1]].offset;
}

std::int64_t TransposedConvolution::multiply_adds() const {
  return geometry_.size() * input_channels_;
}

Index TransposedConvolution::partial_size() const {
  return geometry_.patch() * input_channels_ + geometry_.image.channels;
}

void TransposedConvolution::forward(const Pass&, const Scalar* parameters,
                                    const ForwardViews& v) const {
  const Index positions = geometry_.positions(), patch = geometry_.patch();
  const ConstMatrixView weight = const_view(parameters + weight_offset_, patch, input_channels_);
  Scalar* const room = patch_room(geometry_.size());
  MatrixView y = v.y;
  const Index channels = geometry_.image.channels;
  for (Index j = 0; j < y.cols(); ++j) {
    Eigen::Map<Vector>(room, geometry_.size()).setZero();
    add_product(const_view(v.x.col(j).data(), positions, input_channels_), Transpose::kNo, weight,
                Transpose::kYes, view(room, positions, patch));
    y.col(j).setZero();
    add_bias_to_channels(parameters + bias_offset_, channels,
                         geometry_.image.rows * geometry_.image.columns, y.col(j).data());
    scatter_patches(geometry_, room, y.col(j).data());
  }
  activate(activation_, y);
}

void TransposedConvolution::backward(const Pass&, const Scalar* parameters,
                                     const BackwardViews& v) const {
  const Index positions = geometry_.positions(), patch = geometry_.patch();
  const Index channels = geometry_.image.channels;
  const ConstMatrixView weight = const_view(parameters + weight_offset_, patch, input_channels_);
  Scalar* const room = patch_room(geometry_.size());
  MatrixView delta = v.delta, input_delta = v.input_delta;
  if (!v.delta_is_fused) multiply_by_derivative(activation_, v.y, delta);
  Eigen::Map<Vector>(v.partial, partial_size()).setZero();
  for (Index j = 0; j < delta.cols(); ++j) {
    gather_patches(geometry_, delta.col(j).data(), room);
    const ConstMatrixView patches = const_view(room, positions, patch);
    const ConstMatrixView x = const_view(v.x.col(j).data(), positions, input_channels_);
    add_product(patches, Transpose::kYes, x, Transpose::kNo,
                view(v.partial, patch, input_channels_));
    add_channel_sums(delta.col(j).data(), channels, geometry_.image.rows * geometry_.image.columns,
                     v.partial + patch * input_channels_);
    if (input_delta.size() == 0) continue;
    input_delta.col(j).setZero();
    add_product(patches, Transpose::kNo, weight, Transpose::kNo,
                view(input_delta.col(j).data(), positions, input_channels_));
  }
}

void TransposedConvolution::add_gradient(int parameter, Index first, Index count,
                                         const GradientViews& v, Scalar* gradients) const {
  const Index patch = geometry_.patch();
  if (parameter == parameters_[0]) {
    add_partials(v.partials, first * patch, count * patch,
                 gradients + weight_offset_ + first * patch);
  } else {
    add_partials(v.partials, patch * input_channels_ + first, count,
                 gradients + bias_offset_ + first);
  }
}

}  // namespace hourglass
