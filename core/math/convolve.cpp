#include "core/math/convolve.h"

#include <algorithm>

#include "core/math/kernels/kernels.h"

namespace hourglass {

StrideOne::StrideOne(ImageShape image, Index kernel, Index padding)
    : image_(image),
      padding_(padding),
      rows_(image.rows + 2 * padding - kernel + 1),
      columns_(image.columns + 2 * padding - kernel + 1),
      width_(image.columns + 2 * padding),
      plane_(width_ * (image.rows + 2 * padding)),
      used_((rows_ - 1) * width_ + columns_),
      padded_size_(image.channels * plane_ + kCorrelateSlack),
      wide_size_((used_ + kMostLanes - 1) / kMostLanes * kMostLanes) {
  for (Index c = 0; c < image.channels; ++c) {
    for (Index ky = 0; ky < kernel; ++ky) {
      for (Index kx = 0; kx < kernel; ++kx) offsets_.push_back(c * plane_ + ky * width_ + kx);
    }
  }
}

void StrideOne::pad(const Scalar* image, Scalar* padded) const {
  std::fill_n(padded, padded_size_, Scalar(0));
  const Index area = image_.rows * image_.columns;
  for (Index c = 0; c < image_.channels; ++c) {
    kernels().copy_rows(image + c * area, image_.columns,
                        padded + c * plane_ + padding_ * width_ + padding_, width_, image_.rows,
                        image_.columns, 0);
  }
}

void StrideOne::crop(const Scalar* wide, Index channels, const Scalar* bias, Scalar* out) const {
  for (Index c = 0; c < channels; ++c) {
    kernels().copy_rows(wide + c * wide_size_, width_, out + c * rows_ * columns_, columns_, rows_,
                        columns_, bias ? bias[c] : Scalar(0));
  }
}

void StrideOne::widen(const Scalar* planes, Index channels, Scalar* wide) const {
  std::fill_n(wide, channels * wide_size_, Scalar(0));
  for (Index c = 0; c < channels; ++c) {
    kernels().copy_rows(planes + c * rows_ * columns_, columns_, wide + c * wide_size_, width_,
                        rows_, columns_, 0);
  }
}

CorrelateTask StrideOne::task(const Scalar* padded, Scalar* wide, Index channels) const {
  return {.image = padded,
          .offsets = offsets_.data(),
          .depth = depth(),
          .channels = channels,
          .count = used_,
          .wide = wide,
          .wide_stride = wide_size_,
          .weight = nullptr,
          .sums = nullptr};
}

void StrideOne::correlate(const Scalar* padded, const Scalar* weight, Index channels,
                          Scalar* wide) const {
  CorrelateTask forth = task(padded, wide, channels);
  forth.weight = weight;
  kernels().correlate(forth);
}

Index StrideOne::gradient_sums_size(Index channels) const {
  return depth() * channels * kernels().lanes;
}

void StrideOne::add_kernel_gradient(const Scalar* padded, Scalar* wide, Index channels,
                                    Scalar* sums) const {
  CorrelateTask back = task(padded, wide, channels);
  back.sums = sums;
  kernels().add_correlate_gradient(back);
}

void StrideOne::finish_kernel_gradient(const Scalar* sums, Index channels,
                                       Scalar* gradient) const {
  kernels().add_lanes(sums, depth() * channels, gradient);
}

void turn_kernels(const Scalar* weight, Index image_channels, Index kernel, Index channels,
                  Scalar* turned) {
  const Index area = kernel * kernel;
  for (Index image = 0; image < image_channels; ++image) {
    for (Index c = 0; c < channels; ++c) {
      const Scalar* const from = weight + (c * image_channels + image) * area;
      Scalar* const to = turned + (image * channels + c) * area;
      std::reverse_copy(from, from + area, to);
    }
  }
}

}  // namespace hourglass
