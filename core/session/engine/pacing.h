// When a session shows its run again, and when it takes the next step.
#pragma once

#include <algorithm>
#include <chrono>

namespace hourglass::session {

// How often the images on display follow a run. More would not be seen.
inline constexpr std::chrono::milliseconds kSnapshotInterval{33};

// Snapshots: one at a time, not too often while a run goes on, and at once where a person waits.
class SnapshotPacer {
 public:
  using Clock = std::chrono::steady_clock;

  bool is_due(Clock::time_point now, bool training) const {
    return is_free_ && (hurries_ || !training || now - last_ >= kSnapshotInterval);
  }
  void hurry() { hurries_ = true; }
  // One that was due was made; `sent`: there was something in it.
  void made(Clock::time_point now, bool sent) {
    hurries_ = false;
    if (!sent) return;
    is_free_ = false;
    last_ = now;
  }
  void taken() { is_free_ = true; }

 private:
  bool is_free_ = true;  // the last one was taken
  bool hurries_ = true;
  Clock::time_point last_{};
};

// What takes long is refreshed in rounds: a round takes turns with training, half and half, then
// rests for kRest times as long, and so costs training about a tenth of its speed.
class RefreshCycle {
 public:
  using Clock = std::chrono::steady_clock;

  bool is_under_way() const { return began_ != Clock::time_point{}; }
  bool is_due(Clock::time_point now) const { return now >= next_; }
  Clock::time_point next() const { return next_; }

  void begin(Clock::time_point now) { began_ = now; }
  void end(Clock::time_point now) {
    next_ = now + std::max<Clock::duration>(kRest * (now - began_) / 2, kRestAtLeast);
    began_ = {};
  }
  // The session pauses: what is left of the round is done then, and what passes in between is
  // nothing that it took.
  void interrupt() { began_ = {}; }
  void make_due() { next_ = {}; }

 private:
  static constexpr int kRest = 8;
  static constexpr std::chrono::milliseconds kRestAtLeast{100};

  Clock::time_point began_{}, next_{};
};

// Steps that are to be watched: so many a second at most.
class StepPacer {
 public:
  using Clock = std::chrono::steady_clock;

  Clock::time_point next() const { return next_; }
  // What was missed is not made up for: no burst of steps after a pause.
  void took_step(Clock::time_point began, Clock::duration period) {
    next_ = std::max(next_ + period, began);
  }
  void restart() { next_ = {}; }

 private:
  Clock::time_point next_{};
};

}  // namespace hourglass::session
