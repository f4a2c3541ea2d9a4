#include "ui/frame/frame_times.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/ui/harness.h"

namespace hourglass::ui {
namespace {

TEST_CASE("frame times: median, 95th of a hundred and largest, of the frames that are kept") {
  FrameTimes times;
  CHECK(times.statistics().frames == 0);
  CHECK(times.statistics().max_ms == 0);
  for (int i = 100; i >= 1; --i) times.add(i);
  CHECK(times.statistics().median_ms == 50);
  CHECK(times.statistics().p95_ms == 95);
  CHECK(times.statistics().max_ms == 100);
  // What is older than the last 240 is forgotten.
  for (std::size_t i = 0; i < FrameTimes::kKept; ++i) times.add(2);
  CHECK(times.statistics().max_ms == 2);
  CHECK(times.statistics().frames == 100 + static_cast<std::int64_t>(FrameTimes::kKept));
  const auto json = nlohmann::json::parse(times.json());
  CHECK(json["frames"] == 340);
  CHECK(json["median_ms"] == 2);
}

TEST_CASE("frame times: the app times its frames by the clock it is given") {
  AppOptions options;
  double now = 0;
  // Every look at the clock is 1.5 ms after the one before.
  options.clock = [&now] { return now += 0.0015; };
  Harness harness(1280, 800, std::move(options));
  harness.frame();
  CHECK(harness.app.frame_times().statistics().frames == 1);
  CHECK(harness.app.frame_times().statistics().median_ms == doctest::Approx(1.5));
  CHECK(harness.app.view().frame_ms == 0);
  harness.app.set_stats(true);
  harness.frame();
  CHECK(harness.app.view().frame_ms == doctest::Approx(1.5));
}

}  // namespace
}  // namespace hourglass::ui
