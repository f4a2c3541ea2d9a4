#include "core/math/conv/im2col_conv.h"

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

}  // namespace

void Im2colConv::forward(const Scalar* weight, const ConstMatrixView& images, const Scalar* bias,
                         bool relu, MatrixView maps) const {
  const Index positions = geometry_.positions(), patch = geometry_.patch();
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

void Im2colConv::transpose_forward(const Scalar* weight, const ConstMatrixView& maps,
                                   const Scalar* bias, bool relu, MatrixView images) const {
  const Index positions = geometry_.positions(), patch = geometry_.patch();
  const Index image_channels = geometry_.image.channels;
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

void Im2colConv::backward(const ConvBackward& b) const {
  if (b.y.size()) relu_backward_all(b.y, b.delta);
  add_gradient(b.x, as_const(b.delta), b.weight_gradient);
  sum_channels(as_const(b.delta), channels_, b.bias_gradient);
  if (b.input_delta.size()) {
    transpose_forward(b.weight, as_const(b.delta), nullptr, false, b.input_delta);
  }
}

void Im2colConv::transpose_backward(const ConvBackward& b) const {
  if (b.y.size()) relu_backward_all(b.y, b.delta);
  add_gradient(as_const(b.delta), b.x, b.weight_gradient);
  sum_channels(as_const(b.delta), geometry_.image.channels, b.bias_gradient);
  if (b.input_delta.size()) {
    forward(b.weight, as_const(b.delta), nullptr, false, b.input_delta);
  }
}

void Im2colConv::add_gradient(const ConstMatrixView& images, const ConstMatrixView& maps,
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
