// Measuring a network on held-out samples, all at once or a little at a time.
#pragma once

#include <vector>

#include "core/data/dataset.h"
#include "core/nn/inference.h"
#include "core/train/communicator.h"
#include "core/train/metrics.h"
#include "core/train/regularizers/regularizers.h"

namespace hourglass {

// What the row of history does not say, and what tells a broken state from a healthy one. All over
// the held-out samples.
struct StateFigures {
  // Of an output that is the mean of the held-out samples whatever goes in: their variance,
  // averaged over features. In the units of EpochMetrics::test_mse.
  double mean_image_mse = 0;
  // The same of the outputs: 0 where every sample gets the same one.
  double output_variance = 0;
  Index code_units = 0;
  Index constant_units = 0;  // code units with the same value for every sample (kConstantRange)
  // Of a Gaussian code only: the divergence from N(0, 1) in nats a sample, all units together and
  // without its weight; and the units that have more of it than kActiveKl.
  bool has_posterior = false;
  double kl = 0;
  Index active_units = 0;
};

// A unit is constant if its highest and lowest value differ by no more than this, or by no more
// than this part of them: rounding, not information.
inline constexpr double kConstantRange = 1e-6;
// Nats. Burda, Grosse and Salakhutdinov 2016 ("Importance weighted autoencoders", section 5.2) take
// 0.01 for the variance of a unit's mean, which is twice the divergence that comes of it.
inline constexpr double kActiveKl = 0.005;

// Goes through the samples in their order. A session interleaves this with its other work; results
// do not depend on how it was cut up or on the number of threads.
class Evaluation {
 public:
  // `middle` is that of the data's range, on whose sides binary_accuracy compares. With an
  // communicator, each process goes through its share of the samples; the results are those of one
  // process, bit for bit, and all processes have them. Where the model's loss has no meaning for
  // `samples` (see core/train/domain.h) it is not measured: test_loss will be NaN.
  Evaluation(const Model& model, const Samples& samples, ThreadPool& pool,
             Scalar middle = Scalar(0.5), Communicator* communicator = nullptr);

  // Starts over. The penalties count for test_penalty. Throws Error, changing nothing, if they are
  // not for this model.
  void begin(const Penalties& penalties = {});
  // Goes through at most `samples` more of them (rounded up to whole pieces). Returns whether there
  // are more to do. The parameters must be the same from begin() to the end.
  bool advance(const Scalar* parameters, Index samples);
  bool done() const { return done_; }
  // As Trainer's; only between evaluations.
  void leave_group() { communicator_ = nullptr; }

  // Fills test_loss, test_penalty, test_mse, binary_accuracy, code_mean and code_zero. Only when
  // done().
  void result(EpochMetrics& metrics) const;
  // Only when done().
  StateFigures state_figures() const;

 private:
  struct Sums {
    double loss = 0, penalty = 0, squared_error = 0, rounded_equal = 0, code = 0, code_zeros = 0;
    double squares = 0, output_squares = 0;  // of all features, along with the sums below
  };

  void measure_units(const Activations& workspace, Index piece, Index size);
  void sum_over_processes();

  const Model& model_;
  const Samples& samples_;
  Inference inference_;
  Scalar middle_;
  Communicator* communicator_;
  Regularizers regularizers_;
  bool loss_is_defined_;
  std::vector<Sums> pieces_;  // one for each piece, so that they add up in order
  // Of each unit, one column for each piece.
  Matrix code_sums_, code_lows_, code_highs_;
  Matrix unit_kls_;  // of a Gaussian code; else without rows
  // Of each feature, one column for each piece. The samples stay as they are: once is enough.
  Matrix feature_sums_;
  Matrix output_sums_;          // of each feature of the outputs
  double mean_image_mse_ = -1;  // -1: not known yet
  std::vector<std::uint32_t> all_indices_;
  Index next_ = 0, end_ = 0;  // of the samples of this process
  bool done_ = false;
};

}  // namespace hourglass
