// How many images a second are trained.
#pragma once

#include <chrono>
#include <cstdint>

namespace hourglass::session {

// Measures over about the last second.
class SpeedMeter {
 public:
  using Clock = std::chrono::steady_clock;

  void start(Clock::time_point now) {
    since_ = now;
    images_ = 0;
  }
  void add(std::int64_t images) { images_ += images; }
  // To be called from time to time while training goes on.
  void update(Clock::time_point now) {
    if (now - since_ < std::chrono::seconds(1)) return;
    const double seconds = std::chrono::duration<double>(now - since_).count();
    images_per_second_ = static_cast<double>(images_) / seconds;
    start(now);
  }
  void stop() { images_per_second_ = 0; }

  double images_per_second() const { return images_per_second_; }

 private:
  Clock::time_point since_{};
  std::int64_t images_ = 0;
  double images_per_second_ = 0;
};

}  // namespace hourglass::session
