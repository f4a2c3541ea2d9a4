// Fully connected layers.
#pragma once

#include <array>

#include "core/math/gemm/gemm.h"
#include "core/nn/layers/activation.h"
#include "core/nn/layers/layer.h"

namespace hourglass {

// y = f(W' x + b), with W inputs x units (one unit per column) and b one number per unit. With
// delta the gradient by the pre-activations:
//   dx = W delta,   dW = x delta',   db = the sum of delta over the batch
// (Rumelhart, Hinton and Williams 1986). Where x comes as lists too and few of its numbers are not
// 0, W' x and x delta' go through these alone, with the same results but for rounding.
class Dense final : public Layer {
 public:
  // Adds its slices to `layout` as NAME.weight and NAME.bias.
  Dense(const std::string& name, Index inputs, ImageShape output, Activation activation,
        ParameterLayout& layout);

  Activation activation() const override { return activation_; }
  ImageShape output_shape() const override { return output_; }
  std::span<const int> parameters() const override { return parameters_; }

  void pack(int parameter, Index first, Index count, const Scalar* parameters,
            Scalar* packed) const override;
  void forward(const Pass& pass, const Scalar* parameters, const ForwardViews& v) const override;
  void backward(const Pass& pass, const Scalar* parameters, const BackwardViews& v) const override;
  void add_gradient(int parameter, Index first, Index count, const GradientViews& v,
                    Scalar* gradient) const override;

  // W', packed, which only a pass in training has.
  PackedMatrix packed_weight(const Scalar* packed) const;
  Index packed_offset() const { return packed_offset_; }

  Index inputs() const { return inputs_; }
  // The layout's index of W.
  int weight() const { return parameters_[0]; }
  ConstMatrixView weight(const Scalar* parameters) const;

 private:
  Index inputs_;
  ImageShape output_;
  Activation activation_;
  Index weight_offset_ = 0, bias_offset_ = 0, packed_offset_ = 0;
  std::array<int, 2> parameters_{};  // weight, bias
};

// y = f(W x + b), with the W of another dense layer: that layer turned around, with half the
// parameters. Its own is b alone. dx = W' delta; to the shared slice it adds dW = delta x'.
class TiedDense final : public Layer {
 public:
  // `source` and its input shape `output` describe the layer whose weights these are. Adds
  // NAME.bias.
  TiedDense(const std::string& name, const Dense& source, ImageShape output, Activation activation,
            ParameterLayout& layout);

  Activation activation() const override { return activation_; }
  ImageShape output_shape() const override { return output_; }
  std::span<const int> parameters() const override { return parameters_; }

  void forward(const Pass& pass, const Scalar* parameters, const ForwardViews& v) const override;
  void backward(const Pass& pass, const Scalar* parameters, const BackwardViews& v) const override;
  void add_gradient(int parameter, Index first, Index count, const GradientViews& v,
                    Scalar* gradient) const override;

 private:
  ConstMatrixView weight(const Scalar* parameters) const;

  Index inputs_;
  ImageShape output_;
  Activation activation_;
  // packed: of the source's W'
  Index weight_offset_ = 0, bias_offset_ = 0, packed_offset_ = 0;
  std::array<int, 2> parameters_{};  // the source's weight, bias
};

}  // namespace hourglass
