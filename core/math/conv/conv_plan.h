// How a convolution of a layer is computed: one of three strategies, chosen once by shapes alone.
#pragma once

#include <memory>

#include "core/math/conv/conv_strategy.h"

namespace hourglass {

// UpsampleConv where the input is upsampled and that can be fused, DirectConv with stride 1,
// Im2colConv otherwise. The products are those of ConvStrategy.
class ConvPlan {
 public:
  // `input_is_upsampled` promises that of the maps each 2 x 2 pixels are equal; only
  // transpose_forward() and transpose_backward() are called then.
  ConvPlan(const ConvGeometry& geometry, Index channels, bool input_is_upsampled = false);

  // Whether use can be made of that promise: then transpose_backward() gives its deltas as
  // UpsampleConv does.
  static bool can_fuse_upsampling(const ConvGeometry& geometry);

  const ConvGeometry& geometry() const { return geometry_; }
  Index channels() const { return channels_; }
  bool is_fused() const { return is_fused_; }

  void forward(const Scalar* weight, const ConstMatrixView& images, const Scalar* bias, bool relu,
               MatrixView maps) const {
    strategy_->forward(weight, images, bias, relu, maps);
  }
  void transpose_forward(const Scalar* weight, const ConstMatrixView& maps, const Scalar* bias,
                         bool relu, MatrixView images) const {
    strategy_->transpose_forward(weight, maps, bias, relu, images);
  }
  void backward(const ConvBackward& b) const { strategy_->backward(b); }
  void transpose_backward(const ConvBackward& b) const { strategy_->transpose_backward(b); }

 private:
  ConvGeometry geometry_;
  Index channels_;
  bool is_fused_;
  std::unique_ptr<const ConvStrategy> strategy_;
};

}  // namespace hourglass
