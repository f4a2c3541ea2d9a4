// Convolution with stride 1 that reads the images in place.
#pragma once

#include "core/math/conv/conv_strategy.h"
#include "core/math/conv/padded_correlation.h"

namespace hourglass {

// With stride 1 both the convolution and its transpose are correlations, of the image and of the
// maps, each with zeros around it.
class DirectConv final : public ConvStrategy {
 public:
  static bool can(const ConvGeometry& geometry) { return geometry.stride == 1; }
  DirectConv(const ConvGeometry& geometry, Index channels);

  void forward(const Scalar* weight, const ConstMatrixView& images, const Scalar* bias, bool relu,
               MatrixView maps) const override;
  void transpose_forward(const Scalar* weight, const ConstMatrixView& maps, const Scalar* bias,
                         bool relu, MatrixView images) const override;
  void backward(const ConvBackward& b) const override;
  void transpose_backward(const ConvBackward& b) const override;

 private:
  ConvGeometry geometry_;
  Index channels_;
  PaddedCorrelation forward_;   // over the image
  PaddedCorrelation backward_;  // over the maps
};

}  // namespace hourglass
