// What a session is made of, and what commands and the loop both do with it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/math/thread_pool.h"
#include "core/session/engine/data_supply.h"
#include "core/session/engine/display.h"
#include "core/session/engine/history_feed.h"
#include "core/session/engine/job_runner.h"
#include "core/session/engine/kept_runs.h"
#include "core/session/engine/pacing.h"
#include "core/session/engine/run_mode.h"
#include "core/session/engine/session_options.h"
#include "core/session/engine/speed_meter.h"
#include "core/session/engine/timeline.h"
#include "core/session/engine/training_run.h"
#include "core/session/protocol/messages.h"
#include "core/session/settings/settings.h"

namespace hourglass::session {

// The parts stand open: session.cpp (the loop), session_commands.cpp and settings_changes.cpp work
// on them, and nobody else has them.
class SessionCore {
 public:
  using Clock = std::chrono::steady_clock;

  explicit SessionCore(const SessionOptions& options);
  SessionCore(const SessionCore&) = delete;
  SessionCore& operator=(const SessionCore&) = delete;

  // ------------------------------------------------------------------------------ data and the run

  // The run there is, after what earlier commands asked for. Throws Error if there is none, or none
  // yet.
  TrainingRun& require_run();
  // Makes the data that the settings name current, or asks for it; then starts afresh.
  void ensure_data();
  void use_data(Dataset unscaled, bool is_own = false);

  // A run and what is on display of it, on their way into use.
  struct PreparedRun {
    std::unique_ptr<TrainingRun> run;
    std::unique_ptr<Display> display;
    std::vector<LossPoint> losses;   // of its past, as far as a checkpoint knows
    std::uint64_t goes_on_from = 0;  // the number of a kept run
  };
  // An untrained run of the current settings. Throws Error, changing nothing.
  PreparedRun make_run();
  void adopt_run(PreparedRun fresh);
  void rebuild() { adopt_run(make_run()); }
  // Takes up a checkpoint with its settings, now or when its data are there. Throws Error, changing
  // nothing. `kept`: the number of the kept run whose it is. `has_all_data`: others than those in
  // use are not to be had.
  void resume(const std::vector<std::uint8_t>& checkpoint, std::uint64_t kept = 0,
              bool has_all_data = false);

  // Runs until told otherwise.
  void run_on();
  // `mode`: Paused or Finished.
  void pause(RunMode::State mode);
  void stop_diverged(const Diverged& error);  // the run has gone back to good parameters

  // Answers the saves that wait, after the rest of the evaluation. To be called when that has
  // ended, and before the run goes.
  void answer_saves();

  // ---------------------------------------------------------------------------------------- events

  void emit(Event event) { events.push_back(std::move(event)); }
  void fail(std::uint64_t id, const std::string& message) { emit(Failure{id, message}); }
  void emit_settings();
  void announce_settings();  // emits them if they have changed since they were last
  void emit_status();        // and the timeline, if it has changed
  void emit_network();
  void emit_data() { emit(data.describe(*display)); }
  void emit_history();
  void emit_diagnoses();  // if they have changed since they were last
  // The settings are no longer those that check_targets() has refused.
  void withdraw_refusal();

  // ----------------------------------------------------------------------------------------- parts

  SessionOptions options;
  Settings settings;
  bool settings_new = false;  // they have changed and that was not announced yet
  std::vector<Event> events;

  // One for good, for the most threads; a run uses as many of them as train.threads says.
  ThreadPool pool;
  DataSupply data;
  std::unique_ptr<TrainingRun> run;  // null before the first
  std::unique_ptr<Display> display;  // of the run
  PresentRun present;                // likewise
  RunTimeline timeline;              // likewise
  std::uint64_t last_run = 0;        // the highest number that a run has had
  JobRunner jobs;
  KeptRuns kept;

  RunMode mode;
  SpeedMeter speed;
  HistoryFeed history;
  DiagnosisFeed diagnoses;
  // Why the settings that there are make no run, where it is the data's values.
  struct Refusal {
    Diagnosis diagnosis;
    std::string sentence;
  };
  std::optional<Refusal> refusal;
  SnapshotPacer snapshots;
  RefreshCycle refreshes;
  StepPacer steps;

  std::vector<std::string> pending_reset;  // settings that wait for a reset, by key
  struct Save {
    std::uint64_t id = 0;
    Settings settings;  // as they were when it was asked for
  };
  std::vector<Save> saves;  // that wait for the end of an evaluation

 private:
  // The threads that train.threads gives.
  int threads() const;
};

}  // namespace hourglass::session
