#include "core/analysis/inspection.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "core/analysis/slice.h"

namespace hourglass {
namespace {

// Layer and index of the weights nearest to the input; {-1, -1} if there are none.
std::pair<int, int> first_weights(const Model& model) {
  for (int layer = 0; layer < model.layer_count(); ++layer) {
    for (const int parameter : model.layer(layer).parameters()) {
      if (model.layout()[parameter].role == ParameterRole::kWeight) return {layer, parameter};
    }
  }
  return {-1, -1};
}

}  // namespace

Inspection::Inspection(const Model& model, const Samples& samples, Inference& inference, Index bins)
    : model_(model),
      samples_(samples),
      inference_(inference),
      bins_(bins),
      count_(std::min(kSamples, samples.count())) {}

void Inspection::begin(Tiles tiles) {
  tiles_kind_ = tiles;
  stage_ = Stage::kTiles;
  next_ = 0;
}

bool Inspection::advance(const Scalar* parameters, const Matrix& code_ranges) {
  switch (stage_) {
    case Stage::kTiles:
      if (tiles_kind_ == Tiles::kInputs) {
        take_weights(parameters);
      } else {
        draw_outputs(parameters, code_ranges);
      }
      if (next_ < tiles_.cols()) break;
      stage_ = Stage::kBounds;
      next_ = 0;
      lowest_.clear();
      highest_.clear();
      for (int i = 0; i < model_.layer_count(); ++i) {
        const Scalar infinity = std::numeric_limits<Scalar>::infinity();
        lowest_.push_back(Vector::Constant(model_.layer_outputs(i), infinity));
        highest_.push_back(Vector::Constant(model_.layer_outputs(i), -infinity));
      }
      break;
    case Stage::kBounds:
      find_bounds(parameters);
      if (next_ < count_) break;
      stage_ = Stage::kBins;
      next_ = 0;
      note_bounds();
      break;
    case Stage::kBins:
      fill_bins(parameters);
      if (next_ < count_) break;
      stage_ = Stage::kDone;
      for (Index i = 0; i < layers_.cols(); ++i) {
        const std::vector<Index>& filled = filled_[static_cast<std::size_t>(i)];
        const auto all =
            static_cast<Scalar>(std::accumulate(filled.begin(), filled.end(), Index{0}));
        for (Index bin = 0; bin < bins_; ++bin) {
          layers_(kStatistics + bin, i) =
              static_cast<Scalar>(filled[static_cast<std::size_t>(bin)]) / std::max(all, Scalar(1));
        }
      }
      break;
    case Stage::kDone:
      break;
  }
  return stage_ != Stage::kDone;
}

void Inspection::take_weights(const Scalar* parameters) {
  const auto [layer, parameter] = first_weights(model_);
  if (layer < 0) {
    tile_shape_ = {1, 0, 0};
    tiles_.resize(0, 0);
    return;
  }
  const ConstMatrixView weights = model_.layout().view(parameter, parameters);
  const std::vector<std::int64_t>& shape = model_.layout()[parameter].shape;
  if (shape.size() == 4) {
    tile_shape_ = {static_cast<Index>(shape[1]), static_cast<Index>(shape[2]),
                   static_cast<Index>(shape[3])};  // a kernel
  } else {
    tile_shape_ = layer == 0 ? model_.input_shape() : model_.layer(layer - 1).output_shape();
  }
  tiles_ = weights.leftCols(std::min(kMaxTiles, weights.cols()));
  next_ = tiles_.cols();
}

void Inspection::draw_outputs(const Scalar* parameters, const Matrix& code_ranges) {
  // Two images of each unit.
  const Index at_a_time = std::clamp<Index>(
      samples_per_slice(model_, model_.code_layer() + 1, model_.layer_count()) / 2, 1,
      kInferenceColumns / 2);
  const Index size = model_.code_size();
  tile_shape_ = model_.input_shape();
  tiles_.resize(model_.features(), std::min(kMaxTiles, size));
  const Index count = std::min(at_a_time, tiles_.cols() - next_);
  codes_.resize(size, 2 * count);
  images_.resize(model_.features(), 2 * count);
  codes_.colwise() = code_ranges.row(2).transpose();
  for (Index i = 0; i < count; ++i) {
    codes_(next_ + i, 2 * i) = code_ranges(0, next_ + i);
    codes_(next_ + i, 2 * i + 1) = code_ranges(1, next_ + i);
  }
  inference_.decode(parameters, columns(std::as_const(codes_), 0, 2 * count),
                    columns(images_, 0, 2 * count));
  for (Index i = 0; i < count; ++i) {
    tiles_.col(next_ + i) = images_.col(2 * i + 1) - images_.col(2 * i);
  }
  next_ += count;
}

template <typename Visit>
void Inspection::pass(const Scalar* parameters, Visit visit) {
  const Index first = next_;
  const Index count = std::min(
      {samples_per_slice(model_, 0, model_.layer_count()), kInferenceColumns, count_ - first});
  // One piece is one task, so nothing here runs at the same time.
  inference_.for_each_piece(
      parameters, count,
      [&](Index, Index columns_wanted, MatrixView input) {
        std::vector<std::uint32_t> indices(static_cast<std::size_t>(columns_wanted));
        std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(first));
        samples_.gather(indices, input);
      },
      [&](const Activations& workspace, Index, Index, Index columns_done) {
        for (int i = 0; i < model_.layer_count(); ++i) {
          visit(i, columns(workspace.outputs[static_cast<std::size_t>(i) + 1], 0, columns_done));
        }
      });
  next_ += count;
}

void Inspection::find_bounds(const Scalar* parameters) {
  pass(parameters, [&](int layer, const ConstMatrixView& values) {
    Vector& lowest = lowest_[static_cast<std::size_t>(layer)];
    Vector& highest = highest_[static_cast<std::size_t>(layer)];
    for (Index j = 0; j < values.cols(); ++j) {
      lowest = lowest.cwiseMin(values.col(j));
      highest = highest.cwiseMax(values.col(j));
    }
  });
}

void Inspection::note_bounds() {
  layers_.setZero(kStatistics + bins_, model_.layer_count());
  filled_.assign(static_cast<std::size_t>(model_.layer_count()),
                 std::vector<Index>(static_cast<std::size_t>(bins_), 0));
  for (Index i = 0; i < layers_.cols(); ++i) {
    const Vector& lowest = lowest_[static_cast<std::size_t>(i)];
    const Vector& highest = highest_[static_cast<std::size_t>(i)];
    layers_(0, i) = lowest.minCoeff();
    layers_(1, i) = highest.maxCoeff();
    layers_(2, i) = static_cast<Scalar>((lowest.array() == highest.array()).count());
  }
}

void Inspection::fill_bins(const Scalar* parameters) {
  pass(parameters, [&](int layer, const ConstMatrixView& values) {
    std::vector<Index>& filled = filled_[static_cast<std::size_t>(layer)];
    const Scalar low = layers_(0, layer), high = layers_(1, layer);
    const Scalar scale = high > low ? static_cast<Scalar>(bins_) / (high - low) : Scalar(0);
    for (Index j = 0; j < values.cols(); ++j) {
      for (Index i = 0; i < values.rows(); ++i) {
        // The parameters may have moved on since the bounds were found. Written so that what is no
        // number falls into the first bin.
        const Scalar place = (values(i, j) - low) * scale;
        const Index bin =
            place > 0 ? static_cast<Index>(std::min(place, static_cast<Scalar>(bins_ - 1))) : 0;
        ++filled[static_cast<std::size_t>(bin)];
      }
    }
  });
}

}  // namespace hourglass
