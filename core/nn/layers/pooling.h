// Pooling, which makes images smaller, and unpooling, which makes them larger again.
#pragma once

#include "core/nn/layers/layer.h"

namespace hourglass {

// The windows of size x size pixels that an image is cut into, without overlap. Rows and columns
// that are left over at the lower and the right end belong to none.
struct Windows {
  ImageShape image;
  Index size = 2;

  ImageShape pooled() const { return {image.channels, image.rows / size, image.columns / size}; }
  // Whether no pixels are left over at the ends.
  bool cover() const { return image.rows % size == 0 && image.columns % size == 0; }
};

// y is the largest pixel of each window (the first of equals), and remembers which: a number in
// [0, size * size), row by row. The gradient goes to that pixel alone.
class MaxPool final : public FixedLayer {
 public:
  explicit MaxPool(const Windows& windows) : FixedLayer(windows.pooled()), windows_(windows) {}

  Index saved_rows() const override { return output_shape().features(); }
  void forward(const Pass& pass, const Scalar* parameters, const ForwardViews& v) const override;
  void backward(const Pass& pass, const Scalar* parameters, const BackwardViews& v) const override;

  const Windows& windows() const { return windows_; }

 private:
  Windows windows_;
};

// y is the mean of each window.
class AveragePool final : public FixedLayer {
 public:
  explicit AveragePool(const Windows& windows) : FixedLayer(windows.pooled()), windows_(windows) {}

  void forward(const Pass& pass, const Scalar* parameters, const ForwardViews& v) const override;
  void backward(const Pass& pass, const Scalar* parameters, const BackwardViews& v) const override;

 private:
  Windows windows_;
};

// Each pixel becomes a window of equal pixels: nearest neighbour. A layer behind that takes each
// pixel once gives the deltas summed over the windows, compact, at the beginning of `delta`.
class Upsample final : public FixedLayer {
 public:
  // `windows` describes the output. `is_fused`: the layer behind does this.
  explicit Upsample(const Windows& windows, bool is_fused = false)
      : FixedLayer(windows.image), windows_(windows), gets_sums_(is_fused) {}

  void forward(const Pass& pass, const Scalar* parameters, const ForwardViews& v) const override;
  void backward(const Pass& pass, const Scalar* parameters, const BackwardViews& v) const override;

 private:
  Windows windows_;
  bool gets_sums_;
};

// Each pixel goes back to where a MaxPool found the largest one, with zeros around it (Zeiler and
// Fergus 2014). Where a code is decoded without its image there is nothing to remember, and the
// pixel goes to the window's first place.
class MaxUnpool final : public FixedLayer {
 public:
  // `pool` is the layer at index `pool_layer` of the model.
  MaxUnpool(const MaxPool& pool, int pool_layer)
      : FixedLayer(pool.windows().image), windows_(pool.windows()), pool_layer_(pool_layer) {}

  int pool_layer() const override { return pool_layer_; }
  void forward(const Pass& pass, const Scalar* parameters, const ForwardViews& v) const override;
  void backward(const Pass& pass, const Scalar* parameters, const BackwardViews& v) const override;

 private:
  Windows windows_;
  int pool_layer_;
};

}  // namespace hourglass
