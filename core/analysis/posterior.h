// What a variational code says of each sample: how much of it differs from the prior.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "core/data/dataset.h"
#include "core/nn/inference.h"
#include "core/train/evaluation.h"

namespace hourglass {

// The mean over samples of each unit's divergence of N(mu, sigma^2) from N(0, 1) in nats (Kingma
// and Welling 2014, appendix B), without penalty.kl. A unit with more than kActiveKl is active; one
// with next to none has collapsed to the prior and says nothing. A slice at a time.
class PosteriorFigures {
 public:
  // `model` has a Gaussian code. All three must outlive this.
  PosteriorFigures(const Model& model, const Samples& samples, ThreadPool& pool);

  // Does the next slice, of a few milliseconds; returns whether there are more. The bits of the
  // result are the same for any number of threads.
  bool advance(const Scalar* parameters);
  // When advance() has returned false: one number a unit.
  const Eigen::VectorXd& kl() const { return kl_; }
  Index active_units() const;

 private:
  const Model& model_;
  const Samples& samples_;
  ThreadPool& pool_;
  Inference inference_;
  std::vector<std::uint32_t> indices_;
  Matrix pieces_;  // units x pieces of a slice
  Eigen::VectorXd kl_;
  Index next_ = 0;
};

}  // namespace hourglass
