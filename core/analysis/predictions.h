// What a classifier says of many samples, and how often it is right.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <vector>

#include "core/data/dataset.h"
#include "core/nn/inference.h"

namespace hourglass {

// Of a classifier's answers beside the labels.
struct Confusion {
  // classes x classes: how many samples of class `row` were taken for class `column`.
  Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic> counts;

  std::int64_t samples() const { return counts.sum(); }
  // Share of the samples that were taken for what they are; NaN of none.
  double accuracy() const;
  // Of each class, the share of its own samples that were taken for it; NaN where it has none.
  std::vector<double> recall() const;
};

// Samples whose label is negative do not count. `predicted` has one class for each label.
Confusion confusion_of(std::span<const std::int32_t> labels,
                       std::span<const std::int32_t> predicted, Index classes);

// The samples of class `label` that were taken for `taken_for`, by their index, rising.
std::vector<std::uint32_t> samples_in_cell(std::span<const std::int32_t> labels,
                                           std::span<const std::int32_t> predicted,
                                           std::int32_t label, std::int32_t taken_for);

// The index of each column's largest number; of several, the first.
std::vector<std::int32_t> largest_of_columns(const ConstMatrixView& columns);

// The most likely class of each sample, a slice at a time.
class Predictions {
 public:
  // All three must outlive this. `model` is a classifier.
  Predictions(const Model& model, const Samples& samples, ThreadPool& pool);

  // Does the next slice, of a few milliseconds; returns whether there are more. The parameters must
  // be the same each time. The bits are the same for any number of threads.
  bool advance(const Scalar* parameters);
  double progress() const;  // from 0 to 1

  // One for each sample; complete when advance() has returned false.
  const std::vector<std::int32_t>& predicted() const { return predicted_; }
  // How likely the model takes that class to be, in [0, 1].
  const std::vector<float>& confidence() const { return confidence_; }

 private:
  const Model& model_;
  const Samples& samples_;
  ThreadPool& pool_;
  Inference inference_;
  std::vector<std::uint32_t> indices_;
  std::vector<std::int32_t> predicted_;
  std::vector<float> confidence_;
  Index next_ = 0;
};

}  // namespace hourglass
