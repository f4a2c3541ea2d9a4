#include "core/train/early_stopping.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace hourglass;

namespace {

std::vector<EpochMetrics> losses(std::initializer_list<double> values) {
  std::vector<EpochMetrics> history;
  for (const double value : values) {
    EpochMetrics row;
    row.epoch = static_cast<double>(history.size() + 1);
    row.test_loss = value;
    history.push_back(row);
  }
  return history;
}

}  // namespace

TEST_CASE("training stops at an epoch, a number of steps, a loss or a plateau") {
  EarlyStopping rule{.epochs = 3};
  CHECK(stop_reason(rule, losses({1, 2}), 20) == StopReason::kNone);
  CHECK(stop_reason(rule, losses({1, 2, 3}), 30) == StopReason::kEpochs);
  CHECK(stop_reason(rule, losses({1, 2, 3, 4}), 40) == StopReason::kNone);  // was told to go on

  rule = {.epochs = 100, .steps = 30};
  CHECK(stop_reason(rule, losses({1, 2, 3}), 29) == StopReason::kNone);
  CHECK(stop_reason(rule, losses({1, 2, 3}), 30) == StopReason::kSteps);

  rule = {.epochs = 100, .loss = 0.5};
  CHECK(stop_reason(rule, losses({1, 0.51}), 20) == StopReason::kNone);
  CHECK(stop_reason(rule, losses({1, 0.5}), 20) == StopReason::kLoss);

  rule = {.epochs = 100, .patience = 2};
  CHECK(stop_reason(rule, losses({3, 2, 2.5}), 30) == StopReason::kNone);
  CHECK(stop_reason(rule, losses({3, 2, 2.5, 2}), 40) == StopReason::kPlateau);
  CHECK(stop_reason(rule, losses({3, 2, 2.5, 1.9}), 40) == StopReason::kNone);
  CHECK(stop_reason(rule, {}, 0) == StopReason::kNone);

  // What is no loss steers nothing.
  const double none = std::nan(""), endless = -std::numeric_limits<double>::infinity();
  rule = {.epochs = 100, .loss = 0.5};
  CHECK(stop_reason(rule, losses({none}), 10) == StopReason::kNone);
  CHECK(stop_reason(rule, losses({endless}), 10) == StopReason::kNone);
  rule = {.epochs = 100, .patience = 2};
  CHECK(stop_reason(rule, losses({none, 3, 2, 2.5}), 40) == StopReason::kNone);
  CHECK(stop_reason(rule, losses({endless, 3, 2, 2.5}), 40) == StopReason::kNone);
  CHECK(stop_reason(rule, losses({none, none, none, none}), 40) == StopReason::kNone);
  CHECK(stop_reason(rule, losses({2, none, none, 3}), 40) == StopReason::kPlateau);
  for (const StopReason reason :
       {StopReason::kEpochs, StopReason::kSteps, StopReason::kLoss, StopReason::kPlateau}) {
    CHECK(stop_sentence(reason, rule).starts_with("Stopped "));
  }
}

TEST_CASE("a plateau that comes of a learning rate of 0 is said to come of that") {
  const EarlyStopping rule{.epochs = 100, .patience = 3};
  CHECK(stop_sentence(StopReason::kPlateau, rule) ==
        "Stopped because the held-out loss has not fallen for 3 epochs.");
  CHECK(stop_sentence(StopReason::kPlateau, rule, 1000) ==
        "Stopped because the learning rate has reached 0: the schedule was over at step 1000, and "
        "the held-out loss has not fallen for 3 epochs.");
}

TEST_CASE("a run has as many steps as its epochs, unless it is to stop before") {
  CHECK(steps_ahead({.epochs = 50}, 32) == 1600);
  CHECK(steps_ahead({.epochs = 50, .steps = 100}, 32) == 100);
  CHECK(steps_ahead({.epochs = 2, .steps = 100}, 32) == 64);
  CHECK(steps_ahead({.epochs = 100000}, 10'000'000) == 1'000'000'000'000);
}
