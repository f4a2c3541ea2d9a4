// The curves of a run on their way to whoever draws them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/session/engine/training_run.h"
#include "core/session/protocol/messages.h"

namespace hourglass::session {

// Averages the losses of some steps into one point of the curve, and collects what was not sent.
class HistoryFeed {
 public:
  // Of another run, with what is known of the past that it has had; `begins` says which it is.
  void restart(History begins);
  void add_step(const TrainingRun& run, const Trainer::StepResult& step);
  void add_epoch(const EpochMetrics& row) { pending_.epochs.push_back(row); }
  // Makes a point of the steps since the last one.
  void flush(const TrainingRun& run);
  // What was not taken yet.
  const History& pending() const { return pending_; }
  // What is new since the last call; nothing if nothing is.
  std::optional<History> take();

 private:
  void clear_sums();

  History pending_;
  double loss_sum_ = 0, penalty_sum_ = 0;  // since the last point of the curve, over samples
  std::int64_t samples_ = 0, steps_ = 0;
};

// What is wrong, where that has changed.
class DiagnosisFeed {
 public:
  // `refusal`: what check_targets() has said of the first of them, or "".
  std::optional<Diagnoses> take(std::vector<Diagnosis> now, const std::string& refusal);

 private:
  std::vector<Diagnosis> sent_;
};

}  // namespace hourglass::session
