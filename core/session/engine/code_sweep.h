// The same network with codes of several sizes, trained one after the other: how large should a
// code be?
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/pca_exact.h"
#include "core/session/engine/training_run.h"
#include "core/session/settings/settings.h"

namespace hourglass::session {

struct SweepPoint {
  std::int64_t size = 0;
  // Of the held-out samples at the end; NaN where the run diverged.
  double test_mse = std::numeric_limits<double>::quiet_NaN();
  double test_loss = std::numeric_limits<double>::quiet_NaN();
  // Of as many principal components; NaN where there are none.
  double pca_mse = std::numeric_limits<double>::quiet_NaN();
  // Code units that say nothing: constant ones, or those that have collapsed to a Gaussian code's
  // prior.
  Index dead_units = 0;
  std::int64_t epochs = 0;
};

// Each run is that of `settings` with the code's size alone changed (with_code_size()). Without
// early stopping of its own it stops when kPatience epochs have not lowered its loss.
class CodeSweep {
 public:
  static constexpr std::int64_t kPatience = 3;

  // `sizes` rise, each once. Throws Error if the code has no size of one number, or if there are no
  // sizes. `data` is scaled as the settings say; `pool` must outlive this.
  CodeSweep(const Settings& settings, DatasetPointer data, std::vector<std::int64_t> sizes,
            ThreadPool& pool);

  // Does the next little piece of work, a mini-batch or less; returns whether there is more. The
  // bits of the result are the same for any number of threads. Throws Error where a run cannot
  // begin.
  bool advance();
  // Of all the work: each size counts as much as the others, and the components as one more.
  double share() const;
  // The size that is being trained; 0 while components are sought, and when all is done.
  std::int64_t size() const;

  // Those that are done, sizes rising.
  const std::vector<SweepPoint>& points() const { return points_; }
  // The one of the last point, with its settings, until the next call of advance().
  const TrainingRun& run() const { return *run_; }
  TrainingRun& run() { return *run_; }
  const Settings& run_settings() const { return run_settings_; }
  // Which point is the elbow of the held-out errors, or -1: see elbow().
  int bend() const;
  // The held-out error of the mean image; NaN where components are not sought.
  double mean_image_mse() const;

 private:
  void begin_size();
  bool end_size(bool diverged);

  Settings settings_, run_settings_;
  DatasetPointer data_;
  std::vector<std::int64_t> sizes_;
  ThreadPool& pool_;
  std::optional<ExactPca> pca_;
  bool seeks_components_ = false;
  std::unique_ptr<TrainingRun> run_;
  bool run_is_over_ = true;
  std::vector<SweepPoint> points_;
};

}  // namespace hourglass::session
