// The tab of runs: a row for each, newest first, and what a click on one does.
#include <doctest/doctest.h>

#include "tests/data/expect_error.h"
#include "tests/ui/harness.h"

namespace hourglass::ui {
namespace {

// What the engine says of a run that it keeps.
session::RunKept kept_run(std::uint64_t number, std::uint64_t present) {
  session::RunKept kept;
  kept.run = number;
  kept.present = present;
  kept.data = "strokes";
  kept.network.input_features = 784;
  return kept;
}

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

// Run 1, which is kept and over, and the present run 2.
void keep_one_run(Harness& harness) {
  feed(harness);
  session::History first = run(0.2, 3);
  first.run = 1;
  harness.app.receive(first);
  harness.app.receive(kept_run(1, 1));
  session::History second = run(0.1, 2);
  second.run = 2;
  harness.app.receive(second);
  harness.settle();
}

TEST_CASE("runs: one whose parameters are kept can be compared, taken back and deleted") {
  for (const auto& [width, height] : {std::pair{1280.0f, 800.0f}, {800, 600}, {360, 3000}}) {
    CAPTURE(width);
    Harness harness(width, height);
    harness.settle();
    keep_one_run(harness);
    REQUIRE(harness.click("tab:runs"));
    CHECK(harness.widget("runs:2:load").empty());  // nothing is kept of that one
    const Rect row = harness.widget("runs:1"), remove = harness.widget("runs:1:delete");
    REQUIRE_FALSE(remove.empty());
    CHECK(row.contains(remove.x + 1, remove.y + 1));
    CHECK(remove.right() <= row.right());
    if (width < 400) CHECK(remove.w >= 40);  // for a finger
    REQUIRE(harness.click("runs:1:load"));
    REQUIRE(harness.last<session::LoadKeptRun>() != nullptr);
    CHECK(harness.last<session::LoadKeptRun>()->run == 1);
    CHECK(harness.app.view().hidden_runs.empty());  // that is what the row itself does
    REQUIRE(harness.click("runs:1:delete"));
    REQUIRE(harness.last<session::DropKeptRun>() != nullptr);
    CHECK(harness.last<session::DropKeptRun>()->run == 1);
    REQUIRE(harness.click("runs:1:compare"));
    CHECK(harness.app.view().workspace == Workspace::kApplications);
    CHECK(harness.app.view().application == "compare");
    CHECK(contains(harness.last<session::StartJob>()->arguments, "\"run\":1"));
  }
}

TEST_CASE("runs: the present run can be kept, but not twice") {
  Harness harness;
  keep_one_run(harness);
  harness.app.receive(session::History{false, {{81, 2.1, 0.1}}, {}});
  harness.settle();
  REQUIRE(harness.click("tab:runs"));
  REQUIRE(harness.click("runs:0:keep"));
  CHECK(harness.sent<session::KeepRun>() == 1);
  harness.app.receive(kept_run(2, 3));
  harness.settle();
  CHECK(harness.widget("runs:0:keep").empty());
  harness.app.receive(session::History{false, {{82, 2.2, 0.1}}, {}});
  harness.settle();
  CHECK_FALSE(harness.widget("runs:0:keep").empty());
}

TEST_CASE("runs: the parameters of forgotten runs are deleted, once") {
  Harness harness;
  keep_one_run(harness);
  REQUIRE(harness.click("runs:clear"));
  harness.settle();
  CHECK(harness.sent<session::DropKeptRun>() == 1);
  CHECK(harness.last<session::DropKeptRun>()->run == 1);
  harness.app.note_input();
  harness.settle();
  CHECK(harness.sent<session::DropKeptRun>() == 1);
}

}  // namespace
}  // namespace hourglass::ui
