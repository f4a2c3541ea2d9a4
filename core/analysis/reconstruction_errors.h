// How far each sample is from what a network makes of it: a score for anomalies.
#pragma once

#include <cstdint>
#include <vector>

#include "core/data/dataset.h"
#include "core/nn/inference.h"

namespace hourglass {

// The mean over features of (y - x)^2 for each sample, in the model's scale, of its uncorrupted
// input and the mean code. What a network was not trained on it restores badly, or so one hopes
// (Sakurada and Yairi 2014, "Anomaly detection using autoencoders with nonlinear dimensionality
// reduction"). A slice at a time.
class ReconstructionErrors {
 public:
  // All three must outlive this.
  ReconstructionErrors(const Model& model, const Samples& samples, ThreadPool& pool);

  // Does the next slice, of a few milliseconds; returns whether there are more. The parameters must
  // be the same each time. The bits are the same for any number of threads.
  bool advance(const Scalar* parameters);
  double progress() const;  // from 0 to 1
  // One for each sample; complete when advance() has returned false. Not finite where an output is
  // not.
  const std::vector<double>& errors() const { return errors_; }

 private:
  const Model& model_;
  const Samples& samples_;
  ThreadPool& pool_;
  Inference inference_;
  std::vector<std::uint32_t> indices_;
  std::vector<double> errors_;
  Index next_ = 0;
};

}  // namespace hourglass
