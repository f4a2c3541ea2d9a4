// The fully connected layer.
#pragma once

#include <array>

#include "core/nn/activation.h"
#include "core/nn/layer.h"

namespace hourglass {

// y = f(W' x + b), with W inputs x units (one unit per column) and b one number per unit. With delta
// the gradient by the pre-activations:
//   dx = W delta,   dW = x delta',   db = the sum of delta over the batch
// (Rumelhart, Hinton and Williams 1986).
class Dense final : public Layer {
 public:
  // Adds its slices to `layout` as NAME.weight and NAME.bias.
  Dense(const std::string& name, Index inputs, ImageShape output, Activation activation,
        ParameterLayout& layout);

  std::string_view kind() const override { return "dense"; }
  Activation activation() const override { return activation_; }
  ImageShape output_shape() const override { return output_; }
  std::span<const int> parameters() const override { return parameters_; }
  std::int64_t multiply_adds() const override;

  void forward(const Pass& pass, const Scalar* parameters, const ConstMatrixView& x,
               MatrixView y) const override;
  void backward(const Pass& pass, const Scalar* parameters, const ConstMatrixView& x,
                const ConstMatrixView& y, bool delta_is_fused, MatrixView delta,
                MatrixView input_delta) const override;
  void add_gradient(int parameter, Index first, Index count, const ConstMatrixView& x,
                    const ConstMatrixView& delta, Scalar* gradients) const override;

 private:
  ConstMatrixView weight(const Scalar* parameters) const;

  Index inputs_;
  ImageShape output_;
  Activation activation_;
  Index weight_offset_ = 0, bias_offset_ = 0;
  std::array<int, 2> parameters_{};  // weight, bias
};

}  // namespace hourglass
