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
//   to_planes()     planes = P(image) W
//   to_images()     image = P^-1(planes W'), where P^-1 adds each patch to where it was taken from
//   add_gradient()  dW = P(image)' planes
// With stride 1 the image is read in place; else its patches are gathered, for the general product.
class Correlation {
 public:
  Correlation(const Patches& geometry, Index channels);

  const Patches& geometry() const { return geometry_; }
  Index channels() const { return channels_; }

  // The bias has one number per output channel; none if null.
  void to_planes(const Scalar* weight, const ConstMatrixView& images, const Scalar* bias,
                 MatrixView planes) const;
  void to_images(const Scalar* weight, const ConstMatrixView& planes, const Scalar* bias,
                 MatrixView images) const;
  // Adds to `gradient`, patch x channels, in the order of the samples.
  void add_gradient(const ConstMatrixView& images, const ConstMatrixView& planes,
                    Scalar* gradient) const;

 private:
  Patches geometry_;
  Index channels_;
  // With stride 1: over the image, and over the planes on the way back.
  std::optional<StrideOne> forth_, back_;
};

}  // namespace hourglass
