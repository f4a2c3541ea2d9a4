// Convolution with stride 1 without a matrix of patches: where an image has its zeros around it,
// every column of that matrix is a stretch of the image itself, and the products read it there.
#pragma once

#include <vector>

#include "core/base/shape.h"
#include "core/math/simd/interface.h"
#include "core/math/types.h"

namespace hourglass {

// An image with `padding` zeros on each side, and a square kernel that steps over it one pixel at a
// time. Images and results are compact: channel by channel, row by row.
class PaddedCorrelation {
 public:
  PaddedCorrelation(ImageShape image, Index kernel, Index padding);

  // Numbers that a padded image needs.
  Index padded_size() const { return padded_size_; }
  // Numbers of one padded channel, and where in it its first pixel is.
  Index plane() const { return plane_; }
  Index first() const { return padding_ * width_ + padding_; }

  // What is the same for all images in a padded one: call it once, then pad() for each.
  void begin(Scalar* padded) const;
  // `padded` from `image`, or, where `y` is not null, from what is left of it where y > 0.
  void pad(const Scalar* image, const Scalar* y, Scalar* padded) const;

  // out = bias + sum_k weight[k] * (the padded image, shifted by k), for each of the output's
  // channels; `weight` is depth x channels, row-major, `bias` may be null. With `relu`, the
  // result's.
  void correlate(const Scalar* padded, const Scalar* weight, const Scalar* bias, bool relu,
                 Index channels, Scalar* out) const;

  // The output's deltas, as the kernels' gradient reads them: each channel's rows as far apart as
  // those of the padded image, with zeros in between and behind, up to a whole vector.
  struct PaddedRows {
    const Scalar* data;
    Index stride;  // from one channel to the next
  };
  Index padded_rows_size(Index channels) const { return channels * count_; }
  // The same as begin() and pad(), for padded_rows_size() numbers.
  void begin_padded_rows(Index channels, Scalar* wide) const;
  PaddedRows pad_rows(const Scalar* deltas, const Scalar* y, Index channels, Scalar* wide) const;
  // Whether the padded deltas that `back`, the correlation that leads from the output back to the
  // image, has of them can be read as they are, by padded_rows_in().
  bool shares_padding_with(const PaddedCorrelation& back) const;
  PaddedRows padded_rows_in(const PaddedCorrelation& back, const Scalar* padded) const;

  // The gradients of kernels and bias, over as many images as one likes: adds to `sums`,
  // gradient_sums_size() numbers that begin as 0, the products of each channel's deltas and the
  // padded image shifted by k. At the end they are summed and added to `gradient` (depth x
  // channels, column-major) and, where it is not null, `bias` (channels).
  Index gradient_sums_size(Index channels) const;
  void add_gradient(const Scalar* padded, PaddedRows wide, Index channels, Scalar* sums) const;
  void finish_gradient(const Scalar* sums, Index channels, Scalar* gradient, Scalar* bias) const;

 private:
  ImageShape image_;
  Index padding_;
  Index rows_, columns_;  // of the output
  Index width_, plane_;   // of the padded image
  Index count_;           // numbers of a wide channel
  Index padded_size_;
  Index depth_;  // channels * kernel^2
  // Of each row of the kernel matrix in the padded image; and one more, where the image has ones,
  // with which the deltas' products are the bias's gradient.
  std::vector<Index> offsets_;
};

// The kernel matrix as correlate() reads it: depth x channels from column-major to row-major.
void transpose_weights(const Scalar* weight, Index depth, Index channels, Scalar* arranged);
// That of the transpose: from depth x channels (column-major) of an image with `image_channels`, to
// (channels * kernel^2) x image_channels (row-major), with each kernel turned around. With padding
// kernel - 1 - padding it takes an output's delta back to the image's.
void flip_kernels(const Scalar* weight, Index image_channels, Index kernel, Index channels,
                  Scalar* turned);

}  // namespace hourglass
