#include "core/session/engine/history_feed.h"

#include <algorithm>
#include <string>
#include <utility>

namespace hourglass::session {
namespace {

// Points of the training curve per epoch.
constexpr std::int64_t kPointsPerEpoch = 40;

}  // namespace

void HistoryFeed::restart(History begins) {
  clear_sums();
  pending_ = std::move(begins);
  pending_.restart = true;
}

void HistoryFeed::clear_sums() {
  loss_sum_ = penalty_sum_ = 0;
  samples_ = steps_ = 0;
}

void HistoryFeed::add_step(const TrainingRun& run, const Trainer::StepResult& step) {
  const auto samples = static_cast<std::int64_t>(step.samples);
  loss_sum_ += step.loss * static_cast<double>(samples);
  penalty_sum_ += step.penalty * static_cast<double>(samples);
  samples_ += samples;
  ++steps_;
  const std::int64_t steps_per_point =
      std::max<std::int64_t>(1, run.trainer().batches_per_epoch() / kPointsPerEpoch);
  if (steps_ >= steps_per_point) flush(run);
}

void HistoryFeed::flush(const TrainingRun& run) {
  if (samples_ == 0) return;
  const auto samples = static_cast<double>(samples_);
  pending_.losses.push_back({run.trainer().state().step, run.trainer().epochs_done(),
                             loss_sum_ / samples, penalty_sum_ / samples});
  clear_sums();
}

std::optional<History> HistoryFeed::take() {
  if (!pending_.restart && pending_.losses.empty() && pending_.epochs.empty()) return {};
  return std::exchange(pending_, {});
}

std::optional<Diagnoses> DiagnosisFeed::take(std::vector<Diagnosis> now,
                                             const std::string& refusal) {
  if (now == sent_) return {};
  Diagnoses event;
  for (const Diagnosis& diagnosis : now) {
    event.found.push_back({std::string(row_of(diagnosis.kind).name), diagnosis.evidence,
                           diagnosis_sentence(diagnosis)});
  }
  if (!refusal.empty() && !event.found.empty()) event.found.front().sentence = refusal;
  sent_ = std::move(now);
  return event;
}

}  // namespace hourglass::session
