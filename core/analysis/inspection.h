// What a network's units look for, what they draw, and how much its layers are used, found a little
// at a time.
#pragma once

#include <vector>

#include "core/base/shape.h"
#include "core/data/dataset.h"
#include "core/nn/inference.h"

namespace hourglass {

class Inspection {
 public:
  enum class Tiles {
    kInputs,  // of each unit of the first layer with weights: its weights
    // Of each code unit: what it adds to an image between its lowest and its highest value.
    kOutputs,
  };
  static constexpr Index kMaxTiles = 256;
  static constexpr Index kSamples = 256;   // of each layer's statistics, or as many as there are
  static constexpr Index kStatistics = 3;  // before the bins: lowest, highest, dead units

  // `inference` is of the same model; all three must outlive this.
  Inspection(const Model& model, const Samples& samples, Inference& inference, Index bins);

  void begin(Tiles tiles);
  // Does the next piece, by the current parameters; returns whether there are more. `code_ranges`
  // is LatentMap::ranges() (3 x code size), needed for kOutputs.
  bool advance(const Scalar* parameters, const Matrix& code_ranges);

  // From when advance() has returned false to the next begin():
  Tiles kind() const { return tiles_kind_; }
  // One tile per column, channel by channel, row by row: the weights themselves, or the difference
  // of two images in the model's scale. No columns if no layer has weights.
  const Matrix& tiles() const { return tiles_; }
  ImageShape tile_shape() const { return tile_shape_; }
  // One layer per column: lowest and highest activation, how many of its outputs are the same for
  // all samples, and the share of its activations in each of the bins between lowest and highest
  // (all in the first bin if these are equal).
  const Matrix& layers() const { return layers_; }

 private:
  void take_weights(const Scalar* parameters);
  void draw_outputs(const Scalar* parameters, const Matrix& code_ranges);
  // One piece of the samples through all layers; visit(layer, activations).
  template <typename Visit>
  void pass(const Scalar* parameters, Visit visit);
  void find_bounds(const Scalar* parameters);
  void fill_bins(const Scalar* parameters);
  void note_bounds();

  const Model& model_;
  const Samples& samples_;
  Inference& inference_;
  Index bins_;
  Index count_;  // samples

  enum class Stage { kDone, kTiles, kBounds, kBins };
  Stage stage_ = Stage::kDone;
  Index next_ = 0;  // tile or sample
  Tiles tiles_kind_ = Tiles::kInputs;
  Matrix tiles_;
  ImageShape tile_shape_;
  Matrix codes_, images_;                   // room for a piece
  std::vector<Vector> lowest_, highest_;    // of each output of each layer
  std::vector<std::vector<Index>> filled_;  // of each layer, how many activations in each bin
  Matrix layers_;
};

}  // namespace hourglass
