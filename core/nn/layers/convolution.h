// Convolution and its transpose.
#pragma once

#include <array>

#include "core/math/conv/conv_plan.h"
#include "core/nn/layers/layer.h"

namespace hourglass {

// The kernel of a convolution, square and the same in all channels.
struct Kernel {
  Index size = 3;
  Index stride = 1;
  Index padding = 1;  // zeros around the image
};

// Each output channel is the cross-correlation of the image with that channel's kernel (LeCun et
// al. 1989), plus its bias, through f. With P the matrix of patches of one sample (positions x
// patch) and W patch x channels (one output channel per column):
//   y = f(P W + b),   dP = delta W',   dW = the sum over samples of P' delta,   db = the sum of
//   delta
// The input's side n becomes (n + 2 padding - size) / stride + 1, rounded down.
class Convolution final : public Layer {
 public:
  // Adds NAME.weight (channels, input channels, size, size) and NAME.bias. `geometry` is what
  // geometry_on() gave.
  Convolution(const std::string& name, const ConvGeometry& geometry, Index channels,
              Activation activation, ParameterLayout& layout);

  // Where the kernel stands on an image of `input`. No positions where the kernel does not fit.
  static ConvGeometry geometry_on(ImageShape input, const Kernel& kernel);

  Activation activation() const override { return activation_; }
  ImageShape output_shape() const override { return output_; }
  std::span<const int> parameters() const override { return parameters_; }
  Index partial_size() const override;

  void forward(const Pass& pass, const Scalar* parameters, const ForwardViews& v) const override;
  void backward(const Pass& pass, const Scalar* parameters, const BackwardViews& v) const override;
  void add_gradient(int parameter, Index first, Index count, const GradientViews& v,
                    Scalar* gradient) const override;

  const ConvPlan& plan() const { return plan_; }
  // The layout's index of W.
  int weight() const { return parameters_[0]; }

 private:
  ConvPlan plan_;
  ImageShape output_;
  Activation activation_;
  Index weight_offset_ = 0, bias_offset_ = 0;
  std::array<int, 2> parameters_{};
};

// The transpose of a convolution (Zeiler et al. 2010): with W and P those of the convolution that
// leads from this layer's output back to its input,
//   y = f(P^-1(x W') + b), where P^-1 adds each patch to where it was taken from
//   dx = P(delta) W,   dW = the sum over samples of P(delta)' x
// The input's side n becomes (n - 1) stride - 2 padding + size + output_padding.
class TransposedConvolution final : public Layer {
 public:
  // Adds NAME.weight (input channels, channels, size, size) and NAME.bias; `geometry` is that of
  // the convolution back, whose positions are this layer's input of `input_channels`.
  // `input_is_upsampled`: the input is that of a Upsample of size 2 that gets sums, and
  // ConvPlan::can_fuse_upsampling() says that use can be made of it.
  TransposedConvolution(const std::string& name, const ConvGeometry& geometry, Index input_channels,
                        Activation activation, bool input_is_upsampled, ParameterLayout& layout);
  // With the weights of `source` (tied): its own is NAME.bias alone.
  TransposedConvolution(const std::string& name, const Convolution& source, Activation activation,
                        bool input_is_upsampled, ParameterLayout& layout);

  Activation activation() const override { return activation_; }
  ImageShape output_shape() const override { return plan_.geometry().image; }
  std::span<const int> parameters() const override { return parameters_; }
  Index partial_size() const override;

  void forward(const Pass& pass, const Scalar* parameters, const ForwardViews& v) const override;
  void backward(const Pass& pass, const Scalar* parameters, const BackwardViews& v) const override;
  void add_gradient(int parameter, Index first, Index count, const GradientViews& v,
                    Scalar* gradient) const override;

 private:
  void add_bias(const std::string& name, ParameterLayout& layout);

  ConvPlan plan_;
  Activation activation_;
  Index weight_offset_ = 0, bias_offset_ = 0;
  std::array<int, 2> parameters_{};
};

}  // namespace hourglass
