#include "core/math/conv/direct_conv.h"

#include <algorithm>

#include "core/math/scratch.h"
#include "core/math/simd/kernels.h"

namespace hourglass {
namespace {

const Scalar* column_or_null(const ConstMatrixView& matrix, Index column) {
  return matrix.size() == 0 ? nullptr : matrix.col(column).data();
}

// out[j] = correlation of from[j] with `weight`, as PaddedCorrelation reads it.
void correlate_all(const PaddedCorrelation& correlation, const Scalar* weight, const Scalar* bias,
                   bool relu, const ConstMatrixView& from, Index channels, MatrixView out,
                   Scalar* padded) {
  correlation.begin(padded);
  for (Index j = 0; j < out.cols(); ++j) {
    correlation.pad(from.col(j).data(), nullptr, padded);
    correlation.correlate(padded, weight, bias, relu, channels, out.col(j).data());
  }
}

}  // namespace

DirectConv::DirectConv(const ConvGeometry& geometry, Index channels)
    : geometry_(geometry),
      channels_(channels),
      forward_(geometry.image, geometry.kernel, geometry.padding),
      backward_(ImageShape{channels, geometry.rows, geometry.columns}, geometry.kernel,
                geometry.kernel - 1 - geometry.padding) {}

void DirectConv::forward(const Scalar* weight, const ConstMatrixView& images, const Scalar* bias,
                         bool relu, MatrixView maps) const {
  const Index patch = geometry_.patch();
  Scalar* const arranged = scratch(patch * channels_ + forward_.padded_size());
  transpose_weights(weight, patch, channels_, arranged);
  correlate_all(forward_, arranged, bias, relu, images, channels_, maps,
                arranged + patch * channels_);
}

void DirectConv::transpose_forward(const Scalar* weight, const ConstMatrixView& maps,
                                   const Scalar* bias, bool relu, MatrixView images) const {
  const Index weights = geometry_.patch() * channels_;
  const Index image_channels = geometry_.image.channels;
  Scalar* const turned = scratch(weights + backward_.padded_size());
  flip_kernels(weight, image_channels, geometry_.kernel, channels_, turned);
  correlate_all(backward_, turned, bias, relu, maps, image_channels, images, turned + weights);
}

// Both ways back need the padded image and the maps' wide form; and one of the two, padded, is
// the delta that the input's delta is made of.
void DirectConv::backward(const ConvBackward& b) const {
  const Index image_channels = geometry_.image.channels;
  const bool goes_on = b.input_delta.size() > 0;
  const bool shared = goes_on && forward_.shares_padding_with(backward_);
  const Index weights = geometry_.patch() * channels_;
  const Index sums_size = forward_.gradient_sums_size(channels_);
  ScratchParts parts(weights + sums_size + forward_.padded_size() + backward_.padded_size() +
                         forward_.padded_rows_size(channels_),
                     5);
  Scalar* const turned = parts.take(weights);
  Scalar* const sums = parts.take(sums_size);
  Scalar* const image = parts.take(forward_.padded_size(), forward_.first());
  Scalar* const maps = parts.take(backward_.padded_size(), backward_.first());
  Scalar* const wide = parts.take(forward_.padded_rows_size(channels_));
  if (goes_on) flip_kernels(b.weight, image_channels, geometry_.kernel, channels_, turned);
  std::fill_n(sums, sums_size, Scalar(0));
  forward_.begin(image);
  if (goes_on) backward_.begin(maps);
  if (!shared) forward_.begin_padded_rows(channels_, wide);
  MatrixView input_delta = b.input_delta;
  for (Index j = 0; j < b.x.cols(); ++j) {
    const Scalar* const delta = b.delta.col(j).data();
    const Scalar* const y = column_or_null(b.y, j);
    forward_.pad(b.x.col(j).data(), nullptr, image);
    if (goes_on) backward_.pad(delta, y, maps);
    forward_.add_gradient(image,
                          shared ? forward_.padded_rows_in(backward_, maps)
                                 : forward_.pad_rows(delta, y, channels_, wide),
                          channels_, sums);
    if (goes_on) {
      backward_.correlate(maps, turned, nullptr, false, image_channels, input_delta.col(j).data());
    }
  }
  forward_.finish_gradient(sums, channels_, b.weight_gradient, b.bias_gradient);
}

void DirectConv::transpose_backward(const ConvBackward& b) const {
  const Index image_channels = geometry_.image.channels;
  const Index weights = geometry_.patch() * channels_;
  const Index sums_size = forward_.gradient_sums_size(channels_);
  ScratchParts parts(
      weights + sums_size + forward_.padded_size() + forward_.padded_rows_size(channels_), 4);
  Scalar* const arranged = parts.take(weights);
  Scalar* const sums = parts.take(sums_size);
  Scalar* const image = parts.take(forward_.padded_size(), forward_.first());
  Scalar* const wide = parts.take(forward_.padded_rows_size(channels_));
  transpose_weights(b.weight, geometry_.patch(), channels_, arranged);
  std::fill_n(sums, sums_size, Scalar(0));
  forward_.begin(image);
  forward_.begin_padded_rows(channels_, wide);
  MatrixView input_delta = b.input_delta;
  for (Index j = 0; j < b.x.cols(); ++j) {
    forward_.pad(b.delta.col(j).data(), column_or_null(b.y, j), image);
    for (Index c = 0; c < image_channels; ++c) {
      b.bias_gradient[c] +=
          static_cast<Scalar>(kernels().sum(image + c * forward_.plane(), forward_.plane()));
    }
    forward_.add_gradient(image, forward_.pad_rows(b.x.col(j).data(), nullptr, channels_, wide),
                          channels_, sums);
    if (input_delta.size()) {
      forward_.correlate(image, arranged, nullptr, false, channels_, input_delta.col(j).data());
    }
  }
  forward_.finish_gradient(sums, channels_, b.weight_gradient, nullptr);
}

}  // namespace hourglass
