// The engine as a service: commands in, training in slices, events out.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/math/thread_pool.h"
#include "core/session/engine/display.h"
#include "core/session/engine/job_runner.h"
#include "core/session/engine/training_run.h"
#include "core/session/protocol/messages.h"
#include "core/session/settings/settings.h"

namespace hourglass::session {

struct SessionOptions {
  // The most threads that train.threads can get, and what its 0 stands for; 0: one per core.
  int threads = 0;
  // How the engine was built, for NetworkInfo ("AVX-512", "wasm simd").
  std::string engine_name;
  // By what the session shares out its time; tests give it one that they turn by hand, so that what
  // comes first is the same on every machine. Must not go back.
  std::function<std::chrono::steady_clock::time_point()> clock = std::chrono::steady_clock::now;
  // The background jobs that can be started; tests give it others.
  std::span<const JobKind> jobs = job_kinds();
};

// Owns model, data and trainer. Not thread-safe: whoever drives it gives it one thread and loops
//   handle(...) for each command that has come; advance(a few milliseconds); take_events().
// Nothing here throws for what a person did: errors become Failure events, and the run goes on.
class Session {
 public:
  // Announces the settings. The initial data set is made or asked for by the first advance().
  explicit Session(const SessionOptions& options);
  ~Session();

  void handle(Command command);

  // Does what is most pressing for about `budget`: gets data, refreshes what is on display, trains,
  // evaluates, goes on with background jobs. Returns whether there is more to do; false means not
  // before the next command.
  bool advance(std::chrono::microseconds budget);
  // After an advance() that returned true: how long nothing will be to do unless a command comes; 0
  // if there is something now. More than 0 only where view.steps_per_second holds training back.
  std::chrono::microseconds idle_for() const;

  std::vector<Event> take_events();

 private:
  using Clock = std::chrono::steady_clock;

  // One per command; they throw Error. What they return is sent back to whoever gave the command.
  Reply on(const SetSetting& command);
  Reply on(const SetSettings& command);
  Reply on(const LoadPreset& command);
  Reply on(const session::Run&);
  Reply on(const Pause&);
  Reply on(const Step& command);
  Reply on(const FinishEpoch&);
  Reply on(const Reset&);
  Reply on(const NewSeed&);
  Reply on(ProvideData& command);  // takes its bytes
  Reply on(const DataFailed& command);
  Reply on(const Decode& command);
  Reply on(const DecodeMap& command);
  Reply on(const GetImages& command);
  Reply on(const LoadCheckpoint& command);
  Reply on(const SnapshotTaken&);
  Reply on(const StartJob& command);
  Reply on(const PauseJob& command);
  Reply on(const ResumeJob& command);
  Reply on(const CancelJob& command);

  // SaveCheckpoint is answered now or, while an epoch is being evaluated, by answer_saves().
  void save_checkpoint(std::uint64_t id);
  // Answers the saves that wait, after the rest of the evaluation. To be called when that has
  // ended, and before the run goes.
  void answer_saves();

  void emit(Event event) { events_.push_back(std::move(event)); }
  void emit_settings();
  void announce_settings();  // emits them if they have changed since they were last
  void emit_status();
  void emit_network();
  void emit_data();
  void emit_history();
  void emit_diagnoses();  // if they have changed since they were last
  void fail(std::uint64_t id, const std::string& message);

  TrainingRun& require_run();
  bool data_is_current() const;
  // Makes the data that the settings name current, or asks for it; then starts afresh.
  void ensure_data();
  void use_data(Dataset unscaled);
  // A run and what is on display of it, on their way into use.
  struct PreparedRun {
    std::unique_ptr<TrainingRun> run;
    std::unique_ptr<Display> display;
  };
  // An untrained run of the current settings. Throws Error, changing nothing.
  PreparedRun make_run();
  void adopt_run(PreparedRun fresh);
  void rebuild() { adopt_run(make_run()); }
  // The threads that train.threads gives.
  int threads() const;

  using Values = std::vector<std::pair<std::string, Value>>;
  // Sets all of them or throws, changing nothing.
  void change_settings(const Values& values);
  // Lets the run and the display take up what acts at once: `woken` is bits of session::wakes.
  // Throws, changing nothing.
  void apply_now(unsigned woken);
  bool is_untouched() const;
  // Throws Error if the encoder and the decoder make no model.
  void check_model() const;

  // advance() without what catches errors.
  void work(Clock::time_point until);
  void train(Clock::time_point until);
  // What is refreshed in rounds gets as much time as training has just `taken`.
  void refresh_in_turn(Clock::duration taken);
  // The shortest time between two steps that view.steps_per_second allows; 0 for none.
  Clock::duration step_period() const;
  void note_progress(const TrainingRun::Progress& progress);
  void flush_loss();
  void refresh(Clock::time_point now);
  void pause(Phase phase);
  void stop_diverged(const Diverged& error);  // the run has gone back to good parameters

  SessionOptions options_;
  Settings settings_;
  std::vector<Event> events_;

  // One for good, for the most threads; a run uses as many of them as train.threads says.
  ThreadPool pool_;
  DatasetPointer data_;
  std::unique_ptr<TrainingRun> run_;
  std::unique_ptr<Display> display_;
  JobRunner jobs_;

  Phase phase_ = Phase::kPaused;
  bool data_stale_ = true;                // the settings may name other data than there is
  std::string data_asked_;                // a DataWanted that has no answer yet
  std::vector<std::uint8_t> checkpoint_;  // to resume once its data is there
  struct Save {
    std::uint64_t id = 0;
    Settings settings;  // as they were when it was asked for
  };
  std::vector<Save> saves_;                  // that wait for the end of an evaluation
  const Dataset* data_announced_ = nullptr;  // by the last DataReady
  Index map_points_announced_ = 0;
  std::vector<std::string> pending_reset_;
  std::int64_t steps_left_ = -1;  // of a Step command; -1: no end
  bool stop_after_epoch_ = false;
  bool run_when_ready_ = false;  // a Run came while data was being fetched
  bool settings_new_ = false;    // they have changed and that was not announced yet

  History pending_history_;                // not sent yet
  std::vector<Diagnosis> diagnoses_;       // as they were sent
  double loss_sum_ = 0, penalty_sum_ = 0;  // since the last point of the curve
  std::int64_t loss_samples_ = 0, loss_steps_ = 0;

  bool snapshot_free_ = true;  // the last one was taken
  bool refresh_now_ = true;    // a person waits for the display to answer
  Clock::time_point last_snapshot_{}, last_status_{}, next_step_{};
  // A round of refreshing what takes long, the map first: when it began, and when the next may.
  Clock::time_point round_began_{}, next_round_{};
  // Speed over about the last second.
  Clock::time_point speed_since_{};
  std::int64_t speed_images_ = 0;
  double images_per_second_ = 0;
};

}  // namespace hourglass::session
