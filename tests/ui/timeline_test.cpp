// The timeline below curves, code and weights.
#include <doctest/doctest.h>

#include "tests/ui/harness.h"
#include "ui/timeline/timeline_state.h"

namespace hourglass::ui {
namespace {

// A run at step 200 with moments at 0, 20, ... 180.
void feed_timeline(Harness& harness, std::int64_t shown = -1) {
  session::Timeline timeline;
  for (int step = 0; step < 200; step += 20) {
    timeline.steps.push_back(step);
    timeline.epochs.push_back(step / 40.0);
  }
  timeline.shown = shown;
  harness.app.receive(timeline);
}

void arrive(Harness& harness, std::int64_t step) {
  session::Snapshot snapshot;
  snapshot.step = step;
  snapshot.complete = true;
  snapshot.image_count = 20;
  harness.app.receive(snapshot);
}

void open_curves(Harness& harness) {
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("tab:curves"));
}

// Draws on until the clock of the front end has gone on by so many seconds.
void pass(Harness& harness, double seconds) {
  for (int frames = static_cast<int>(seconds * 60); frames >= 0; --frames) harness.frame();
}

TEST_CASE("timeline: it is there once there is an earlier moment") {
  Harness harness;
  open_curves(harness);
  CHECK(harness.widget("timeline:step").empty());
  feed_timeline(harness);
  harness.settle();
  CHECK_FALSE(harness.widget("timeline:step").empty());
  CHECK(harness.widget("timeline:go_on").empty());
  for (const char* tab : {"tab:weights", "tab:code"}) {
    CAPTURE(tab);
    REQUIRE(harness.click(tab));
    CHECK_FALSE(harness.widget("timeline:step").empty());
  }
  REQUIRE(harness.click("tab:training"));
  CHECK(harness.widget("timeline:step").empty());
}

TEST_CASE("timeline: a lesson may hide it") {
  Harness harness;
  open_curves(harness);
  feed_timeline(harness);
  const auto with = [&](const char* rules) {
    const std::string lesson =
        std::string(R"({"lesson": 1, "name": "a", "title": {"en": "A"}, "steps": [)") +
        R"({"title": {"en": "B"}, "text": {"en": "C"})" + rules + "}]}";
    REQUIRE(harness.app.open_lesson(lesson) == "");
    harness.settle();
    return harness.click("tab:curves") && !harness.widget("timeline:step").empty();
  };
  CHECK(with(""));
  feed_timeline(harness, 100);
  harness.settle();
  CHECK_FALSE(with(R"(, "hidden": ["timeline"])"));
  // Nobody is left at an earlier moment, from which no control leads back.
  REQUIRE(harness.sent<session::ShowStep>() == 1);
  CHECK(harness.last<session::ShowStep>()->step == -1);
}

TEST_CASE("timeline: a drag shows the kept step that is nearest, and the end is now") {
  Harness harness;
  open_curves(harness);
  feed_timeline(harness);
  harness.settle();
  const Rect slider = harness.widget("timeline:step");
  const auto at = [&](double share) {
    return slider.x + 8 + static_cast<float>(share) * (slider.w - 16);
  };
  const float y = slider.y + slider.h / 2;
  harness.move(at(0.52), y);
  harness.press(true);
  REQUIRE(harness.last<session::ShowStep>());
  CHECK(harness.last<session::ShowStep>()->step == 100);
  feed_timeline(harness, 100);
  harness.move(at(0.01), y);
  CHECK(harness.last<session::ShowStep>()->step == 0);
  feed_timeline(harness, 0);
  harness.move(at(1), y);
  CHECK(harness.last<session::ShowStep>()->step == -1);
  harness.press(false);
  const int asked = harness.sent<session::ShowStep>();
  harness.settle();
  CHECK(harness.sent<session::ShowStep>() == asked);
}

TEST_CASE(
    "timeline: where an earlier moment is shown there are ways on, and a line in the curves") {
  Harness harness;
  open_curves(harness);
  feed_timeline(harness, 60);
  harness.settle();
  const Rect plot = harness.widget("plot:loss"), line = harness.widget("curves:moment");
  REQUIRE_FALSE(line.empty());
  // Epoch 1.5 of 5.
  CHECK(line.x == doctest::Approx(plot.x + 0.3f * plot.w).epsilon(0.02));
  REQUIRE(harness.click("timeline:now"));
  CHECK(harness.last<session::ShowStep>()->step == -1);
  REQUIRE(harness.click("timeline:go_on"));
  REQUIRE(harness.last<session::GoOnFromStep>());
  CHECK(harness.last<session::GoOnFromStep>()->step == 60);
}

TEST_CASE("timeline: it plays from the start, waits for each moment, and stops at now") {
  Harness harness;
  open_curves(harness);
  feed_timeline(harness);
  harness.settle();
  REQUIRE(harness.click("timeline:play"));
  CHECK(harness.last<session::ShowStep>()->step == 0);
  feed_timeline(harness, 0);
  pass(harness, 0.5);
  CHECK(harness.last<session::ShowStep>()->step == 0);  // it has not come yet
  for (std::int64_t step = 0; step < 180; step += 20) {
    arrive(harness, step);
    pass(harness, 0.3);
    REQUIRE(harness.last<session::ShowStep>()->step == step + 20);
    feed_timeline(harness, step + 20);
  }
  CHECK(harness.app.state<TimelineState>().playing);
  arrive(harness, 180);
  pass(harness, 0.3);
  CHECK(harness.last<session::ShowStep>()->step == -1);
  CHECK_FALSE(harness.app.state<TimelineState>().playing);
  feed_timeline(harness);
  harness.settle(200);
  CHECK_FALSE(harness.app.wants_frame());
}

TEST_CASE("timeline: what plays stops where somebody trains on or takes the slider") {
  Harness harness;
  open_curves(harness);
  feed_timeline(harness);
  harness.settle();
  REQUIRE(harness.click("timeline:play"));
  feed_timeline(harness, 0);
  harness.frame();
  feed_timeline(harness);
  harness.settle();
  CHECK_FALSE(harness.app.state<TimelineState>().playing);
  REQUIRE(harness.click("timeline:play"));
  feed_timeline(harness, 0);
  harness.frame();
  REQUIRE(harness.click("timeline:step"));
  CHECK_FALSE(harness.app.state<TimelineState>().playing);
}

}  // namespace
}  // namespace hourglass::ui
