#include "core/math/conv/conv2d.h"

#include <algorithm>

#include "core/math/gemm/gemm.h"
#include "core/math/scratch.h"
#include "core/math/simd/kernels.h"

namespace hourglass {
namespace {

ConstMatrixView readable(const Scalar* data, Index rows, Index columns) {
  return {data, rows, columns, Eigen::OuterStride<>(rows)};
}
MatrixView writable(Scalar* data, Index rows, Index columns) {
  return {data, rows, columns, Eigen::OuterStride<>(rows)};
}

void fill_channels(const Scalar* bias, Index channels, Index plane, Scalar* out) {
  for (Index c = 0; c < channels; ++c) std::fill_n(out + c * plane, plane, bias ? bias[c] : 0);
}

const Scalar* column_or_null(const ConstMatrixView& matrix, Index column) {
  return matrix.size() == 0 ? nullptr : matrix.col(column).data();
}

// Adds each channel's sum over all columns.
void sum_channels(const ConstMatrixView& maps, Index channels, Scalar* sums) {
  const Index plane = maps.rows() / channels;
  for (Index j = 0; j < maps.cols(); ++j) {
    for (Index c = 0; c < channels; ++c) {
      sums[c] += static_cast<Scalar>(kernels().sum(maps.col(j).data() + c * plane, plane));
    }
  }
}

void relu_all(MatrixView y) {
  for (Index j = 0; j < y.cols(); ++j) kernels().relu(y.col(j).data(), y.rows());
}

void relu_backward_all(const ConstMatrixView& y, MatrixView delta) {
  for (Index j = 0; j < y.cols(); ++j) {
    kernels().relu_backward(y.col(j).data(), delta.col(j).data(), y.rows());
  }
}

// out[j] = correlation of from[j] with `weight`, as DirectConv reads it.
void correlate_all(const DirectConv& geometry, const Scalar* weight, const Scalar* bias, bool relu,
                   const ConstMatrixView& from, Index channels, MatrixView out, Scalar* padded) {
  geometry.begin(padded);
  for (Index j = 0; j < out.cols(); ++j) {
    geometry.pad(from.col(j).data(), nullptr, padded);
    geometry.correlate(padded, weight, bias, relu, channels, out.col(j).data());
  }
}

}  // namespace

Conv2d::Conv2d(const ConvGeometry& geometry, Index channels, bool input_is_upsampled)
    : geometry_(geometry), channels_(channels) {
  if (geometry.stride != 1) return;
  if (input_is_upsampled && UpsampleConv::can(geometry)) {
    upsample_.emplace(geometry, channels);
    return;
  }
  forward_.emplace(geometry.image, geometry.kernel, geometry.padding);
  backward_.emplace(ImageShape{channels, geometry.rows, geometry.columns}, geometry.kernel,
                    geometry.kernel - 1 - geometry.padding);
}

void Conv2d::forward(const Scalar* weight, const ConstMatrixView& images, const Scalar* bias,
                     bool relu, MatrixView maps) const {
  const Index positions = geometry_.positions(), patch = geometry_.patch();
  if (forward_) {
    Scalar* const arranged = scratch(patch * channels_ + forward_->padded_size());
    transpose_weights(weight, patch, channels_, arranged);
    correlate_all(*forward_, arranged, bias, relu, images, channels_, maps,
                  arranged + patch * channels_);
    return;
  }
  Scalar* const patches = scratch(geometry_.size());
  for (Index j = 0; j < maps.cols(); ++j) {
    im2col(geometry_, images.col(j).data(), patches);
    Scalar* const out = maps.col(j).data();
    fill_channels(bias, channels_, positions, out);
    gemm_accumulate(readable(patches, positions, patch), Transpose::kNo,
                    readable(weight, patch, channels_), Transpose::kNo,
                    writable(out, positions, channels_));
  }
  if (relu) relu_all(maps);
}

void Conv2d::transpose_forward(const Scalar* weight, const ConstMatrixView& maps,
                               const Scalar* bias, bool relu, MatrixView images) const {
  if (upsample_) {
    upsample_->transpose_forward(weight, maps, bias, relu, images);
    return;
  }
  const Index positions = geometry_.positions(), patch = geometry_.patch();
  const Index image_channels = geometry_.image.channels;
  if (backward_) {
    Scalar* const turned = scratch(patch * channels_ + backward_->padded_size());
    flip_kernels(weight, image_channels, geometry_.kernel, channels_, turned);
    correlate_all(*backward_, turned, bias, relu, maps, image_channels, images,
                  turned + patch * channels_);
    return;
  }
  Scalar* const patches = scratch(geometry_.size());
  for (Index j = 0; j < images.cols(); ++j) {
    std::fill_n(patches, geometry_.size(), Scalar(0));
    gemm_accumulate(readable(maps.col(j).data(), positions, channels_), Transpose::kNo,
                    readable(weight, patch, channels_), Transpose::kYes,
                    writable(patches, positions, patch));
    Scalar* const out = images.col(j).data();
    fill_channels(bias, image_channels, geometry_.image.rows * geometry_.image.columns, out);
    col2im(geometry_, patches, out);
  }
  if (relu) relu_all(images);
}

// Both ways back need the padded image and the maps' wide form; and one of the two, padded, is
// the delta that the input's delta is made of.
void Conv2d::backward(const Backward& b) const {
  if (!forward_) {
    if (b.y.size()) relu_backward_all(b.y, b.delta);
    gather_gradient(b.x, as_const(b.delta), b.weight_gradient);
    sum_channels(as_const(b.delta), channels_, b.bias_gradient);
    if (b.input_delta.size())
      transpose_forward(b.weight, as_const(b.delta), nullptr, false, b.input_delta);
    return;
  }
  const Index image_channels = geometry_.image.channels;
  const bool goes_on = b.input_delta.size() > 0;
  const bool shared = goes_on && forward_->shares_padding_with(*backward_);
  const Index weights = geometry_.patch() * channels_;
  const Index sums_size = forward_->gradient_sums_size(channels_);
  ScratchParts parts(weights + sums_size + forward_->padded_size() + backward_->padded_size() +
                         forward_->padded_rows_size(channels_),
                     5);
  Scalar* const turned = parts.take(weights);
  Scalar* const sums = parts.take(sums_size);
  Scalar* const image = parts.take(forward_->padded_size(), forward_->first());
  Scalar* const maps = parts.take(backward_->padded_size(), backward_->first());
  Scalar* const wide = parts.take(forward_->padded_rows_size(channels_));
  if (goes_on) flip_kernels(b.weight, image_channels, geometry_.kernel, channels_, turned);
  std::fill_n(sums, sums_size, Scalar(0));
  forward_->begin(image);
  if (goes_on) backward_->begin(maps);
  if (!shared) forward_->begin_padded_rows(channels_, wide);
  MatrixView input_delta = b.input_delta;
  for (Index j = 0; j < b.x.cols(); ++j) {
    const Scalar* const delta = b.delta.col(j).data();
    const Scalar* const y = column_or_null(b.y, j);
    forward_->pad(b.x.col(j).data(), nullptr, image);
    if (goes_on) backward_->pad(delta, y, maps);
    forward_->add_gradient(image,
                           shared ? forward_->padded_rows_in(*backward_, maps)
                                  : forward_->pad_rows(delta, y, channels_, wide),
                           channels_, sums);
    if (goes_on) {
      backward_->correlate(maps, turned, nullptr, false, image_channels, input_delta.col(j).data());
    }
  }
  forward_->finish_gradient(sums, channels_, b.weight_gradient, b.bias_gradient);
}

void Conv2d::transpose_backward(const Backward& b) const {
  if (upsample_) {
    upsample_->transpose_backward(b);
    return;
  }
  const Index image_channels = geometry_.image.channels;
  if (!forward_) {
    if (b.y.size()) relu_backward_all(b.y, b.delta);
    gather_gradient(as_const(b.delta), b.x, b.weight_gradient);
    sum_channels(as_const(b.delta), image_channels, b.bias_gradient);
    if (b.input_delta.size()) forward(b.weight, as_const(b.delta), nullptr, false, b.input_delta);
    return;
  }
  const Index weights = geometry_.patch() * channels_;
  const Index sums_size = forward_->gradient_sums_size(channels_);
  ScratchParts parts(
      weights + sums_size + forward_->padded_size() + forward_->padded_rows_size(channels_), 4);
  Scalar* const arranged = parts.take(weights);
  Scalar* const sums = parts.take(sums_size);
  Scalar* const image = parts.take(forward_->padded_size(), forward_->first());
  Scalar* const wide = parts.take(forward_->padded_rows_size(channels_));
  transpose_weights(b.weight, geometry_.patch(), channels_, arranged);
  std::fill_n(sums, sums_size, Scalar(0));
  forward_->begin(image);
  forward_->begin_padded_rows(channels_, wide);
  MatrixView input_delta = b.input_delta;
  for (Index j = 0; j < b.x.cols(); ++j) {
    forward_->pad(b.delta.col(j).data(), column_or_null(b.y, j), image);
    for (Index c = 0; c < image_channels; ++c) {
      b.bias_gradient[c] +=
          static_cast<Scalar>(kernels().sum(image + c * forward_->plane(), forward_->plane()));
    }
    forward_->add_gradient(image, forward_->pad_rows(b.x.col(j).data(), nullptr, channels_, wide),
                           channels_, sums);
    if (input_delta.size()) {
      forward_->correlate(image, arranged, nullptr, false, channels_, input_delta.col(j).data());
    }
  }
  forward_->finish_gradient(sums, channels_, b.weight_gradient, nullptr);
}

void Conv2d::gather_gradient(const ConstMatrixView& images, const ConstMatrixView& maps,
                             Scalar* gradient) const {
  const Index positions = geometry_.positions(), patch = geometry_.patch();
  Scalar* const patches = scratch(geometry_.size());
  for (Index j = 0; j < images.cols(); ++j) {
    im2col(geometry_, images.col(j).data(), patches);
    gemm_accumulate(readable(patches, positions, patch), Transpose::kYes,
                    readable(maps.col(j).data(), positions, channels_), Transpose::kNo,
                    writable(gradient, patch, channels_));
  }
}

}  // namespace hourglass
