// A term of the loss besides the difference of the reconstruction.
#pragma once

#include "core/math/types.h"
#include "core/nn/layers/layer.h"
#include "core/nn/layers/parameters.h"

namespace hourglass {

// Some columns of a batch at the code, as the forward pass has left them.
struct CodeViews {
  ConstMatrixView before;  // the input of the code layer: inputs x n
  ConstMatrixView code;    // its output, h: code size x n
};

// Columns [first, first + count) of a slice of the parameters.
struct WeightTile {
  int parameter;  // the layout's index of the slice
  const Parameter& slice;
  Index first, count;
  const Scalar* weights;  // slice.inputs x count
  // Of several processes, whose gradients are added up, one alone adds what does not depend on its
  // own samples.
  bool is_first_process;
};

// One term with its weight, for one model. Whoever trains or measures calls, for each mini-batch,
//   begin();  forward passes;  of_columns() for each chunk of columns;
//   where needs_code_means(), take_code_means() once all chunks have gone forward;
//   add_code_gradient() for each chunk;  of_code_means(), of_weights(), end_batch();
//   add_weight_gradient() for each tile of the weights.
// Const functions run at the same time on different columns or tiles. None is called for a single
// number, and none allocates. All have an answer of their own where a term does without.
class Regularizer {
 public:
  virtual ~Regularizer() = default;

  // Before the passes: `epochs` are done, with the fraction of the current one; infinite where a
  // network is measured, whose weights have their final values. `parameters` is the whole buffer.
  virtual void begin(const Scalar* /*parameters*/, double /*epochs*/) {}
  // Tells layers that add its gradient themselves, for a mini-batch of `samples`.
  virtual void set_pass(Index /*samples*/, Pass& /*pass*/) const {}

  // The weighted terms of single samples, summed over the columns.
  virtual double of_columns(const CodeViews& /*views*/) const { return 0; }

  // Whether the gradient wants to know the code's means over the whole mini-batch, which costs a
  // barrier between the passes forward and backward.
  virtual bool needs_code_means() const { return false; }
  virtual void take_code_means(const Vector& /*means*/) {}
  // The weighted term of a whole batch whose code has these means.
  virtual double of_code_means(const Vector& /*means*/) const { return 0; }

  // Adds to `delta`, the gradient by the code's output, `scale` times that of the terms above; for
  // a mini-batch of n, `scale` is 1 / n.
  virtual void add_code_gradient(Scalar /*scale*/, const CodeViews& /*views*/,
                                 MatrixView /*delta*/) const {}

  // The weighted term of the weights alone.
  virtual double of_weights(const ParameterLayout& /*layout*/, const Scalar* /*parameters*/) const {
    return 0;
  }

  // After the passes: `code` are the columns of this process, of a mini-batch of `samples`.
  virtual void end_batch(const ConstMatrixView& /*code*/, Index /*samples*/) {}
  // Adds its gradient by the weights of a tile, besides what goes through the code.
  virtual void add_weight_gradient(const WeightTile& /*tile*/,
                                   Eigen::Map<Vector> /*gradient*/) const {}
};

}  // namespace hourglass
