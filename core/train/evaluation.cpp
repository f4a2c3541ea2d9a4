#include "core/train/evaluation.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/nn/layers/code_layers.h"
#include "core/nn/loss.h"
#include "core/train/domain.h"

namespace hourglass {
namespace {

// Adds the columns of `x` to `sums`; returns the sum of all squares.
double add_columns(const ConstMatrixView& x, MatrixView sums) {
  double squares = 0;
  for (Index j = 0; j < x.cols(); ++j) {
    sums.col(0) += x.col(j);
    squares += static_cast<double>(x.col(j).squaredNorm());
  }
  return squares;
}

// Averaged over features, of `count` samples: of each feature the sums over pieces of them, and of
// all features together the sum of the squares.
double variance(const Matrix& sums, double squares, double count) {
  double squared_means = 0;
  for (Index i = 0; i < sums.rows(); ++i) {
    double sum = 0;
    for (Index j = 0; j < sums.cols(); ++j) sum += static_cast<double>(sums(i, j));
    squared_means += (sum / count) * (sum / count);
  }
  return std::max(0.0, (squares / count - squared_means) / static_cast<double>(sums.rows()));
}

}  // namespace

Evaluation::Evaluation(const Model& model, const Samples& samples, ThreadPool& pool, Scalar middle,
                       Communicator* communicator)
    : model_(model),
      samples_(samples),
      inference_(model, pool),
      middle_(middle),
      communicator_(communicator),
      regularizers_({}, model),
      loss_is_defined_(outside(samples, target_range(model.spec().loss)).samples == 0),
      pieces_((samples.count() + kInferenceColumns - 1) / kInferenceColumns),
      code_sums_(model.code_size(), static_cast<Index>(pieces_.size())),
      code_lows_(code_sums_.rows(), code_sums_.cols()),
      code_highs_(code_sums_.rows(), code_sums_.cols()),
      unit_kls_(model.has_gaussian_code() ? code_sums_.rows() : 0, code_sums_.cols()),
      feature_sums_(model.features(), code_sums_.cols()),
      output_sums_(model.features(), code_sums_.cols()),
      all_indices_(samples.count()) {
  std::iota(all_indices_.begin(), all_indices_.end(), 0u);
  begin();
}

void Evaluation::begin(const Penalties& penalties) {
  regularizers_ = Regularizers(penalties, model_);
  const Shard own = shard_of(static_cast<Index>(pieces_.size()), communicator_);
  next_ = std::min(samples_.count(), own.first * kInferenceColumns);
  end_ = std::min(samples_.count(), (own.first + own.count) * kInferenceColumns);
  done_ = samples_.count() == 0;
  // What other processes measure is added to this.
  std::fill(pieces_.begin(), pieces_.end(), Sums{});
  for (Matrix* sums :
       {&code_sums_, &code_lows_, &code_highs_, &unit_kls_, &feature_sums_, &output_sums_}) {
    sums->setZero();
  }
}

void Evaluation::measure_units(const Activations& workspace, Index piece, Index size) {
  const int code = model_.code_layer() + 1;
  const auto h = columns(workspace.outputs[code], 0, size);
  code_sums_.col(piece) = h.rowwise().sum();
  // Column by column, which is how they lie in memory.
  auto low = code_lows_.col(piece), high = code_highs_.col(piece);
  low = high = h.col(0);
  for (Index j = 1; j < size; ++j) {
    low = low.cwiseMin(h.col(j));
    high = high.cwiseMax(h.col(j));
  }
  if (unit_kls_.rows() > 0) {
    gaussian_kl_of_units(columns(workspace.outputs[code - 1], 0, size),
                         columns(unit_kls_, piece, 1));
  }
}

void Evaluation::sum_over_processes() {
  static_assert(sizeof(Sums) == 8 * sizeof(double));
  communicator_->all_reduce(
      std::span(reinterpret_cast<double*>(pieces_.data()), 8 * pieces_.size()));
  for (Matrix* sums :
       {&code_sums_, &code_lows_, &code_highs_, &unit_kls_, &feature_sums_, &output_sums_}) {
    if (sums->size() == 0) continue;
    communicator_->all_reduce(std::span(sums->data(), static_cast<std::size_t>(sums->size())));
  }
}

bool Evaluation::advance(const Scalar* parameters, Index samples) {
  const Index start = next_;
  const Index pieces = (samples + kInferenceColumns - 1) / kInferenceColumns;
  const Index count = std::min(pieces * kInferenceColumns, end_ - start);
  const int code = model_.code_layer() + 1;
  regularizers_.begin(parameters, std::numeric_limits<double>::infinity());
  inference_.for_each_piece(
      parameters, count,
      [&](Index first, Index size, MatrixView input) {
        samples_.gather({all_indices_.data() + start + first, static_cast<std::size_t>(size)},
                        input);
      },
      [&](const Activations& workspace, int piece, Index, Index size) {
        const auto x = columns(workspace.outputs.front(), 0, size);
        const auto y = columns(workspace.outputs.back(), 0, size);
        const auto h = columns(workspace.outputs[code], 0, size);
        Sums sums;
        if (loss_is_defined_) sums.loss = loss_sum(model_.spec().loss, y, x);
        sums.penalty = regularizers_.of_columns({columns(workspace.outputs[code - 1], 0, size), h});
        sums.squared_error = loss_sum(Loss::kSummedSquaredError, y, x);
        for (Index j = 0; j < size; ++j) {
          // For outputs in [0, 1], round(v) is 1 exactly where v >= 0.5.
          const auto x_high = x.col(j).array() >= middle_;
          const auto y_high = y.col(j).array() >= middle_;
          sums.rounded_equal += static_cast<double>((x_high == y_high).count());
          sums.code += static_cast<double>(h.col(j).sum());
          sums.code_zeros += static_cast<double>((h.col(j).array() == Scalar(0)).count());
        }
        const Index at = start / kInferenceColumns + piece;
        measure_units(workspace, at, size);
        sums.output_squares = add_columns(y, columns(output_sums_, at, 1));
        if (feature_sums_.size() > 0) {
          sums.squares = add_columns(x, columns(feature_sums_, at, 1));
        }
        pieces_[static_cast<std::size_t>(at)] = sums;
      });
  next_ = start + count;
  if (next_ < end_) return true;
  if (communicator_) sum_over_processes();
  if (feature_sums_.size() > 0) {
    double squares = 0;
    for (const Sums& piece : pieces_) squares += piece.squares;
    mean_image_mse_ = variance(feature_sums_, squares, static_cast<double>(samples_.count()));
    feature_sums_.resize(0, 0);
  }
  done_ = true;
  return false;
}

void Evaluation::result(EpochMetrics& metrics) const {
  assert(done());
  Sums sums;
  for (const Sums& piece : pieces_) {
    sums.loss += piece.loss;
    sums.penalty += piece.penalty;
    sums.squared_error += piece.squared_error;
    sums.rounded_equal += piece.rounded_equal;
    sums.code += piece.code;
    sums.code_zeros += piece.code_zeros;
  }
  const double samples = std::max<double>(1, static_cast<double>(samples_.count()));
  const double pixels = samples * static_cast<double>(model_.features());
  const double units = samples * static_cast<double>(model_.code_size());
  metrics.test_loss =
      loss_is_defined_ ? sums.loss / samples : std::numeric_limits<double>::quiet_NaN();
  metrics.test_penalty = sums.penalty / samples;
  const Vector means = code_sums_.rowwise().sum() / static_cast<Scalar>(samples);
  metrics.test_penalty += regularizers_.of_code_means(means);
  metrics.test_mse = sums.squared_error / pixels;
  metrics.binary_accuracy = sums.rounded_equal / pixels;
  metrics.code_mean = sums.code / units;
  metrics.code_zero = sums.code_zeros / units;
}

StateFigures Evaluation::state_figures() const {
  assert(done());
  StateFigures figures;
  figures.mean_image_mse = std::max(0.0, mean_image_mse_);
  figures.code_units = code_sums_.rows();
  figures.has_posterior = unit_kls_.rows() > 0;
  if (samples_.count() == 0) return figures;
  double output_squares = 0;
  for (const Sums& piece : pieces_) output_squares += piece.output_squares;
  figures.output_variance =
      variance(output_sums_, output_squares, static_cast<double>(samples_.count()));
  for (Index i = 0; i < code_sums_.rows(); ++i) {
    const auto low = static_cast<double>(code_lows_.row(i).minCoeff());
    const auto high = static_cast<double>(code_highs_.row(i).maxCoeff());
    const double size = std::max({1.0, std::abs(low), std::abs(high)});
    if (high - low <= kConstantRange * size) ++figures.constant_units;
  }
  for (Index i = 0; i < unit_kls_.rows(); ++i) {
    double kl = 0;
    for (Index j = 0; j < unit_kls_.cols(); ++j) kl += static_cast<double>(unit_kls_(i, j));
    kl /= static_cast<double>(samples_.count());
    figures.kl += kl;
    if (!(kl <= kActiveKl)) ++figures.active_units;
  }
  return figures;
}

}  // namespace hourglass
