// A session whose run stops being finite: it pauses, says so, and has good parameters.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "core/formats/safetensors.h"
#include "core/session/engine/build.h"
#include "tests/data/expect_error.h"
#include "tests/support/session_driver.h"

using namespace hourglass;
using namespace hourglass::session;
using tests::Driver;

namespace {

// A linear network that the first step at the highest rate throws far away, and the next out of
// sight.
void make_wild(Driver& driver) {
  driver.send(SetSettings{{{"model.encoder", std::string(R"([{"units":8}])")},
                           {"model.decoder", std::string(R"([{"units":"input"}])")},
                           {"model.loss", std::string("sse")},
                           {"train.optimizer", std::string("sgd")},
                           {"train.learning_rate", 10.0},
                           {"train.batch_size", std::int64_t{16}}}});
  driver.settle();
}

bool all_finite(const Safetensors& file) {
  for (const TensorEntry& tensor : file.tensors) {
    for (const float value : tensor.floats()) {
      if (!std::isfinite(value)) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("step by step, a run is never left with parameters that are no good") {
  Driver driver;
  make_wild(driver);
  int steps = 0;
  while (driver.failures.empty() && steps < 40) {
    driver.send(Step{1});
    driver.settle();
    ++steps;
    driver.send(SaveCheckpoint{}, 1);
    REQUIRE(driver.replies.size() == static_cast<std::size_t>(steps));
    const Safetensors file = read_safetensors(driver.replies.back().checkpoint, "it");
    CHECK(all_finite(file));
  }
  REQUIRE(driver.failures.size() == 1);
  CHECK(contains(driver.failures[0].message, "train.learning_rate"));
  CHECK(driver.status.phase == Phase::kPaused);
  // The step that went wrong has been taken back at once, not in the step after it, and with it
  // those whose numbers were finite yet.
  const auto good = driver.status.step;
  CHECK(good < steps);
  for (const LossPoint& point : driver.losses) CHECK(std::isfinite(point.loss));
  // With another rate it goes on.
  driver.set("train.learning_rate", 1e-6);
  driver.send(Step{1});
  driver.settle();
  CHECK(driver.failures.size() == 1);
  CHECK(driver.status.step == good + 1);
}

TEST_CASE("a run that bursts in its last step is no finished run") {
  for (const std::int64_t steps : {1, 2, 3}) {
    CAPTURE(steps);
    Driver driver;
    make_wild(driver);
    driver.set("train.steps", steps);
    driver.send(session::Run{});
    driver.settle();
    REQUIRE(driver.failures.size() == 1);
    CHECK(contains(driver.failures[0].message, "train.learning_rate"));
    CHECK(driver.status.phase == Phase::kPaused);
    CHECK(driver.status.step < steps);
  }
}

TEST_CASE("what is saved between a bad step and the next is what was good before") {
  Driver driver;
  make_wild(driver);
  for (int i = 0; i < 40 && driver.failures.empty(); ++i) {
    driver.send(Step{1});
    // One turn of the session trains the step, and no more: nobody has looked at it yet.
    while (driver.advance() && driver.status.phase == Phase::kRunning) continue;
    driver.send(SaveCheckpoint{}, 1);
    const Safetensors file = read_safetensors(driver.replies.back().checkpoint, "it");
    CHECK(all_finite(file));
    const RunInfo info = read_run_info(file, "it");
    for (const EpochMetrics& row : info.history) CHECK(is_finite(row));
  }
  CHECK(driver.failures.size() == 1);
  CHECK(driver.replies.size() > 1);
}
