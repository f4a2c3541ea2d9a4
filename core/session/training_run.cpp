#include "core/session/training_run.h"

#include <utility>

namespace hourglass::session {
namespace {

// Samples evaluated at a time: short enough that a session stays responsive in between.
constexpr Index kEvaluationSamples = 512;

}  // namespace

TrainingRun::TrainingRun(const Settings& settings, DatasetPointer data, ThreadPool& pool)
    : data_(std::move(data)),
      model_(std::make_shared<const Model>(model_spec(settings), data_->shape)),
      trainer_(model_, train_spec(settings), data_, pool),
      evaluation_(*model_, data_->test, pool) {}

TrainingRun::Progress TrainingRun::advance() {
  Progress progress;
  if (evaluating_) {
    if (evaluation_.advance(parameters(), kEvaluationSamples)) return progress;
    EpochMetrics metrics = trainer_.epoch_metrics();
    evaluation_.result(metrics);
    history_.push_back(metrics);
    evaluating_ = false;
    progress.epoch_recorded = true;
    return progress;
  }
  progress.step = trainer_.step();
  if (progress.step->epoch_ended) {
    evaluation_.begin();
    evaluating_ = true;
  }
  return progress;
}

double TrainingRun::epochs_done() const {
  const TrainState& state = trainer_.state();
  return static_cast<double>(state.epoch) +
         static_cast<double>(state.batch) / static_cast<double>(trainer_.batches_per_epoch());
}

std::vector<std::uint8_t> TrainingRun::save(const Settings& settings) {
  while (evaluating_) advance();
  return save_run(trainer_, {settings, data_->name, model_->input_shape(), history_});
}

void TrainingRun::resume(const Safetensors& file, std::vector<EpochMetrics> history) {
  trainer_.resume(file);
  history_ = std::move(history);
  evaluating_ = false;
}

}  // namespace hourglass::session
