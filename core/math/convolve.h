// Convolution with stride 1 without a matrix of patches: where an image has its zeros around it, every
// column of that matrix is a stretch of the image itself, and the products read it there.
#pragma once

#include <vector>

#include "core/math/kernels/interface.h"
#include "core/math/shape.h"
#include "core/math/types.h"

namespace hourglass {

// An image with `padding` zeros on each side, and a square kernel that steps over it one pixel at a
// time. Results come in a wide form: one row of numbers per output channel in which an image's rows
// lie as far apart as they do in the padded image, with numbers of no meaning in between.
class StrideOne {
 public:
  StrideOne(ImageShape image, Index kernel, Index padding);

  ImageShape output(Index channels) const { return {channels, rows_, columns_}; }
  Index depth() const { return static_cast<Index>(offsets_.size()); }  // channels * kernel^2
  // Numbers that a padded image and one channel of a wide result need; what is behind the last pixel
  // must be there, and finite.
  Index padded_size() const { return padded_size_; }
  Index wide_size() const { return wide_size_; }

  // `padded` from `image` (channel by channel, row by row).
  void pad(const Scalar* image, Scalar* padded) const;
  // Result to compact planes: out[c][row][column] = wide[c][row][column] + bias[c]; no bias if null.
  void crop(const Scalar* wide, Index channels, const Scalar* bias, Scalar* out) const;
  // The inverse, with zeros in between.
  void widen(const Scalar* planes, Index channels, Scalar* wide) const;

  // wide[c] = sum_k weight[k][c] * (the padded image, shifted by k); `weight` is depth x channels,
  // column-major.
  void correlate(const Scalar* padded, const Scalar* weight, Index channels, Scalar* wide) const;
  // The gradient of the kernel matrix, over as many images as one likes: adds to `sums`,
  // gradient_sums_size() numbers that begin as 0, the products of wide[c] and the padded image shifted
  // by k. `wide` comes from widen(). At the end they are summed and added to `gradient` (depth x
  // channels, column-major).
  Index gradient_sums_size(Index channels) const;
  void add_kernel_gradient(const Scalar* padded, Scalar* wide, Index channels, Scalar* sums) const;
  void finish_kernel_gradient(const Scalar* sums, Index channels, Scalar* gradient) const;

 private:
  CorrelateTask task(const Scalar* padded, Scalar* wide, Index channels) const;

  ImageShape image_;
  Index padding_;
  Index rows_, columns_;         // of the output
  Index width_, plane_;          // of the padded image
  Index used_;                   // numbers of a wide channel up to the last that means something
  Index padded_size_, wide_size_;
  std::vector<Index> offsets_;   // of each row of the kernel matrix in the padded image
};

// The kernel matrix of the transpose: from depth x channels of an image with `image_channels`, to
// (channels * kernel^2) x image_channels, with each kernel turned around. With padding
// kernel - 1 - padding it takes an output's delta back to the image's.
void turn_kernels(const Scalar* weight, Index image_channels, Index kernel, Index channels,
                  Scalar* turned);

}  // namespace hourglass
