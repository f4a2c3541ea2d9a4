// Measuring a network on held-out samples, all at once or a little at a time.
#pragma once

#include <vector>

#include "core/data/dataset.h"
#include "core/nn/inference.h"
#include "core/train/exchange.h"
#include "core/train/metrics.h"
#include "core/train/penalties.h"

namespace hourglass {

// Goes through the samples in their order. A session interleaves this with its other work; results do
// not depend on how it was cut up or on the number of threads.
class Evaluation {
 public:
  // `middle` is that of the data's range, on whose sides rounded_accuracy compares. With an exchange,
  // each process goes through its share of the samples; the results are those of one process, bit for
  // bit, and all processes have them. Where the model's loss has no meaning for `samples` (see
  // core/train/domain.h) it is not measured: test_loss will be NaN.
  Evaluation(const Model& model, const Samples& samples, ThreadPool& pool,
             Scalar middle = Scalar(0.5), Exchange* exchange = nullptr);

  // Starts over. The penalties count for test_penalty. Throws Error, changing nothing, if they are not
  // for this model.
  void begin(const Penalties& penalties = {});
  // Goes through at most `samples` more of them (rounded up to whole pieces). Returns whether there
  // are more to do. The parameters must be the same from begin() to the end.
  bool advance(const Scalar* parameters, Index samples);
  bool done() const { return done_; }
  // As Trainer's; only between evaluations.
  void go_on_alone() { exchange_ = nullptr; }

  // Fills test_loss, test_penalty, test_mse, rounded_accuracy, code_mean and code_zero. Only when
  // done().
  void result(EpochMetrics& metrics) const;

 private:
  struct Sums {
    double loss = 0, penalty = 0, squared_error = 0, rounded_equal = 0, code = 0, code_zeros = 0;
  };

  const Model& model_;
  const Samples& samples_;
  Inference inference_;
  Scalar middle_;
  Exchange* exchange_;
  ModelPenalties penalties_;
  bool loss_is_defined_;
  Vector code_norms_;                     // for the contractive penalty
  std::vector<Sums> pieces_;              // one for each piece, so that they add up in order
  Matrix code_sums_;                      // of each unit, one column for each piece
  std::vector<std::uint32_t> all_indices_;
  Index next_ = 0, end_ = 0;  // of the samples of this process
  bool done_ = false;
};

}  // namespace hourglass
