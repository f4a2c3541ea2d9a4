// What every layer does.
#pragma once

#include <cassert>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/base/shape.h"
#include "core/math/gemm/sparse_columns.h"
#include "core/nn/layers/activation.h"
#include "core/nn/layers/parameters.h"

namespace hourglass {

// A training batch is cut into chunks of at most this many columns, which go through all layers on
// their own. Measured: as fast as the whole batch in one product, and a batch of 256 still feeds
// eight threads.
inline constexpr Index kChunkColumns = 32;
// The columns of a chunk, where mini-batches have `batch` of them: fewer where that would be a
// single chunk otherwise, which feeds one thread alone.
Index chunk_columns(Index batch);

// What a pass through the network is for; the same for all layers and columns of a mini-batch.
struct Pass {
  bool training = false;   // false: dropout and the like are off
  std::uint64_t seed = 0;  // of the run
  std::uint32_t step = 0;  // of training, for random draws
  // What the Kullback-Leibler term of a Gaussian code counts for in the loss, for one sample.
  Scalar kl_scale = 0;
  // The packed copies of the weights, as Layer::pack() leaves them; null: none are kept, and every
  // product packs what it needs.
  const Scalar* packed = nullptr;
  // Where the loss's gradient is fused with the last layer's activation, that layer leaves its
  // pre-activations, and the loss makes their gradient of them in place.
  bool fuse_loss = false;
};

// The part of the workspace that a layer's forward pass touches: n columns of a batch.
struct ForwardViews {
  Index first;        // the first of these columns' index in the batch, for random draws
  ConstMatrixView x;  // inputs x n
  MatrixView y;       // outputs x n, overwritten
  MatrixView saved;   // saved_rows() x n, overwritten: what backward() wants besides x and y
  ConstMatrixView pool_indices;  // what the layer that pool_layer() names has saved
  bool outputs_logits = false;   // y is left without its activation
  // x as lists, in its columns from `first` on; null where nobody has made them.
  const SparseColumns* sparse = nullptr;
};

struct BackwardViews {
  Index first;
  ConstMatrixView x, y, saved, pool_indices;  // as forward() left them
  // Comes as the gradient of the loss by y (outputs x n) and is left as the one by the
  // pre-activations, for add_gradient() to use. Layers that leave a partial need not.
  MatrixView delta;
  // Delta comes as the gradient by the pre-activations already, in the place of y, which is gone.
  bool delta_is_wrt_logits;
  MatrixView input_delta;  // inputs x n, overwritten with the gradient by x; empty if not needed
  Scalar* partial;         // partial_size() numbers of this chunk, overwritten
};

// What add_gradient() reads: the whole batch.
struct GradientViews {
  ConstMatrixView x;         // inputs x samples
  ConstMatrixView delta;     // as backward() left it: outputs x samples
  ConstMatrixView partials;  // partial_size() x chunks
  bool overwrite = false;    // what was in the gradient counts for nothing
  // x as lists, in its columns from `first` on; null where nobody has made them.
  const SparseColumns* sparse = nullptr;
  Index first = 0;
};

// A layer is configured once, when the model is built: it knows its shapes and its slices of the
// parameters, and holds no numbers itself. All functions are pure and may run at the same time on
// different columns of a batch. Matrices hold one sample per column.
class Layer {
 public:
  virtual ~Layer() = default;

  // Of the output, which is what the gradient of the loss is fused with; linear if there is none.
  virtual Activation activation() const = 0;
  virtual ImageShape output_shape() const = 0;
  // The layout's indices of the slices that the layer reads.
  virtual std::span<const int> parameters() const = 0;

  // Numbers per sample that forward() leaves for backward(), or for another layer that names this
  // one as its pool layer.
  virtual Index saved_rows() const { return 0; }
  // Index of an earlier layer whose saved numbers this one reads; -1 for none. Where a pass begins
  // behind that layer, they are 0.
  virtual int pool_layer() const { return -1; }
  // Numbers per chunk of columns in which backward() leaves that chunk's part of the gradient.
  // Layers whose weights are few use it: their gradient cannot be cut into enough tiles to feed all
  // threads.
  virtual Index partial_size() const { return 0; }

  // Copies columns [first, first + count) of one of its slices to where its products read them, in
  // the buffer of packed copies. Both are multiples of kPackedRows, or end with the slice. Layers
  // that keep no copy of that slice do nothing.
  virtual void pack(int /*parameter*/, Index /*first*/, Index /*count*/,
                    const Scalar* /*parameters*/, Scalar* /*packed*/) const {}

  // y = layer(x). `parameters` is the whole buffer.
  virtual void forward(const Pass& pass, const Scalar* parameters,
                       const ForwardViews& views) const = 0;

  virtual void backward(const Pass& pass, const Scalar* parameters,
                        const BackwardViews& views) const = 0;

  // Adds to the gradient of columns [first, first + count) of one slice what this layer contributes
  // over the whole batch, or, where the views say `overwrite`, writes it there. `parameter` is the
  // layout's index of the slice; `gradient` points to the
  // first of these columns, which lie one after another.
  virtual void add_gradient(int parameter, Index first, Index count, const GradientViews& views,
                            Scalar* gradient) const = 0;
};

// A layer that has nothing to learn.
class FixedLayer : public Layer {
 public:
  explicit FixedLayer(ImageShape output) : output_(output) {}

  Activation activation() const final { return Activation::kLinear; }
  ImageShape output_shape() const final { return output_; }
  std::span<const int> parameters() const final { return {}; }
  void add_gradient(int, Index, Index, const GradientViews&, Scalar*) const final {
    assert(false);  // no tile of parameters names this layer
  }

 private:
  ImageShape output_;
};

}  // namespace hourglass
