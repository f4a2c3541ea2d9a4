// Why cross-entropy never reaches 0.
#pragma once

#include <Eigen/Core>

#include "core/data/dataset.h"

namespace hourglass {

// The mean over features and samples of the entropy of a grey target x, -x ln x - (1 - x) ln(1 - x)
// in nats: what the loss bce is of an output that equals its target everywhere, and so the least
// that it can be (Cover and Thomas 2006, "Elements of Information Theory", section 2.3: the
// cross-entropy is the entropy and a divergence that is never negative). In the units of
// EpochMetrics::test_loss. A sample at a time, so that it can be done in slices.
class EntropyFloor {
 public:
  // `samples` must stay as they are.
  explicit EntropyFloor(const Samples& samples)
      : samples_(samples), sums_(Eigen::VectorXd::Zero(samples.features())) {}

  // Goes through the next few samples; returns whether there are more.
  bool advance();
  // When advance() has returned false. NaN where bce has no meaning for a value, which is outside
  // [0, 1], or where there are no samples.
  double result() const;
  // Likewise: what the loss bce is of an output that is `y` (features) for every sample. It is
  // linear in the targets, so that their mean says all. As in the loss, y is held within [1e-7, 1 -
  // 1e-7].
  double of_constant(const Vector& y) const;

 private:
  const Samples& samples_;
  Index next_ = 0;
  double sum_ = 0;        // of the entropies
  Eigen::VectorXd sums_;  // of each feature
};

}  // namespace hourglass
