#include "core/math/conv/padded_correlation.h"

#include <algorithm>

#include "core/math/scratch.h"
#include "core/math/simd/kernels.h"

namespace hourglass {
namespace {}  // namespace

PaddedCorrelation::PaddedCorrelation(ImageShape image, Index kernel, Index padding)
    : image_(image),
      padding_(padding),
      rows_(image.rows + 2 * padding - kernel + 1),
      columns_(image.columns + 2 * padding - kernel + 1),
      width_(image.columns + 2 * padding),
      plane_(whole_vectors(width_ * (image.rows + 2 * padding))),
      count_(whole_vectors((rows_ - 1) * width_ + columns_)),
      padded_size_(image.channels * plane_ + kCorrelateSlack + count_),
      depth_(image.channels * kernel * kernel) {
  for (Index c = 0; c < image.channels; ++c) {
    for (Index ky = 0; ky < kernel; ++ky) {
      for (Index kx = 0; kx < kernel; ++kx) offsets_.push_back(c * plane_ + ky * width_ + kx);
    }
  }
  offsets_.push_back(padded_size_ - count_);
}

void PaddedCorrelation::begin(Scalar* padded) const {
  std::fill_n(padded, padded_size_ - count_, Scalar(0));
  std::fill_n(padded + padded_size_ - count_, count_, Scalar(1));
}

void PaddedCorrelation::pad(const Scalar* image, const Scalar* y, Scalar* padded) const {
  const Index area = image_.rows * image_.columns;
  Scalar* const first_pixel = padded + first();
  for (Index c = 0; c < image_.channels; ++c) {
    kernels().copy_rows(image + c * area, y ? y + c * area : nullptr, image_.rows, image_.columns,
                        first_pixel + c * plane_, width_);
  }
}

void PaddedCorrelation::correlate(const Scalar* padded, const Scalar* weight, const Scalar* bias,
                                  bool relu, Index channels, Scalar* out) const {
  kernels().correlate({.image = padded,
                       .width = width_,
                       .offsets = offsets_.data(),
                       .depth = depth_,
                       .weight = weight,
                       .bias = bias,
                       .relu = relu,
                       .channels = channels,
                       .rows = rows_,
                       .columns = columns_,
                       .out = out});
}

void PaddedCorrelation::begin_padded_rows(Index channels, Scalar* wide) const {
  std::fill_n(wide, padded_rows_size(channels), Scalar(0));
}

PaddedCorrelation::PaddedRows PaddedCorrelation::pad_rows(const Scalar* deltas, const Scalar* y,
                                                          Index channels, Scalar* wide) const {
  const Index area = rows_ * columns_;
  for (Index c = 0; c < channels; ++c) {
    kernels().copy_rows(deltas + c * area, y ? y + c * area : nullptr, rows_, columns_,
                        wide + c * count_, width_);
  }
  return {wide, count_};
}

bool PaddedCorrelation::shares_padding_with(const PaddedCorrelation& back) const {
  // Behind a channel's last delta there must be zeros up to count_: those of its own lower right
  // end and of the next channel's upper left one, or of the slack.
  return back.width_ == width_ && count_ - ((rows_ - 1) * width_ + columns_) <= 2 * back.first();
}

PaddedCorrelation::PaddedRows PaddedCorrelation::padded_rows_in(const PaddedCorrelation& back,
                                                                const Scalar* padded) const {
  return {padded + back.first(), back.plane_};
}

Index PaddedCorrelation::gradient_sums_size(Index channels) const {
  return (depth_ + 1) * channels * kernels().lanes;
}

void PaddedCorrelation::add_gradient(const Scalar* padded, PaddedRows wide, Index channels,
                                     Scalar* sums) const {
  kernels().add_correlate_gradient({.image = padded,
                                    .offsets = offsets_.data(),
                                    .depth = depth_ + 1,
                                    .channels = channels,
                                    .wide = wide.data,
                                    .wide_stride = wide.stride,
                                    .count = count_,
                                    .sums = sums});
}

void PaddedCorrelation::finish_gradient(const Scalar* sums, Index channels, Scalar* gradient,
                                        Scalar* bias) const {
  const Index lanes = kernels().lanes;
  for (Index c = 0; c < channels; ++c, sums += (depth_ + 1) * lanes) {
    kernels().add_lanes(sums, depth_, gradient + c * depth_);
    if (bias) kernels().add_lanes(sums + depth_ * lanes, 1, bias + c);
  }
}

void transpose_weights(const Scalar* weight, Index depth, Index channels, Scalar* arranged) {
  for (Index c = 0; c < channels; ++c) {
    for (Index k = 0; k < depth; ++k) arranged[k * channels + c] = *weight++;
  }
}

void flip_kernels(const Scalar* weight, Index image_channels, Index kernel, Index channels,
                  Scalar* turned) {
  const Index area = kernel * kernel;
  for (Index c = 0; c < channels; ++c) {
    for (Index image = 0; image < image_channels; ++image) {
      for (Index k = area - 1; k >= 0; --k) {
        turned[(c * area + k) * image_channels + image] = *weight++;
      }
    }
  }
}

}  // namespace hourglass
