// The loop of the session: training in slices, what is on display, background jobs.
#include "core/session/engine/session.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/base/memory_reserve.h"
#include "core/session/engine/failures.h"
#include "core/session/engine/session_commands.h"
#include "core/session/engine/session_core.h"

namespace hourglass::session {
namespace {

using namespace std::chrono_literals;

constexpr auto kStatusInterval = 100ms;

}  // namespace

Session::Session(const SessionOptions& options) : core_(std::make_unique<SessionCore>(options)) {
  keep_memory_back();
}

Session::~Session() = default;

std::vector<Event> Session::take_events() { return std::exchange(core_->events, {}); }

Session::Clock::time_point Session::now() const { return core_->options.clock(); }

void Session::handle(Command command) {
  try {
    carry_out(*core_, command);
  } catch (...) {
    // Whatever it is, no command is left without its answer.
    try {
      core_->fail(command.id, sentence_of_current_exception());
    } catch (...) {
      fail_without_memory(command.id);
    }
  }
}

void Session::fail_without_memory(std::uint64_t command) noexcept {
  if (untold_count_ < kMaxUntold) untold_[untold_count_++] = command;
}

void Session::say_untold() noexcept {
  if (untold_count_ == 0) return;
  try {
    core_->emit_status();
    for (; untold_count_ > 0; --untold_count_) core_->fail(untold_[untold_count_ - 1], kNoMemory);
  } catch (...) {
    // The next turn tries it again.
  }
}

bool Session::advance(std::chrono::microseconds budget) {
  const auto until = now() + budget;
  const auto guarded = [&](auto&& task) {
    try {
      task();
    } catch (const Diverged& error) {
      core_->stop_diverged(error);
    } catch (const Error& error) {
      core_->fail(0, error.what());
    } catch (...) {
      // Memory may run out: workers take room of their own when they first come to a layer.
      const std::string message = sentence_of_current_exception();
      if (core_->run) core_->pause(Paused{});
      core_->fail(0, message);
    }
  };
  // So little memory may be left that it cannot even be said.
  const auto survived = [&](auto&& task) {
    try {
      guarded(task);
    } catch (...) {
      core_->mode = Paused{};
      fail_without_memory(0);
    }
  };
  keep_memory_back();
  say_untold();
  survived([&] { work(until); });
  survived([&] {
    if (core_->run) show(now());
  });
  return has_more();
}

bool Session::has_more() const {
  if (core_->jobs.is_active()) return true;
  if (!core_->run) return false;
  return core_->mode.is_running() || core_->run->evaluating() || core_->display->stale() ||
         !core_->run->trainer().last_step_seen();
}

void Session::work(Clock::time_point until) {
  SessionCore& core = *core_;
  if (core.data.is_stale()) {
    try {
      core.ensure_data();
    } catch (const Error& error) {
      core.fail(0, error.what());  // and goes on with the run that there is
    }
  }
  if (!core.run) {
    core.jobs.advance(until);
    return;
  }
  if (core.data.wants_run() && !core.data.is_asked()) {
    core.data.take_run();
    core.run_on();
  }
  if (core.mode.is_running()) {
    train(until);
  } else {
    work_at_rest(until);
  }
}

void Session::work_at_rest(Clock::time_point until) {
  TrainingRun& run = *core_->run;
  Display& display = *core_->display;
  if (run.evaluating()) {
    // Paused just after an epoch's last mini-batch: the epoch gets its metrics all the same.
    while (run.evaluating() && now() < until) {
      const TrainingRun::Progress progress = run.advance();
      if (progress.epoch_recorded) note_epoch(progress.stop);
    }
    return;
  }
  // Nobody trains on, so nobody else would see what the last step made.
  run.check_last_step();
  while (display.stale() && !display.advance() && now() < until) {
  }
  if (!display.stale()) core_->jobs.advance(until);
}

Session::Clock::duration Session::step_period() const {
  const std::int64_t most = core_->settings.integer("view.steps_per_second");
  // Steps that were asked for one by one come at once.
  if (most == 0 || core_->mode.is<RunningSteps>()) return {};
  return Clock::duration(1s) / most;
}

std::chrono::microseconds Session::idle_for() const {
  const SessionCore& core = *core_;
  if (core.jobs.is_active() || !core.mode.is_running() || !core.run || core.run->evaluating() ||
      step_period() == Clock::duration{} || core.refreshes.is_under_way()) {
    return 0us;
  }
  const auto now = this->now();
  Clock::duration wait = core.steps.next() - now;
  if (core.display->stale()) wait = std::min(wait, core.refreshes.next() - now);
  // Never longer than until the images and the status may be shown again.
  wait = std::clamp<Clock::duration>(wait, 0us, kSnapshotInterval);
  return std::chrono::ceil<std::chrono::microseconds>(wait);
}

void Session::train(Clock::time_point until) {
  SessionCore& core = *core_;
  auto now = this->now();
  do {
    if (core.jobs.is_owed()) {
      core.jobs.work_off_debt(until);
      now = this->now();
      continue;
    }
    const auto began = now;
    const Clock::duration period = step_period();
    const bool waits =
        period > Clock::duration{} && now < core.steps.next() && !core.run->evaluating();
    if (!waits) advance_run(began, period);
    // Once begun, a round of refreshing takes turns with training until it is done.
    const bool refreshes =
        core.refreshes.is_under_way() || (core.refreshes.is_due(now) && core.display->stale());
    if (refreshes) {
      if (!core.refreshes.is_under_way()) core.refreshes.begin(now);
      now = this->now();
      if (!waits) core.jobs.owe(now - began);
      refresh_in_turn(now, now - began);
      now = this->now();
    } else if (!waits) {
      now = this->now();
      core.jobs.owe(now - began);
    } else if (core.jobs.is_active()) {
      core.jobs.advance(std::min(until, core.steps.next()));  // time that nobody else has a use for
      now = this->now();
    } else {
      return;
    }
  } while (core.mode.is_running() && now < until);
}

void Session::advance_run(Clock::time_point began, Clock::duration period) {
  TrainingRun& run = *core_->run;
  const TrainingRun::Progress progress = run.advance();
  core_->display->parameters_changed();
  // What is on display for a while must be fit to be seen, and there is the time.
  if (progress.step && period >= kSnapshotInterval) run.check_last_step();
  if (progress.step) note_step(*progress.step);
  if (progress.epoch_recorded) note_epoch(progress.stop);
  if (progress.step) core_->steps.took_step(began, period);
}

void Session::refresh_in_turn(Clock::time_point now, Clock::duration taken) {
  // For as long as training took its turn, however small the pieces are into which this is cut.
  const auto turn_until = now + taken;
  bool finished = false;
  do {
    finished = core_->display->advance();
    now = this->now();
  } while (!finished && now < turn_until);
  if (finished) core_->refreshes.end(now);
}

void Session::note_step(const Trainer::StepResult& step) {
  core_->speed.add(static_cast<std::int64_t>(step.samples));
  core_->history.add_step(*core_->run, step);
  core_->timeline.add(core_->run->trainer());
  if (core_->mode.count_step()) core_->pause(Paused{});
}

void Session::note_epoch(StopReason stop) {
  core_->answer_saves();
  core_->history.add_epoch(core_->run->history().back());
  core_->emit_diagnoses();
  // Whoever presses run once more goes on past it.
  if (stop != StopReason::kNone) {
    core_->pause(Finished{});
  } else if (core_->mode.is<RunningToEpochEnd>()) {
    core_->pause(Paused{});
  }
}

void Session::show(Clock::time_point now) {
  SessionCore& core = *core_;
  const bool training = core.mode.is_running();
  if (training) core.speed.update(now);
  if (!training) {
    core.emit_history();
  } else if (now - last_status_ >= kStatusInterval) {
    last_status_ = now;
    core.emit_history();
    core.emit_status();
  }
  if (!core.snapshots.is_due(now, training)) return;
  Snapshot snapshot;
  core.display->fill(snapshot);
  snapshot.complete = !core.display->stale();
  const bool has_news = snapshot.reconstructed || snapshot.corrupted || snapshot.map_points ||
                        snapshot.activations || snapshot.tiles ||
                        (snapshot.complete && core.timeline.is_awaited());
  core.snapshots.made(now, has_news);
  if (!has_news) return;
  if (snapshot.complete) core.timeline.arrived();
  const auto& shown = core.timeline.shown();
  const TrainState& state = shown ? shown->state : core.run->trainer().state();
  snapshot.step = state.step;
  snapshot.epoch = core.run->trainer().epochs_done(state);
  core.emit(std::move(snapshot));
}

}  // namespace hourglass::session
