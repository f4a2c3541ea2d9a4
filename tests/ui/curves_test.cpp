// The tab of curves: earlier runs as ghosts, the crosshair, and what the differences are called.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/ui/harness.h"
#include "ui/curves/curves_state.h"
#include "ui/kit/plot.h"
#include "ui/state/run_text.h"

namespace hourglass::ui {
namespace {

session::History points(double rate, int count, bool restart = false) {
  session::History history;
  history.restart = restart;
  for (int i = 1; i <= count; ++i) history.losses.push_back({i, i / 100.0, rate / i + 0.1});
  return history;
}

void change(Harness& harness, std::string_view key, session::Value value) {
  harness.app.receive(session::SettingsChanged{{{std::string(key), std::move(value)}}});
}

TEST_CASE("trace: a long curve keeps its ends, its peaks and its order in few points") {
  Trace trace;
  double highest = 0;
  for (int i = 0; i < 100000; ++i) {
    const double y = i == 54321 ? 99 : std::sin(i * 0.01);
    trace.add(i, y);
    highest = std::max(highest, y);
  }
  trace.add(100000, std::nan(""));
  std::vector<PlotPoint> drawn;
  trace.append_to(drawn);
  CHECK(drawn.size() <= 4 * Trace::kMaxBins);
  CHECK(drawn.size() > 500);
  CHECK(drawn.front().x == 0);
  CHECK(drawn.back().x == 99999);
  double top = 0;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    top = std::max(top, drawn[i].y);
    if (i > 0) CHECK(drawn[i].x > drawn[i - 1].x);
  }
  CHECK(top == highest);
}

TEST_CASE("trace: a short curve is all of its points") {
  Trace trace;
  for (int i = 0; i < 10; ++i) trace.add(i, i * i);
  std::vector<PlotPoint> drawn;
  trace.append_to(drawn);
  REQUIRE(drawn.size() == 10);
  CHECK(drawn[3].y == 9);
}

TEST_CASE("plot: the nearest of points that do not fall, and a value for each place of an axis") {
  const PlotPoint all[] = {{1, 0}, {2, 0}, {4, 0}, {8, 0}};
  const auto nearest = [&](double x) {
    return nearest_index(std::span<const PlotPoint>(all), x,
                         [](const PlotPoint& p) { return p.x; });
  };
  CHECK(nearest(-5) == 0);
  CHECK(nearest(1.4) == 0);
  CHECK(nearest(1.6) == 1);
  CHECK(nearest(4) == 2);
  CHECK(nearest(6.1) == 3);
  CHECK(nearest(100) == 3);
  for (const Axis& axis : {Axis{0, 50, false}, Axis{0.01, 10, true}}) {
    for (const double place : {0.0, 0.3, 1.0}) {
      CHECK(axis.position(axis.value_at(place)) == doctest::Approx(place));
    }
  }
}

TEST_CASE("runs: their differences are told in words, and only those that play a part") {
  const Texts texts = Texts::embedded();
  RunConfig run, present;
  CHECK(run_differences(texts, run, present).empty());
  run.settings["train.learning_rate"] = 0.01;
  CHECK(run_differences(texts, run, present) == "learning rate 0.01");
  run.settings["train.seed"] = std::int64_t{2};
  CHECK(run_differences(texts, run, present) == "learning rate 0.01, seed 2");
  run.settings["train.momentum"] = 0.9;             // Adam has none
  run.settings["train.decay"] = 0.5;                // of a constant rate
  run.settings["penalty.kl"] = 4.0;                 // of no Gaussian code
  run.settings["train.epochs"] = std::int64_t{7};   // when it stops
  run.settings["train.threads"] = std::int64_t{1};  // nor where it runs
  run.settings["view.images"] = std::int64_t{3};    // nor what is looked at
  CHECK(run_differences(texts, run, present) == "learning rate 0.01, seed 2");
  run.settings["train.optimizer"] = std::string("sgd");
  CHECK(run_differences(texts, run, present) ==
        "optimizer SGD with momentum, learning rate 0.01, momentum 0.9, seed 2");
}

TEST_CASE("runs: other layers are told by their shape") {
  const Texts texts = Texts::embedded();
  RunConfig run, present;
  const auto network = [](std::int64_t code, const char* activation) {
    session::NetworkInfo info;
    info.input_features = 784;
    info.layers = {{"encoder.0", "dense", activation, {code, 1, 1}, 0, 0},
                   {"decoder.0", "dense", "sigmoid", {1, 28, 28}, 0, 0}};
    return info;
  };
  run.network = network(16, "relu");
  present.network = network(32, "relu");
  run.settings["model.encoder"] = std::string("[a]");
  CHECK(run_differences(texts, run, present) == "layers 784–16–784");
  run.network = network(32, "tanh");
  CHECK(run_differences(texts, run, present) == "layers 784–32 tanh–784 sigmoid");
  run.network = present.network;
  CHECK(run_differences(texts, run, present) == "other layers");
}

TEST_CASE("curves: a restart leaves a ghost, which a click hides, and forgetting takes all away") {
  Harness harness;
  feed(harness);
  harness.settle();
  CHECK(harness.widget("run:0").empty());
  harness.app.receive(points(1, 50, true));
  harness.settle();
  REQUIRE_FALSE(harness.widget("run:0").empty());
  CHECK(harness.widget("run:1").empty());
  REQUIRE(harness.click("run:0"));
  CHECK(harness.app.view().hidden_runs.contains(1));
  REQUIRE(harness.click("run:0"));
  CHECK(harness.app.view().hidden_runs.empty());
  REQUIRE(harness.click("runs:clear"));
  CHECK(harness.widget("run:0").empty());
  harness.app.receive(points(2, 50, true));
  harness.settle();
  CHECK_FALSE(harness.widget("run:0").empty());  // only those before are forgotten
  CHECK(harness.widget("run:1").empty());
}

TEST_CASE("curves: many earlier runs scroll in their own list") {
  Harness harness(800, 600);
  feed(harness);
  for (int i = 0; i < 12; ++i) harness.app.receive(points(i, 20, true));
  harness.settle();
  CHECK(harness.app.store().runs.size() == kRunsKept);
  REQUIRE(harness.click("tab:curves"));
  CHECK(harness.widget("plot:loss").h > 60);
  const Rect list = harness.widget("runs");
  REQUIRE(list.h > 20);
  CHECK(harness.widget("run:7").empty());
  harness.move(list.x + list.w / 2, list.y + list.h / 2);
  for (int i = 0; i < 10; ++i) harness.wheel(-5);
  CHECK_FALSE(harness.widget("run:7").empty());
}

TEST_CASE("curves: the crosshair is there while the pointer is on the plot, and goes with it") {
  Harness harness;
  feed(harness);
  harness.settle();
  const Rect plot = harness.widget("plot:loss");
  REQUIRE(plot.w > 100);
  CHECK(harness.widget("curves:crosshair").empty());
  for (const float place : {0.02f, 0.5f, 0.98f}) {
    harness.move(plot.x + plot.w * place, plot.y + plot.h / 2);
    const Rect table = harness.widget("curves:crosshair");
    CHECK(table.w > 60);
    CHECK(table.x >= plot.x);
    CHECK(table.right() <= plot.right() + 1);
  }
  CHECK_FALSE(harness.app.wants_frame());
  harness.move(plot.x, plot.bottom() + 60);
  CHECK(harness.widget("curves:crosshair").empty());
}

TEST_CASE("curves: what is measured is chosen from a list") {
  Harness harness;
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("curves:measure"));
  REQUIRE(harness.click("curves:measure:accuracy"));
  CHECK(harness.app.state<CurvesState>().measure == CurveMeasure::kAccuracy);
  CHECK_FALSE(harness.widget("plot:loss").empty());
  REQUIRE(harness.click("curves:measure"));
  REQUIRE(harness.click("curves:measure:code"));
  CHECK(harness.app.state<CurvesState>().measure == CurveMeasure::kCode);
}

TEST_CASE("curves: a run of 100,000 points costs a frame little more than a short one") {
  const auto vertices = [](int count) {
    Harness harness;
    feed(harness);
    session::History history;
    for (int i = 1; i <= count; ++i) history.losses.push_back({i, i / 40.0, 1.0 / i, 0.1 / i});
    history.restart = true;
    harness.app.receive(history);
    harness.settle();
    std::vector<PlotPoint> drawn;
    harness.app.store().curves.loss.append_to(drawn);
    return drawn.size();
  };
  CHECK(vertices(100000) <= 4 * Trace::kMaxBins);
}

TEST_CASE("runs: a change counts once something was trained with it") {
  Harness harness;
  feed(harness);
  const auto words = [&](std::size_t run) {
    const Store& store = harness.app.store();
    return run_differences(Texts::embedded(), store.runs.at(run).terms, current_config(store));
  };
  SUBCASE("not where a reset follows at once") {
    change(harness, "train.learning_rate", 0.01);
    harness.app.receive(session::History{true, {}, {}});
    CHECK(words(0) == "learning rate 0.001");
  }
  SUBCASE("but where training went on") {
    change(harness, "train.learning_rate", 0.01);
    harness.app.receive(session::History{false, {{201, 5.1, 0.1}}, {}});
    change(harness, "train.learning_rate", 0.001);
    harness.app.receive(session::History{true, {}, {}});
    CHECK(words(0) == "learning rate 0.01");
  }
  SUBCASE("a change that waits for a reset belongs to the run after it") {
    change(harness, "train.batch_size", std::int64_t{32});
    session::Status status;
    status.pending_reset = {"train.batch_size"};
    harness.app.receive(status);
    harness.app.receive(session::History{false, {{201, 5.1, 0.1}}, {}});
    harness.app.receive(session::History{true, {}, {}});
    harness.app.receive(session::Status{});
    CHECK(words(0) == "batch size 256");
  }
  SUBCASE("a new seed is told after the restart") {
    harness.app.receive(session::History{true, {}, {}});
    change(harness, "train.seed", std::int64_t{2});
    CHECK(words(0) == "seed 1");
    harness.app.receive(points(1, 30));
    CHECK(words(0) == "seed 1");
    harness.app.receive(session::History{true, {}, {}});
    change(harness, "train.seed", std::int64_t{3});
    harness.app.receive(points(1, 30));
    CHECK(words(0) == "seed 2");
    CHECK(words(1) == "seed 1");
  }
}

}  // namespace
}  // namespace hourglass::ui
