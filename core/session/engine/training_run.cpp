#include "core/session/engine/training_run.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/analysis/slice.h"
#include "core/data/data_hash.h"
#include "core/data/document_info.h"
#include "core/formats/safetensors.h"
#include "core/train/domain.h"

namespace hourglass::session {
namespace {

// Whether a run that goes on with `next` trains as it did with `now`: when it is to stop plays a
// part for a schedule alone, and what waits for a reset none.
bool trains_alike(TrainSpec next, const TrainSpec& now) {
  if (next.schedule.kind == ScheduleKind::kConstant && now.schedule.kind == next.schedule.kind) {
    next.schedule.decay = now.schedule.decay;
    next.schedule.decay_steps = now.schedule.decay_steps;
  }
  next.batch_size = now.batch_size;
  next.seed = now.seed;
  return next == now;
}

bool has_dropout(const ModelSpec& spec) {
  const auto is_dropout = [](const LayerSpec& layer) { return layer.is("dropout"); };
  return std::ranges::any_of(spec.encoder, is_dropout) ||
         std::ranges::any_of(spec.decoder, is_dropout);
}

}  // namespace

TrainingRun::TrainingRun(const Settings& settings, DatasetPointer data, ThreadPool& pool,
                         Communicator* communicator)
    : pool_(pool),
      data_(std::move(data)),
      model_(std::make_shared<const Model>(model_spec(settings), data_->shape)),
      trainer_(model_, train_spec(settings, data_->train.count()), data_, pool, communicator),
      stop_rule_(run_specs(settings).stopping),
      evaluation_(*model_, data_->test, pool, data_->range.middle(), communicator) {
  check_targets(*model_, *data_);
  unreachable_ = unreachable(*model_, *data_);
  if (data_->test.count() == 0) {
    throw Error("The data set '" + data_->name + "' holds no samples back to test on.");
  }
}

void TrainingRun::leave_group() {
  trainer_.leave_group();
  evaluation_.leave_group();
  if (evaluating_) evaluation_.begin(trainer_.spec().penalties);
}

void TrainingRun::change(const Settings& settings) {
  TrainSpec spec = train_spec(settings, data_->train.count());
  spec.optimizer.kind = trainer_.spec().optimizer.kind;  // another kind waits for a reset
  if (!trains_alike(spec, trainer_.spec())) {
    watch_.forget_steps();
    judged_from_ = trainer_.epochs_done();
  }
  trainer_.change(spec);
  stop_rule_ = run_specs(settings).stopping;
}

TrainingRun::Progress TrainingRun::advance() {
  Progress progress;
  if (evaluating_) {
    const Index samples =
        pieced_samples_per_slice(*model_, 0, model_->layer_count(), pool_.limit());
    if (evaluation_.advance(parameters(), samples)) return progress;
    EpochMetrics metrics = trainer_.epoch_metrics();
    evaluation_.result(metrics);
    confirm(is_finite(metrics));
    evaluating_ = false;
    // What was measured where a run ended inside an epoch gives way to what comes after it.
    if (!history_.empty() && history_.back().epoch != std::floor(history_.back().epoch)) {
      history_.pop_back();
    }
    history_.push_back(metrics);
    measured_ = true;
    progress.epoch_recorded = true;
    progress.stop = stop_reason(stop_rule_, history_, trainer_.state().step);
    if (progress.stop != StopReason::kNone) check_end();
    return progress;
  }
  const std::int64_t steps = trainer_.state().step;
  progress.step = trainer_.step();
  if (progress.step->probe) watch_.add(steps, *progress.step->probe);
  if (progress.step->epoch_ended || trainer_.state().step == stop_rule_.steps) {
    evaluation_.begin(trainer_.spec().penalties);
    evaluating_ = true;
  }
  return progress;
}

Safetensors TrainingRun::checkpoint(const Settings& settings) {
  while (evaluating_) advance();
  return checkpoint_unevaluated(settings);
}

Safetensors TrainingRun::checkpoint_unevaluated(const Settings& settings) {
  return checkpoint_of(trainer_.state(), settings);
}

Safetensors TrainingRun::checkpoint_of(const TrainState& state, const Settings& settings) {
  if (data_hash_.empty()) data_hash_ = data_hash(*data_);
  RunInfo info{.settings = settings,
               .data = data_->name,
               .input = model_->input_shape(),
               .history = history_,
               .data_hash = data_hash_};
  const double end = trainer_.epochs_done(state);
  std::erase_if(info.history, [end](const EpochMetrics& row) { return row.epoch > end; });
  return run_file(trainer_, state, info);
}

std::vector<std::uint8_t> TrainingRun::save(const Settings& settings) {
  return write_safetensors(checkpoint(settings));
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

// The row that tells of a burst is none to keep.
void TrainingRun::check_end() {
  try {
    trainer_.check_end();
  } catch (const Diverged&) {
    history_.pop_back();
    measured_ = false;
    throw;
  }
}

std::string TrainingRun::note() const {
  std::string note = data_->documents ? data_->documents->note : "";
  // Where most values are meant, a diagnosis says it.
  const bool is_diagnosed = !diagnose_plan({.unreachable = unreachable_}).empty();
  const std::string unreachable = is_diagnosed ? "" : unreachable_note(*model_, *data_);
  if (!note.empty() && !unreachable.empty()) note += " ";
  return note + unreachable;
}

bool TrainingRun::resume(const Safetensors& file, std::vector<EpochMetrics> history,
                         bool other_data) {
  const bool moments_reset = trainer_.resume(file, other_data);
  history_ = std::move(history);
  evaluating_ = false;
  measured_ = false;
  watch_.restart();
  judged_from_ = 0;
  return moments_reset;
}

std::optional<std::int64_t> TrainingRun::rate_gone() const {
  const std::optional<std::int64_t> end = schedule_end(trainer_.spec().schedule);
  return end && trainer_.state().step > *end ? end : std::nullopt;
}

std::string TrainingRun::stop_sentence(StopReason reason) const {
  std::optional<std::int64_t> gone = rate_gone();
  // The epochs in which the loss stood still must be those in which nothing was learned.
  const std::int64_t still = stop_rule_.patience * trainer_.batches_per_epoch();
  if (gone && trainer_.state().step - *gone < still) gone.reset();
  return hourglass::stop_sentence(reason, stop_rule_, gone);
}

std::int64_t TrainingRun::planned_steps() const {
  return steps_ahead(stop_rule_, trainer_.batches_per_epoch());
}

std::vector<EpochLosses> TrainingRun::losses_to_judge() const {
  // While the KL term comes in, what is made small changes with every epoch.
  const auto warmup =
      static_cast<double>(model_->has_gaussian_code() ? trainer_.spec().penalties.kl_warmup : 0);
  std::vector<EpochLosses> losses;
  for (const EpochMetrics& row : history_) {
    if (row.epoch != std::floor(row.epoch)) continue;
    if (row.epoch < std::max(judged_from_, warmup) + 1) continue;
    losses.push_back({.epoch = row.epoch,
                      .train = row.train_loss,
                      .test = row.test_loss + row.test_penalty,
                      .reconstruction = row.train_loss - row.train_penalty});
  }
  return losses;
}

std::vector<Diagnosis> TrainingRun::diagnoses() const {
  const TrainSpec& spec = trainer_.spec();
  RunFigures figures{.unreachable = unreachable_,
                     .schedule_end = schedule_end(spec.schedule),
                     .run_steps = planned_steps()};
  if (!measured_ || evaluating_) return diagnose_plan(figures);
  figures.state = evaluation_.state_figures();
  figures.steps = trainer_.state().step;
  figures.rate_gone = rate_gone();
  for (const EpochMetrics& row : history_) {
    if (row.epoch == std::floor(row.epoch)) figures.test_mse.push_back(row.test_mse);
  }
  figures.losses = losses_to_judge();
  figures.probes = watch_.figures();
  figures.samples = data_->train.count();
  figures.batch_size = spec.batch_size;
  figures.rate_is_lowered = trainer_.learning_rate() < spec.optimizer.learning_rate / 2;
  figures.losses_are_alike = spec.corruption.is_none() && !has_dropout(model_->spec());
  return diagnose(figures);
}

}  // namespace hourglass::session
