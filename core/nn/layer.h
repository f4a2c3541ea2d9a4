// What every layer does.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/math/shape.h"
#include "core/nn/activation.h"
#include "core/nn/parameters.h"

namespace hourglass {

// What a pass through the network is for; the same for all layers and columns of a mini-batch.
struct Pass {
  bool training = false;   // false: dropout and the like are off
  std::uint64_t seed = 0;  // of the run
  std::uint32_t step = 0;  // of training, for random draws
};

// A layer is configured once, when the model is built: it knows its shapes and its slices of the
// parameters, and holds no numbers itself. All functions are pure and may run at the same time on
// different columns of a batch. Matrices hold one sample per column.
class Layer {
 public:
  virtual ~Layer() = default;

  virtual std::string_view kind() const = 0;
  // Of the output, which is what the gradient of the loss is fused with; linear if there is none.
  virtual Activation activation() const = 0;
  virtual ImageShape output_shape() const = 0;
  // The layout's indices of the slices that the layer reads.
  virtual std::span<const int> parameters() const = 0;
  // Multiplications and additions, counted as one, for one sample's forward().
  virtual std::int64_t multiply_adds() const = 0;

  // y = layer(x): inputs x n -> outputs x n, overwriting y. `parameters` is the whole buffer.
  virtual void forward(const Pass& pass, const Scalar* parameters, const ConstMatrixView& x,
                       MatrixView y) const = 0;

  // Given the gradient of the loss by y in `delta` (outputs x n), leaves there the one by the
  // pre-activations, for gradient() to use, and overwrites `input_delta` (inputs x n) with the one by
  // x. `input_delta` is empty where nobody needs it. With `delta_is_fused` the loss has already given
  // the gradient by the pre-activations.
  virtual void backward(const Pass& pass, const Scalar* parameters, const ConstMatrixView& x,
                        const ConstMatrixView& y, bool delta_is_fused, MatrixView delta,
                        MatrixView input_delta) const = 0;

  // Adds to the gradient of columns [first, first + count) of one slice what this layer contributes
  // over the whole batch. `parameter` is the layout's index of the slice; x and delta are those of
  // backward() for all columns of the batch.
  virtual void add_gradient(int parameter, Index first, Index count, const ConstMatrixView& x,
                            const ConstMatrixView& delta, Scalar* gradients) const = 0;
};

}  // namespace hourglass
