// The three products of a convolution and of its transpose, over whole columns of samples.
#pragma once

#include <optional>

#include "core/math/convolve.h"
#include "core/math/doubled.h"
#include "core/math/patches.h"
#include "core/math/types.h"

namespace hourglass {

// A kernel matrix W, patch x channels (one channel per column), between images and planes: `images`
// are geometry.image.features() x n, `planes` geometry.positions() * channels x n. With P the
// matrix of an image's patches (positions x patch):
//   to_planes()    planes = P(image) W
//   to_images()    image = P^-1(planes W'), where P^-1 adds each patch to where it was taken from
//   from_planes(), from_images()    their gradients
// With stride 1 the image is read in place; else its patches are gathered, for the general product.
class Correlation {
 public:
  // `planes_are_doubled` promises that of the planes each 2 x 2 pixels are equal; only to_images()
  // and from_images() are called then. See takes_halves().
  Correlation(const Patches& geometry, Index channels, bool planes_are_doubled = false);

  const Patches& geometry() const { return geometry_; }
  Index channels() const { return channels_; }
  // Whether use is made of that promise: then from_images() gives its deltas as Doubled does.
  bool takes_halves() const { return doubled_.has_value(); }

  // The bias has one number per output channel; none if null. With `relu`, that of the result.
  void to_planes(const Scalar* weight, const ConstMatrixView& images, const Scalar* bias, bool relu,
                 MatrixView planes) const;
  void to_images(const Scalar* weight, const ConstMatrixView& planes, const Scalar* bias, bool relu,
                 MatrixView images) const;

  // What goes back through to_planes() and through to_images().
  using Backward = CorrelationBackward;
  void from_planes(const Backward& b) const;
  void from_images(const Backward& b) const;

 private:
  void gather_gradient(const ConstMatrixView& images, const ConstMatrixView& planes,
                       Scalar* gradient) const;

  Patches geometry_;
  Index channels_;
  // With stride 1: over the image, and over the planes on the way back.
  std::optional<StrideOne> forth_, back_;
  std::optional<Doubled> doubled_;
};

}  // namespace hourglass
