#include "core/analysis/predictions.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>

#include "core/analysis/slice.h"

namespace hourglass {

double Confusion::accuracy() const {
  const std::int64_t all = samples();
  if (all == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(counts.diagonal().sum()) / static_cast<double>(all);
}

std::vector<double> Confusion::recall() const {
  std::vector<double> shares;
  for (Eigen::Index i = 0; i < counts.rows(); ++i) {
    const std::int64_t all = counts.row(i).sum();
    shares.push_back(all == 0 ? std::numeric_limits<double>::quiet_NaN()
                              : static_cast<double>(counts(i, i)) / static_cast<double>(all));
  }
  return shares;
}

Confusion confusion_of(std::span<const std::int32_t> labels,
                       std::span<const std::int32_t> predicted, Index classes) {
  assert(labels.size() == predicted.size());
  Confusion confusion;
  confusion.counts.setZero(classes, classes);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= 0) ++confusion.counts(labels[i], predicted[i]);
  }
  return confusion;
}

std::vector<std::uint32_t> samples_in_cell(std::span<const std::int32_t> labels,
                                           std::span<const std::int32_t> predicted,
                                           std::int32_t label, std::int32_t taken_for) {
  std::vector<std::uint32_t> found;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == label && predicted[i] == taken_for) {
      found.push_back(static_cast<std::uint32_t>(i));
    }
  }
  return found;
}

std::vector<std::int32_t> largest_of_columns(const ConstMatrixView& columns) {
  std::vector<std::int32_t> largest;
  for (Index j = 0; j < columns.cols(); ++j) {
    Index at = 0;
    columns.col(j).maxCoeff(&at);
    largest.push_back(static_cast<std::int32_t>(at));
  }
  return largest;
}

Predictions::Predictions(const Model& model, const Samples& samples, ThreadPool& pool)
    : model_(model),
      samples_(samples),
      pool_(pool),
      inference_(model, pool),
      indices_(static_cast<std::size_t>(samples.count())),
      predicted_(indices_.size()),
      confidence_(indices_.size()) {
  assert(model.spec().classes > 0);
  std::iota(indices_.begin(), indices_.end(), 0u);
}

bool Predictions::advance(const Scalar* parameters) {
  const Index start = next_;
  const Index slice = pieced_samples_per_slice(model_, 0, model_.layer_count(), pool_.limit());
  const Index count = std::min(slice, samples_.count() - start);
  inference_.for_each_piece(
      parameters, count,
      [&](Index first, Index size, MatrixView input) {
        samples_.gather({indices_.data() + start + first, static_cast<std::size_t>(size)}, input);
      },
      [&](const Activations& workspace, int, Index first, Index size) {
        const auto shares = columns(workspace.outputs.back(), 0, size);
        const std::vector<std::int32_t> largest = largest_of_columns(shares);
        for (Index j = 0; j < size; ++j) {
          const auto at = static_cast<std::size_t>(start + first + j);
          predicted_[at] = largest[static_cast<std::size_t>(j)];
          confidence_[at] = static_cast<float>(shares(predicted_[at], j));
        }
      });
  next_ += count;
  return next_ < samples_.count();
}

double Predictions::progress() const {
  return samples_.count() > 0 ? static_cast<double>(next_) / static_cast<double>(samples_.count())
                              : 1.0;
}

}  // namespace hourglass
