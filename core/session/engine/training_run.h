// One run from its start: model, trainer, evaluation after each epoch, history.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/diagnosis.h"
#include "core/analysis/step_watch.h"
#include "core/session/engine/build.h"
#include "core/train/evaluation.h"
#include "core/train/trainer.h"

namespace hourglass::session {

// What is to be said where TrainingRun::resume() returns true, after the name of the file.
inline constexpr char kMomentsResetNote[] =
    " holds numbers of the optimizer that are not finite; the optimizer begins anew.";

class TrainingRun {
 public:
  // Untrained weights by the settings. Throws Error if the model does not fit the data, or its loss
  // has no meaning for some of them. `pool` must outlive the run. With a communicator, which must
  // outlive it too, other processes do the same at the same time, with the same settings and data;
  // see Trainer.
  TrainingRun(const Settings& settings, DatasetPointer data, ThreadPool& pool,
              Communicator* communicator = nullptr);

  const Model& model() const { return *model_; }
  const std::shared_ptr<const Model>& shared_model() const { return model_; }
  Trainer& trainer() { return trainer_; }
  const Trainer& trainer() const { return trainer_; }
  const Scalar* parameters() const { return trainer_.parameters(); }
  const DatasetPointer& data() const { return data_; }
  const std::vector<EpochMetrics>& history() const { return history_; }

  struct Progress {
    std::optional<Trainer::StepResult> step;  // set if a mini-batch was trained
    bool epoch_recorded = false;              // history() has a new row
    StopReason stop = StopReason::kNone;      // with that row, training has done enough
  };
  // Does the next little piece of work: a mini-batch, or after an epoch a part of its evaluation.
  // Throws Diverged.
  Progress advance();
  // As Trainer's: for whoever stops between two steps. Throws Diverged.
  void check_last_step();
  // Whether an epoch, or the last step, has ended and its evaluation has not.
  bool evaluating() const { return evaluating_; }

  // When other processes are gone: goes on without them. An evaluation under way starts over.
  void leave_group();

  const EarlyStopping& stop_rule() const { return stop_rule_; }
  // The reason as a sentence, with what the learning rate had to do with it; "" for none.
  std::string stop_sentence(StopReason reason) const;
  // What is wrong with the run: before its first evaluation is over what is known without one.
  std::vector<Diagnosis> diagnoses() const;
  // How many mini-batches it is to have.
  std::int64_t planned_steps() const;
  // What the evaluation of the last row of history() has found besides; not before this run has
  // recorded one, nor while it evaluates.
  StateFigures state_figures() const { return evaluation_.state_figures(); }
  // Takes up what may change while a run goes on. Throws Error, changing nothing.
  void change(const Settings& settings);

  // What was left out of the documents, and what the data have that the model cannot come to, in
  // sentences; "" for nothing.
  std::string note() const;

  // A checkpoint, for write_safetensors(): its arrays are the run's own, which must live on and not
  // be trained until it is written. An evaluation under way is finished first, which may throw
  // Diverged.
  Safetensors checkpoint(const Settings& settings);
  // The same of the run as it stands: an evaluation under way is left out of its history.
  Safetensors checkpoint_unevaluated(const Settings& settings);
  // The same of a state that this run was in, to which the file then points; its history ends
  // there.
  Safetensors checkpoint_of(const TrainState& state, const Settings& settings);
  // checkpoint() as bytes.
  std::vector<std::uint8_t> save(const Settings& settings);
  // Takes up a checkpoint of the same model, optimizer and, unless it says otherwise, data: of
  // `other_data` an epoch that the checkpoint stands in starts anew. Throws Error, changing
  // nothing. Returns whether the optimizer's moments had to begin anew: see Trainer::resume().
  bool resume(const Safetensors& file, std::vector<EpochMetrics> history, bool other_data = false);

 private:
  void confirm(bool measured_finite);
  void check_end();
  // The step after which nothing was learned, if some were taken with a learning rate of 0.
  std::optional<std::int64_t> rate_gone() const;
  // What of the history is of the present settings.
  std::vector<EpochLosses> losses_to_judge() const;

  ThreadPool& pool_;
  DatasetPointer data_;
  std::shared_ptr<const Model> model_;
  Trainer trainer_;
  EarlyStopping stop_rule_;
  Evaluation evaluation_;
  bool evaluating_ = false;
  bool measured_ = false;  // since the start or the resumption
  std::vector<EpochMetrics> history_;
  StepWatch watch_;
  Unreachable unreachable_;
  // Epochs before this one were trained, at least in part, with other settings.
  double judged_from_ = 0;
  std::string data_hash_;  // once it was needed
};

}  // namespace hourglass::session
