// The tab of runs: a row for each, newest first, and what a click on one does.
#include <doctest/doctest.h>

#include "tests/ui/harness.h"

namespace hourglass::ui {
namespace {

// A run of some epochs that begins anew, whose held-out loss falls to `best` and rises again.
session::History run(double best, int epochs) {
  session::History history;
  history.restart = true;
  for (int i = 1; i <= 40 * epochs; ++i) history.losses.push_back({i, i / 40.0, best});
  for (int i = 1; i <= epochs; ++i) {
    session::EpochMetrics epoch;
    epoch.epoch = i;
    epoch.test_loss = i == 1 ? best : best + 0.1;
    history.epochs.push_back(epoch);
  }
  return history;
}

TEST_CASE("runs: a row for the present run and one for each before it, newest first") {
  for (const auto& [width, height] : {std::pair{1280.0f, 800.0f}, {800, 600}, {360, 3000}}) {
    CAPTURE(width);
    Harness harness(width, height);
    harness.settle();
    feed(harness);
    harness.settle();
    REQUIRE(harness.click("tab:runs"));
    CHECK_FALSE(harness.widget("runs:0").empty());
    CHECK(harness.widget("runs:1").empty());
    harness.app.receive(run(0.2, 3));
    harness.app.receive(run(0.1, 2));
    harness.settle();
    const Rect panel = harness.widget("panel:runs");
    const Rect present = harness.widget("runs:0"), before = harness.widget("runs:1"),
               first = harness.widget("runs:2");
    REQUIRE_FALSE(first.empty());
    CHECK(present.y < before.y);
    CHECK(before.y < first.y);
    CHECK(first.right() <= panel.right() + 0.5f);
    CHECK(harness.widget("runs:3").empty());
    // A finger needs no more than the others.
    if (width < 400) CHECK(before.h >= 40);
  }
}

TEST_CASE("runs: a click hides a run from the curves and shows it again, the keyboard too") {
  Harness harness;
  feed(harness);
  harness.app.receive(run(0.2, 3));
  harness.settle();
  REQUIRE(harness.click("tab:runs"));
  REQUIRE(harness.click("runs:1"));
  CHECK(harness.app.view().hidden_runs.contains(1));
  REQUIRE(harness.click("tab:curves"));
  REQUIRE(harness.click("run:0"));  // the same switch as in the legend
  CHECK(harness.app.view().hidden_runs.empty());
  REQUIRE(harness.click("tab:runs"));
  // The present run is always drawn.
  REQUIRE(harness.click("runs:0"));
  CHECK(harness.app.view().hidden_runs.empty());
  REQUIRE(harness.click("runs:1"));
  harness.key(ImGuiKey_Space);
  CHECK(harness.sent<session::Run>() == 1);  // no key is taken while nobody moves by keyboard
}

TEST_CASE("runs: what was forgotten is not listed") {
  Harness harness;
  feed(harness);
  harness.app.receive(run(0.2, 3));
  harness.settle();
  REQUIRE(harness.click("runs:clear"));
  REQUIRE(harness.click("tab:runs"));
  CHECK_FALSE(harness.widget("runs:0").empty());
  CHECK(harness.widget("runs:1").empty());
}

TEST_CASE("runs: before the first there are words in their place") {
  Harness harness;
  harness.settle();
  REQUIRE(harness.click("tab:runs"));
  CHECK(harness.widget("runs:0").empty());
  CHECK_FALSE(harness.widget("panel:runs").empty());
}

TEST_CASE("runs: the tab has the number after the others") {
  Harness harness;
  feed(harness);
  harness.settle();
  harness.key(ImGuiKey_5);
  CHECK(harness.app.view().tab == "runs");
}

}  // namespace
}  // namespace hourglass::ui
