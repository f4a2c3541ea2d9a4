#include "core/math/correlation.h"

#include <algorithm>

#include "core/math/gemm.h"
#include "core/math/kernels/kernels.h"
#include "core/math/scratch.h"

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
void sum_channels(const ConstMatrixView& planes, Index channels, Scalar* sums) {
  const Index plane = planes.rows() / channels;
  for (Index j = 0; j < planes.cols(); ++j) {
    for (Index c = 0; c < channels; ++c) {
      sums[c] += static_cast<Scalar>(kernels().sum(planes.col(j).data() + c * plane, plane));
    }
  }
}

void relu_all(MatrixView y) {
  for (Index j = 0; j < y.cols(); ++j) kernels().relu(y.col(j).data(), y.rows());
}

void relu_slope_all(const ConstMatrixView& y, MatrixView delta) {
  for (Index j = 0; j < y.cols(); ++j) {
    kernels().relu_slope(y.col(j).data(), delta.col(j).data(), y.rows());
  }
}

// out[j] = correlation of from[j] with `weight`, as StrideOne reads it.
void correlate_all(const StrideOne& geometry, const Scalar* weight, const Scalar* bias, bool relu,
                   const ConstMatrixView& from, Index channels, MatrixView out, Scalar* padded) {
  geometry.begin(padded);
  for (Index j = 0; j < out.cols(); ++j) {
    geometry.pad(from.col(j).data(), nullptr, padded);
    geometry.correlate(padded, weight, bias, relu, channels, out.col(j).data());
  }
}

}  // namespace

Correlation::Correlation(const Patches& geometry, Index channels, bool planes_are_doubled)
    : geometry_(geometry), channels_(channels) {
  if (geometry.stride != 1) return;
  if (planes_are_doubled && Doubled::can(geometry)) {
    doubled_.emplace(geometry, channels);
    return;
  }
  forth_.emplace(geometry.image, geometry.kernel, geometry.padding);
  back_.emplace(ImageShape{channels, geometry.rows, geometry.columns}, geometry.kernel,
                geometry.kernel - 1 - geometry.padding);
}

void Correlation::to_planes(const Scalar* weight, const ConstMatrixView& images, const Scalar* bias,
                            bool relu, MatrixView planes) const {
  const Index positions = geometry_.positions(), patch = geometry_.patch();
  if (forth_) {
    Scalar* const arranged = scratch(patch * channels_ + forth_->padded_size());
    arrange_kernels(weight, patch, channels_, arranged);
    correlate_all(*forth_, arranged, bias, relu, images, channels_, planes,
                  arranged + patch * channels_);
    return;
  }
  Scalar* const patches = scratch(geometry_.size());
  for (Index j = 0; j < planes.cols(); ++j) {
    gather_patches(geometry_, images.col(j).data(), patches);
    Scalar* const out = planes.col(j).data();
    fill_channels(bias, channels_, positions, out);
    add_product(readable(patches, positions, patch), Transpose::kNo,
                readable(weight, patch, channels_), Transpose::kNo,
                writable(out, positions, channels_));
  }
  if (relu) relu_all(planes);
}

void Correlation::to_images(const Scalar* weight, const ConstMatrixView& planes, const Scalar* bias,
                            bool relu, MatrixView images) const {
  if (doubled_) {
    doubled_->to_images(weight, planes, bias, relu, images);
    return;
  }
  const Index positions = geometry_.positions(), patch = geometry_.patch();
  const Index image_channels = geometry_.image.channels;
  if (back_) {
    Scalar* const turned = scratch(patch * channels_ + back_->padded_size());
    turn_kernels(weight, image_channels, geometry_.kernel, channels_, turned);
    correlate_all(*back_, turned, bias, relu, planes, image_channels, images,
                  turned + patch * channels_);
    return;
  }
  Scalar* const patches = scratch(geometry_.size());
  for (Index j = 0; j < images.cols(); ++j) {
    std::fill_n(patches, geometry_.size(), Scalar(0));
    add_product(readable(planes.col(j).data(), positions, channels_), Transpose::kNo,
                readable(weight, patch, channels_), Transpose::kYes,
                writable(patches, positions, patch));
    Scalar* const out = images.col(j).data();
    fill_channels(bias, image_channels, geometry_.image.rows * geometry_.image.columns, out);
    scatter_patches(geometry_, patches, out);
  }
  if (relu) relu_all(images);
}

// Both ways back need the padded image and the planes' wide form; and one of the two, padded, is
// the delta that the input's delta is made of.
void Correlation::from_planes(const Backward& b) const {
  if (!forth_) {
    if (b.y.size()) relu_slope_all(b.y, b.delta);
    gather_gradient(b.x, as_const(b.delta), b.weight_gradient);
    sum_channels(as_const(b.delta), channels_, b.bias_gradient);
    if (b.input_delta.size()) to_images(b.weight, as_const(b.delta), nullptr, false, b.input_delta);
    return;
  }
  const Index image_channels = geometry_.image.channels;
  const bool goes_on = b.input_delta.size() > 0;
  const bool shared = goes_on && forth_->shares_padding_with(*back_);
  const Index weights = geometry_.patch() * channels_;
  const Index sums_size = forth_->gradient_sums_size(channels_);
  ScratchParts parts(weights + sums_size + forth_->padded_size() + back_->padded_size() +
                         forth_->wide_size(channels_),
                     5);
  Scalar* const turned = parts.take(weights);
  Scalar* const sums = parts.take(sums_size);
  Scalar* const image = parts.take(forth_->padded_size(), forth_->first());
  Scalar* const planes = parts.take(back_->padded_size(), back_->first());
  Scalar* const wide = parts.take(forth_->wide_size(channels_));
  if (goes_on) turn_kernels(b.weight, image_channels, geometry_.kernel, channels_, turned);
  std::fill_n(sums, sums_size, Scalar(0));
  forth_->begin(image);
  if (goes_on) back_->begin(planes);
  if (!shared) forth_->begin_wide(channels_, wide);
  MatrixView input_delta = b.input_delta;
  for (Index j = 0; j < b.x.cols(); ++j) {
    const Scalar* const delta = b.delta.col(j).data();
    const Scalar* const y = column_or_null(b.y, j);
    forth_->pad(b.x.col(j).data(), nullptr, image);
    if (goes_on) back_->pad(delta, y, planes);
    forth_->add_gradient(
        image, shared ? forth_->wide_in(*back_, planes) : forth_->widen(delta, y, channels_, wide),
        channels_, sums);
    if (goes_on) {
      back_->correlate(planes, turned, nullptr, false, image_channels, input_delta.col(j).data());
    }
  }
  forth_->finish_gradient(sums, channels_, b.weight_gradient, b.bias_gradient);
}

void Correlation::from_images(const Backward& b) const {
  if (doubled_) {
    doubled_->from_images(b);
    return;
  }
  const Index image_channels = geometry_.image.channels;
  if (!forth_) {
    if (b.y.size()) relu_slope_all(b.y, b.delta);
    gather_gradient(as_const(b.delta), b.x, b.weight_gradient);
    sum_channels(as_const(b.delta), image_channels, b.bias_gradient);
    if (b.input_delta.size()) to_planes(b.weight, as_const(b.delta), nullptr, false, b.input_delta);
    return;
  }
  const Index weights = geometry_.patch() * channels_;
  const Index sums_size = forth_->gradient_sums_size(channels_);
  ScratchParts parts(weights + sums_size + forth_->padded_size() + forth_->wide_size(channels_), 4);
  Scalar* const arranged = parts.take(weights);
  Scalar* const sums = parts.take(sums_size);
  Scalar* const image = parts.take(forth_->padded_size(), forth_->first());
  Scalar* const wide = parts.take(forth_->wide_size(channels_));
  arrange_kernels(b.weight, geometry_.patch(), channels_, arranged);
  std::fill_n(sums, sums_size, Scalar(0));
  forth_->begin(image);
  forth_->begin_wide(channels_, wide);
  MatrixView input_delta = b.input_delta;
  for (Index j = 0; j < b.x.cols(); ++j) {
    forth_->pad(b.delta.col(j).data(), column_or_null(b.y, j), image);
    for (Index c = 0; c < image_channels; ++c) {
      b.bias_gradient[c] +=
          static_cast<Scalar>(kernels().sum(image + c * forth_->plane(), forth_->plane()));
    }
    forth_->add_gradient(image, forth_->widen(b.x.col(j).data(), nullptr, channels_, wide),
                         channels_, sums);
    if (input_delta.size()) {
      forth_->correlate(image, arranged, nullptr, false, channels_, input_delta.col(j).data());
    }
  }
  forth_->finish_gradient(sums, channels_, b.weight_gradient, nullptr);
}

void Correlation::gather_gradient(const ConstMatrixView& images, const ConstMatrixView& planes,
                                  Scalar* gradient) const {
  const Index positions = geometry_.positions(), patch = geometry_.patch();
  Scalar* const patches = scratch(geometry_.size());
  for (Index j = 0; j < images.cols(); ++j) {
    gather_patches(geometry_, images.col(j).data(), patches);
    add_product(readable(patches, positions, patch), Transpose::kYes,
                readable(planes.col(j).data(), positions, channels_), Transpose::kNo,
                writable(gradient, patch, channels_));
  }
}

}  // namespace hourglass
