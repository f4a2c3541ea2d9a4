#include "core/session/training_run.h"

#include <cmath>
#include <utility>

#include "core/train/domain.h"

namespace hourglass::session {
namespace {

// Samples evaluated at a time: short enough that a session stays responsive in between.
constexpr Index kEvaluationSamples = 512;

}  // namespace

TrainingRun::TrainingRun(const Settings& settings, DatasetPointer data, ThreadPool& pool,
                         Exchange* exchange)
    : data_(std::move(data)),
      model_(std::make_shared<const Model>(model_spec(settings), data_->shape)),
      trainer_(model_, train_spec(settings), data_, pool, exchange),
      stop_rule_(session::stop_rule(settings)),
      evaluation_(*model_, data_->test, pool, data_->range.middle(), exchange) {
  check_targets(*model_, *data_);
  if (data_->test.count() == 0) {
    throw Error("The data set '" + data_->name + "' holds no images back to test on.");
  }
}

void TrainingRun::go_on_alone() {
  trainer_.go_on_alone();
  evaluation_.go_on_alone();
  if (evaluating_) evaluation_.begin(trainer_.spec().penalties);
}

void TrainingRun::change(const Settings& settings) {
  TrainSpec spec = train_spec(settings);
  spec.optimizer.kind = trainer_.spec().optimizer.kind;  // another kind waits for a reset
  trainer_.change(spec);
  stop_rule_ = session::stop_rule(settings);
}

TrainingRun::Progress TrainingRun::advance() {
  Progress progress;
  if (evaluating_) {
    if (evaluation_.advance(parameters(), kEvaluationSamples)) return progress;
    EpochMetrics metrics = trainer_.epoch_metrics();
    evaluation_.result(metrics);
    confirm(is_finite(metrics));
    evaluating_ = false;
    // What was measured where a run ended inside an epoch gives way to what comes after it.
    if (!history_.empty() && history_.back().epoch != std::floor(history_.back().epoch)) {
      history_.pop_back();
    }
    history_.push_back(metrics);
    progress.epoch_recorded = true;
    progress.stop = stop_reason(stop_rule_, history_, trainer_.state().step);
    return progress;
  }
  progress.step = trainer_.step();
  if (progress.step->epoch_ended || trainer_.state().step == stop_rule_.steps) {
    evaluation_.begin(trainer_.spec().penalties);
    evaluating_ = true;
  }
  return progress;
}

std::vector<std::uint8_t> TrainingRun::save(const Settings& settings) {
  while (evaluating_) advance();
  return save_run(trainer_, {settings, data_->name, model_->input_shape(), history_});
}

// Not so if another process is gone: then the evaluation is done again.
void TrainingRun::confirm(bool measured_finite) {
  try {
    trainer_.confirm(measured_finite);
  } catch (const Diverged&) {
    evaluating_ = false;  // the parameters that it was of are gone
    throw;
  }
}

void TrainingRun::check_last_step() {
  try {
    trainer_.check_last_step();
  } catch (const Diverged&) {
    evaluating_ = false;
    throw;
  }
}

std::string TrainingRun::note() const { return unreachable_note(*model_, *data_); }

bool TrainingRun::resume(const Safetensors& file, std::vector<EpochMetrics> history) {
  const bool moments_reset = trainer_.resume(file);
  history_ = std::move(history);
  evaluating_ = false;
  return moments_reset;
}

}  // namespace hourglass::session
