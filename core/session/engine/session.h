// The engine as a service: commands in, training in slices, events out.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/session/engine/session_options.h"
#include "core/session/protocol/messages.h"
#include "core/session/settings/settings.h"
#include "core/train/early_stopping.h"
#include "core/train/trainer.h"

namespace hourglass::session {

class SessionCore;

// Owns model, data, trainer and jobs. Not thread-safe: whoever drives it gives it one thread and
// loops
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

  Clock::time_point now() const;
  bool has_more() const;
  // advance() without what catches errors.
  void work(Clock::time_point until);
  // What is to be done while nothing is trained.
  void work_at_rest(Clock::time_point until);
  void train(Clock::time_point until);
  // What is refreshed in rounds gets as much time as training has just `taken`.
  void refresh_in_turn(Clock::time_point now, Clock::duration taken);
  // The shortest time between two steps that view.steps_per_second allows; 0 for none.
  Clock::duration step_period() const;
  // The next piece of training, which began at `began`.
  void advance_run(Clock::time_point began, Clock::duration period);
  void note_step(const Trainer::StepResult& step);
  void note_epoch(StopReason stop);
  // Sends what is new and due.
  void show(Clock::time_point now);

  // Says that `command` failed for want of memory; what there is no memory for now is said later.
  void fail_without_memory(std::uint64_t command) noexcept;
  void say_untold() noexcept;

  // Commands that failed while there was no memory to say so, 0 among them for what was no command;
  // of more than these a few get no answer.
  static constexpr std::size_t kMaxUntold = 64;
  std::array<std::uint64_t, kMaxUntold> untold_{};
  std::size_t untold_count_ = 0;

  std::unique_ptr<SessionCore> core_;
  Clock::time_point last_status_{};
};

}  // namespace hourglass::session
