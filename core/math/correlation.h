// The three products of a convolution and of its transpose, over whole columns of samples.
#pragma once

#include <optional>

#include "core/math/convolve.h"
#include "core/math/patches.h"
#include "core/math/types.h"

namespace hourglass {

// A kernel matrix W, patch x channels (one channel per column), between images and planes: `images`
// are geometry.image.features() x n, `planes` geometry.positions() * channels x n. With P the matrix of
// an image's patches (positions x patch):
//   to_planes()    planes = P(image) W
//   to_images()    image = P^-1(planes W'), where P^-1 adds each patch to where it was taken from
//   from_planes(), from_images()    their gradients
// With stride 1 the image is read in place; else its patches are gathered, for the general product.
class Correlation {
 public:
  Correlation(const Patches& geometry, Index channels);

  const Patches& geometry() const { return geometry_; }
  Index channels() const { return channels_; }

  // The bias has one number per output channel; none if null. With `relu`, that of the result.
  void to_planes(const Scalar* weight, const ConstMatrixView& images, const Scalar* bias, bool relu,
                 MatrixView planes) const;
  void to_images(const Scalar* weight, const ConstMatrixView& planes, const Scalar* bias, bool relu,
                 MatrixView images) const;

  // What goes back through a product.
  struct Backward {
    const Scalar* weight;
    ConstMatrixView x;     // what the product took
    // The gradient of the loss by what it gave. Where `y` is not empty, y is the relu of the result and
    // delta comes as the gradient by y; it may be changed.
    MatrixView delta;
    ConstMatrixView y;
    // Are added to, in the order of the samples: patch x channels, and a number per output channel.
    Scalar *weight_gradient, *bias_gradient;
    MatrixView input_delta;  // the gradient by x, overwritten; empty if nobody needs it
  };
  void from_planes(const Backward& b) const;
  void from_images(const Backward& b) const;

 private:
  void gather_gradient(const ConstMatrixView& images, const ConstMatrixView& planes,
                       Scalar* gradient) const;

  Patches geometry_;
  Index channels_;
  // With stride 1: over the image, and over the planes on the way back.
  std::optional<StrideOne> forth_, back_;
};

}  // namespace hourglass
