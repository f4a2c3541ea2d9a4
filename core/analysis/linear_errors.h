// How far each sample is from what principal components make of it: a linear peer of
// ReconstructionErrors.
#pragma once

#include <cstdint>
#include <vector>

#include "core/analysis/pca_exact.h"

namespace hourglass {

// Finds the components of the training samples of one data set and then, in the same units, the
// mean over features of (y - x)^2 for each of other samples. A slice at a time.
class LinearErrors {
 public:
  // Whether components of such a code are found at all: see ExactPca.
  static bool is_possible(const Dataset& data, Index components);

  // As ExactPca; `samples` must outlive this, too, and have as many features.
  LinearErrors(const Dataset& data, Index components, const Samples& samples, ThreadPool& pool);

  // Does the next slice, of a few milliseconds; returns whether there are more. The bits are the
  // same for any number of threads.
  bool advance();
  double progress() const;  // from 0 to 1, roughly
  // One for each sample; complete when advance() has returned false.
  const std::vector<double>& errors() const { return errors_; }

 private:
  ExactPca pca_;
  const Samples& samples_;
  ThreadPool& pool_;
  std::vector<std::uint32_t> indices_;
  std::vector<double> errors_;
  Index next_ = 0;
};

}  // namespace hourglass
