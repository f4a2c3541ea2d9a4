#include "ui/frame/frame_times.h"

#include <algorithm>
#include <cstdio>

namespace hourglass::ui {

void FrameTimes::add(double milliseconds) {
  times_[static_cast<std::size_t>(count_) % kKept] = static_cast<float>(milliseconds);
  ++count_;
}

FrameStatistics FrameTimes::statistics() const {
  FrameStatistics result;
  result.frames = count_;
  const std::size_t n = std::min(static_cast<std::size_t>(count_), kKept);
  if (n == 0) return result;
  std::array<float, kKept> sorted = times_;
  std::sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(n));
  result.median_ms = static_cast<double>(sorted[(n - 1) / 2]);
  result.p95_ms = static_cast<double>(sorted[(95 * n + 99) / 100 - 1]);
  result.max_ms = static_cast<double>(sorted[n - 1]);
  return result;
}

std::string FrameTimes::json() const {
  const FrameStatistics now = statistics();
  char text[160];
  std::snprintf(text, sizeof text,
                "{\"frames\":%lld,\"median_ms\":%.3f,\"p95_ms\":%.3f,\"max_ms\":%.3f}",
                static_cast<long long>(now.frames), now.median_ms, now.p95_ms, now.max_ms);
  return text;
}

}  // namespace hourglass::ui
