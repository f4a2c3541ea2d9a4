// What a session does with its run, and until when.
#pragma once

#include <cstdint>
#include <variant>

#include "core/session/protocol/messages.h"

namespace hourglass::session {

struct Paused {};
struct Finished {};  // the run has come to an end of its own; whoever runs it goes on past that
struct RunningUntilTold {};
struct RunningSteps {
  std::int64_t left;  // at least 1
};
struct RunningToEpochEnd {};
struct WaitingForData {};

class RunMode {
 public:
  using State = std::variant<Paused, Finished, RunningUntilTold, RunningSteps, RunningToEpochEnd,
                             WaitingForData>;

  RunMode& operator=(State state) {
    state_ = state;
    return *this;
  }

  template <typename S>
  bool is() const {
    return std::holds_alternative<S>(state_);
  }
  bool is_running() const {
    return is<RunningUntilTold>() || is<RunningSteps>() || is<RunningToEpochEnd>();
  }

  // A mini-batch was trained: returns whether it was the last of those that were asked for.
  bool count_step() {
    auto* const steps = std::get_if<RunningSteps>(&state_);
    return steps && --steps->left == 0;
  }

  Phase phase() const {
    if (is_running()) return Phase::kRunning;
    if (is<WaitingForData>()) return Phase::kWaitingForData;
    return is<Finished>() ? Phase::kFinished : Phase::kPaused;
  }

 private:
  State state_;
};

}  // namespace hourglass::session
