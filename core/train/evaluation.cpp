#include "core/train/evaluation.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>

#include "core/train/domain.h"

namespace hourglass {

Evaluation::Evaluation(const Model& model, const Samples& samples, ThreadPool& pool, Scalar middle,
                       Exchange* exchange)
    : model_(model),
      samples_(samples),
      inference_(model, pool),
      middle_(middle),
      exchange_(exchange),
      penalties_({}, model),
      loss_is_defined_(outside(samples, target_range(model.spec().loss)).samples == 0),
      code_norms_(model.code_size()),
      pieces_((samples.count() + kInferenceColumns - 1) / kInferenceColumns),
      code_sums_(model.code_size(), static_cast<Index>(pieces_.size())),
      all_indices_(samples.count()) {
  std::iota(all_indices_.begin(), all_indices_.end(), 0u);
  begin();
}

void Evaluation::begin(const Penalties& penalties) {
  penalties_ = ModelPenalties(penalties, model_);
  const Share own = share_of(static_cast<Index>(pieces_.size()), exchange_);
  next_ = std::min(samples_.count(), own.first * kInferenceColumns);
  end_ = std::min(samples_.count(), (own.first + own.count) * kInferenceColumns);
  done_ = samples_.count() == 0;
  // What other processes measure is added to this.
  std::fill(pieces_.begin(), pieces_.end(), Sums{});
  code_sums_.setZero();
}

bool Evaluation::advance(const Scalar* parameters, Index samples) {
  const Index start = next_;
  const Index pieces = (samples + kInferenceColumns - 1) / kInferenceColumns;
  const Index count = std::min(pieces * kInferenceColumns, end_ - start);
  const int code = model_.code_layer() + 1;
  const Penalties& weights = penalties_.weights();
  if (weights.contractive > 0) penalties_.code_weight_norms(parameters, code_norms_);
  inference_.for_each_piece(
      parameters, count,
      [&](Index first, Index size, MatrixView input) {
        samples_.gather({all_indices_.data() + start + first, static_cast<std::size_t>(size)},
                        input);
      },
      [&](const Activations& room, int piece, Index, Index size) {
        const auto x = columns(room.outputs.front(), 0, size);
        const auto y = columns(room.outputs.back(), 0, size);
        const auto h = columns(room.outputs[code], 0, size);
        Sums sums;
        if (loss_is_defined_) sums.loss = loss_sum(model_.spec().loss, y, x);
        sums.penalty = penalties_.sum(weights.kl, code_norms_,
                                      columns(room.outputs[code - 1], 0, size), h);
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
        code_sums_.col(at) = h.rowwise().sum();
        pieces_[static_cast<std::size_t>(at)] = sums;
      });
  next_ = start + count;
  if (next_ < end_) return true;
  if (exchange_) {
    static_assert(sizeof(Sums) == 6 * sizeof(double));
    exchange_->sum(std::span(reinterpret_cast<double*>(pieces_.data()), 6 * pieces_.size()));
    exchange_->sum(std::span(code_sums_.data(), static_cast<std::size_t>(code_sums_.size())));
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
  if (penalties_.weights().sparsity > 0) {
    const Vector means = code_sums_.rowwise().sum() / static_cast<Scalar>(samples);
    metrics.test_penalty += penalties_.sparsity(means);
  }
  metrics.test_mse = sums.squared_error / pixels;
  metrics.rounded_accuracy = sums.rounded_equal / pixels;
  metrics.code_mean = sums.code / units;
  metrics.code_zero = sums.code_zeros / units;
}

}  // namespace hourglass
