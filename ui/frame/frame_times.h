// How long the last frames took to build: what the page shows by `?stats`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace hourglass::ui {

struct FrameStatistics {
  std::int64_t frames = 0;                       // built so far
  double median_ms = 0, p95_ms = 0, max_ms = 0;  // of the last ones
};

class FrameTimes {
 public:
  // Frames that the figures are made of.
  static constexpr std::size_t kKept = 240;

  void add(double milliseconds);
  // The median is the lower of the two middle ones; p95 the smallest time that at least 95% of the
  // frames stayed within.
  FrameStatistics statistics() const;
  // {"frames":123,"median_ms":1.234,"p95_ms":2.345,"max_ms":3.456}
  std::string json() const;

 private:
  std::array<float, kKept> times_{};
  std::int64_t count_ = 0;
};

}  // namespace hourglass::ui
