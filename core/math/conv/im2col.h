// The lowering of convolution to matrix products: an image as the matrix of its patches.
#pragma once

#include "core/base/shape.h"
#include "core/math/types.h"

namespace hourglass {

// A square kernel that steps over an image with zeros around it.
struct ConvGeometry {
  ImageShape image;
  Index kernel = 1;
  Index stride = 1;
  Index padding = 0;  // zeros on each side
  Index rows = 0;     // positions of the kernel, downwards
  Index columns = 0;  // and across

  Index positions() const { return rows * columns; }
  Index patch() const { return image.channels * kernel * kernel; }
  Index size() const { return positions() * patch(); }
};

// Fills `patches` (positions x patch, column-major: one column per channel and place in the kernel,
// so that a column is the shifted image and copies whole rows) from `image` (channel by channel,
// row by row). Times a kernel matrix of patch x channels it gives the convolution, channel by
// channel.
void im2col(const ConvGeometry& geometry, const Scalar* image, Scalar* patches);

// The transpose of im2col(): adds each number to the pixel that it was taken from.
void col2im(const ConvGeometry& geometry, const Scalar* patches, Scalar* image);

}  // namespace hourglass
