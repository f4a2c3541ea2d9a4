// The four products of a convolution, however they are computed.
#pragma once

#include "core/math/conv/im2col.h"
#include "core/math/types.h"

namespace hourglass {

// What goes back through a product.
struct ConvBackward {
  const Scalar* weight;
  ConstMatrixView x;  // what the product took
  // The gradient of the loss by what it gave. Where `y` is not empty, y is the relu of the result
  // and delta comes as the gradient by y; it may be changed.
  MatrixView delta;
  ConstMatrixView y;
  // Are added to, in the order of the samples: patch x channels, and a number per output channel.
  Scalar *weight_gradient, *bias_gradient;
  MatrixView input_delta;  // the gradient by x, overwritten; empty if nobody needs it
};

// A kernel matrix W, patch x channels (one channel per column), between images and maps, whole
// columns of samples: `images` are geometry.image.features() x n, `maps` geometry.positions() *
// channels x n. With P the matrix of an image's patches (positions x patch):
//   forward()             maps = P(image) W
//   transpose_forward()   image = P^-1(maps W'), where P^-1 adds each patch to where it was
//                         taken from
//   backward(), transpose_backward()   what goes back through these
// The bias has one number per output channel; none if null. With `relu`, that of the result.
class ConvStrategy {
 public:
  virtual ~ConvStrategy() = default;

  virtual void forward(const Scalar* weight, const ConstMatrixView& images, const Scalar* bias,
                       bool relu, MatrixView maps) const = 0;
  virtual void transpose_forward(const Scalar* weight, const ConstMatrixView& maps,
                                 const Scalar* bias, bool relu, MatrixView images) const = 0;
  virtual void backward(const ConvBackward& b) const = 0;
  virtual void transpose_backward(const ConvBackward& b) const = 0;
};

}  // namespace hourglass
