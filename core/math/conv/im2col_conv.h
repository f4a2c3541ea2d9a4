// Convolution of any stride, lowered to matrix products.
#pragma once

#include "core/math/conv/conv_strategy.h"

namespace hourglass {

// Gathers the patches of each image into a matrix, for the general product: kernel^2 times the
// image's memory traffic.
class Im2colConv final : public ConvStrategy {
 public:
  Im2colConv(const ConvGeometry& geometry, Index channels)
      : geometry_(geometry), channels_(channels) {}

  void forward(const Scalar* weight, const ConstMatrixView& images, const Scalar* bias, bool relu,
               MatrixView maps) const override;
  void transpose_forward(const Scalar* weight, const ConstMatrixView& maps, const Scalar* bias,
                         bool relu, MatrixView images) const override;
  void backward(const ConvBackward& b) const override;
  void transpose_backward(const ConvBackward& b) const override;

 private:
  void add_gradient(const ConstMatrixView& images, const ConstMatrixView& maps,
                    Scalar* gradient) const;

  ConvGeometry geometry_;
  Index channels_;
};

}  // namespace hourglass
