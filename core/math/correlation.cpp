#include "core/math/correlation.h"

#include <algorithm>

#include "core/math/gemm.h"

namespace hourglass {
namespace {

// Scratch of one thread, kept: layers hold no numbers themselves.
Scalar* scratch(Index size) {
  static thread_local Vector room;
  if (room.size() < size) room.resize(size);
  return room.data();
}

ConstMatrixView readable(const Scalar* data, Index rows, Index columns) {
  return {data, rows, columns, Eigen::OuterStride<>(rows)};
}
MatrixView writable(Scalar* data, Index rows, Index columns) {
  return {data, rows, columns, Eigen::OuterStride<>(rows)};
}

void fill_channels(const Scalar* bias, Index channels, Index plane, Scalar* out) {
  for (Index c = 0; c < channels; ++c) std::fill_n(out + c * plane, plane, bias ? bias[c] : 0);
}

// out[j] = correlation of from[j] with `weight` (geometry.depth() x channels).
void correlate_all(const StrideOne& geometry, const Scalar* weight, Index channels,
                   const ConstMatrixView& from, const Scalar* bias, MatrixView out, Scalar* room) {
  Scalar* const padded = room;
  Scalar* const wide = padded + geometry.padded_size();
  for (Index j = 0; j < out.cols(); ++j) {
    geometry.pad(from.col(j).data(), padded);
    geometry.correlate(padded, weight, channels, wide);
    geometry.crop(wide, channels, bias, out.col(j).data());
  }
}

Index correlate_room(const StrideOne& geometry, Index channels) {
  return geometry.padded_size() + channels * geometry.wide_size();
}

}  // namespace

Correlation::Correlation(const Patches& geometry, Index channels)
    : geometry_(geometry), channels_(channels) {
  if (geometry.stride != 1) return;
  forth_.emplace(geometry.image, geometry.kernel, geometry.padding);
  back_.emplace(ImageShape{channels, geometry.rows, geometry.columns}, geometry.kernel,
                geometry.kernel - 1 - geometry.padding);
}

void Correlation::to_planes(const Scalar* weight, const ConstMatrixView& images,
                            const Scalar* bias, MatrixView planes) const {
  const Index positions = geometry_.positions(), patch = geometry_.patch();
  if (forth_) {
    correlate_all(*forth_, weight, channels_, images, bias, planes,
                  scratch(correlate_room(*forth_, channels_)));
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
}

void Correlation::to_images(const Scalar* weight, const ConstMatrixView& planes,
                            const Scalar* bias, MatrixView images) const {
  const Index positions = geometry_.positions(), patch = geometry_.patch();
  const Index image_channels = geometry_.image.channels;
  if (back_) {
    Scalar* const turned = scratch(patch * channels_ + correlate_room(*back_, image_channels));
    turn_kernels(weight, image_channels, geometry_.kernel, channels_, turned);
    correlate_all(*back_, turned, image_channels, planes, bias, images,
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
}

void Correlation::add_gradient(const ConstMatrixView& images, const ConstMatrixView& planes,
                               Scalar* gradient) const {
  const Index positions = geometry_.positions(), patch = geometry_.patch();
  if (forth_) {
    const Index sums_size = forth_->gradient_sums_size(channels_);
    Scalar* const padded =
        scratch(forth_->padded_size() + channels_ * forth_->wide_size() + sums_size);
    Scalar* const wide = padded + forth_->padded_size();
    Scalar* const sums = wide + channels_ * forth_->wide_size();
    std::fill_n(sums, sums_size, Scalar(0));
    for (Index j = 0; j < images.cols(); ++j) {
      forth_->pad(images.col(j).data(), padded);
      forth_->widen(planes.col(j).data(), channels_, wide);
      forth_->add_kernel_gradient(padded, wide, channels_, sums);
    }
    forth_->finish_kernel_gradient(sums, channels_, gradient);
    return;
  }
  Scalar* const patches = scratch(geometry_.size());
  for (Index j = 0; j < images.cols(); ++j) {
    gather_patches(geometry_, images.col(j).data(), patches);
    add_product(readable(patches, positions, patch), Transpose::kYes,
                readable(planes.col(j).data(), positions, channels_), Transpose::kNo,
                writable(gradient, patch, channels_));
  }
}

}  // namespace hourglass
