// The three products of a convolution and of its transpose, over whole columns of samples.
#pragma once

#include <optional>

#include "core/math/conv/direct_conv.h"
#include "core/math/conv/im2col.h"
#include "core/math/conv/upsample_conv.h"
#include "core/math/types.h"

namespace hourglass {

// A kernel matrix W, patch x channels (one channel per column), between images and maps: `images`
// are geometry.image.features() x n, `maps` geometry.positions() * channels x n. With P the
// matrix of an image's patches (positions x patch):
//   forward()             maps = P(image) W
//   transpose_forward()   image = P^-1(maps W'), where P^-1 adds each patch to where it was
//                         taken from
//   backward(), transpose_backward()   their gradients
// With stride 1 the image is read in place; else its patches are gathered, for the general product.
class Conv2d {
 public:
  // `input_is_upsampled` promises that of the maps each 2 x 2 pixels are equal; only
  // transpose_forward() and transpose_backward() are called then. See is_fused().
  Conv2d(const ConvGeometry& geometry, Index channels, bool input_is_upsampled = false);

  const ConvGeometry& geometry() const { return geometry_; }
  Index channels() const { return channels_; }
  // Whether use is made of that promise: then transpose_backward() gives its deltas as
  // UpsampleConv does.
  bool is_fused() const { return upsample_.has_value(); }

  // The bias has one number per output channel; none if null. With `relu`, that of the result.
  void forward(const Scalar* weight, const ConstMatrixView& images, const Scalar* bias, bool relu,
               MatrixView maps) const;
  void transpose_forward(const Scalar* weight, const ConstMatrixView& maps, const Scalar* bias,
                         bool relu, MatrixView images) const;

  // What goes back through forward() and through transpose_forward().
  using Backward = Conv2dBackward;
  void backward(const Backward& b) const;
  void transpose_backward(const Backward& b) const;

 private:
  void gather_gradient(const ConstMatrixView& images, const ConstMatrixView& maps,
                       Scalar* gradient) const;

  ConvGeometry geometry_;
  Index channels_;
  // With stride 1: over the image, and over the maps on the way back.
  std::optional<DirectConv> forward_, backward_;
  std::optional<UpsampleConv> upsample_;
};

}  // namespace hourglass
