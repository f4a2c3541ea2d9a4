// Earlier moments of a run: which are kept, what of them is shown, and going on from one.
#include "core/session/engine/timeline.h"

#include <doctest/doctest.h>

#include <cstring>
#include <map>
#include <string>

#include "core/formats/safetensors.h"
#include "tests/support/session_driver.h"
#include "tests/support/small_data.h"

namespace hourglass {
namespace {

using namespace session;
using tests::Driver;

const ImageShape kSmallImage{1, 4, 4};

struct SmallRun {
  explicit SmallRun(OptimizerKind kind = OptimizerKind::kAdam) : pool(1) {
    spec.optimizer.kind = kind;
    spec.batch_size = 8;
    trainer = std::make_unique<Trainer>(
        std::make_shared<const Model>(
            tests::small_spec(Activation::kRelu, Activation::kSigmoid, Loss::kMeanSquaredError),
            kSmallImage),
        spec, tests::random_dataset(kSmallImage, 40, 8), pool);
  }
  std::size_t moment_bytes() const {
    const TrainState& state = trainer->state();
    return static_cast<std::size_t>(state.parameters.size()) * sizeof(Scalar) *
           (1 + state.moments.size());
  }

  ThreadPool pool;
  TrainSpec spec;
  std::unique_ptr<Trainer> trainer;
};

std::vector<std::int64_t> steps_of(const RunTimeline& timeline) {
  return timeline.describe().steps;
}

void train(Driver& driver, std::int64_t count) {
  driver.send(Step{count});
  driver.settle();
}

void show(Driver& driver, std::int64_t step) {
  driver.send(ShowStep{step});
  driver.settle();
}

// Parameters and moments of the run as it is, by name.
std::map<std::string, Bytes> tensors_of(Driver& driver) {
  driver.replies.clear();
  driver.send(SaveCheckpoint{}, 7);
  driver.settle();
  REQUIRE(driver.replies.size() == 1);
  std::map<std::string, Bytes> tensors;
  const Safetensors file = read_safetensors(driver.replies[0].checkpoint, "it");
  for (const TensorEntry& entry : file.tensors) {
    tensors[entry.name] = Bytes(entry.bytes.begin(), entry.bytes.end());
  }
  return tensors;
}

}  // namespace

TEST_CASE("timeline: every second moment goes where there is no more room, and they stay even") {
  SmallRun run;
  RunTimeline timeline(std::size_t{1} << 30);
  timeline.restart(*run.trainer);
  std::map<std::int64_t, ParameterBuffer> seen = {{0, run.trainer->state().parameters}};
  for (int step = 1; step <= 700; ++step) {
    run.trainer->step();
    timeline.add(*run.trainer);
    seen[step] = run.trainer->state().parameters;
    const std::vector<std::int64_t> steps = steps_of(timeline);
    REQUIRE(steps.size() <= RunTimeline::kMaxMoments);
    REQUIRE(steps.front() == 0);
    if (step < 64) REQUIRE(std::ssize(steps) == step + 1);
    if (step >= 64) REQUIRE(steps.size() >= RunTimeline::kMaxMoments / 2);
    const std::int64_t apart = steps[1] - steps[0];
    for (std::size_t i = 1; i < steps.size(); ++i) REQUIRE(steps[i] - steps[i - 1] == apart);
    REQUIRE(step - steps.back() < apart);
  }
  CHECK(steps_of(timeline)[1] == 16);
  for (const auto& moment : timeline.moments()) {
    CAPTURE(moment->state.step);
    const ParameterBuffer& then = seen.at(moment->state.step);
    REQUIRE(moment->state.parameters.size() == then.size());
    CHECK(std::memcmp(moment->state.parameters.data(), then.data(),
                      static_cast<std::size_t>(then.size()) * sizeof(Scalar)) == 0);
    CHECK(moment->epoch == doctest::Approx(static_cast<double>(moment->state.step) / 5));
  }
  CHECK(timeline.nearest(33)->state.step == 32);
  CHECK(timeline.nearest(-5)->state.step == 0);
  CHECK(timeline.nearest(100000)->state.step == 688);
}

TEST_CASE(
    "timeline: it takes no more memory than it is given, and does without where that is none") {
  SmallRun run;
  const std::size_t each = run.moment_bytes();
  RunTimeline timeline(10 * each + 5), small((RunTimeline::kMinMoments - 1) * each);
  timeline.restart(*run.trainer);
  small.restart(*run.trainer);
  for (int step = 1; step <= 300; ++step) {
    run.trainer->step();
    timeline.add(*run.trainer);
    small.add(*run.trainer);
    REQUIRE(timeline.bytes() <= 10 * each);
    REQUIRE(timeline.moments().size() >= std::min<std::size_t>(5, static_cast<std::size_t>(step)));
  }
  CHECK(small.moments().empty());
  CHECK_FALSE(small.nearest(3));
}

TEST_CASE("timeline: what came after a step that the run has gone back to is forgotten") {
  SmallRun run(OptimizerKind::kSgd);
  RunTimeline timeline(std::size_t{1} << 20);
  timeline.restart(*run.trainer);
  for (int step = 1; step <= 20; ++step) {
    run.trainer->step();
    timeline.add(*run.trainer);
  }
  timeline.show(timeline.nearest(15));
  timeline.take_news();
  timeline.drop_after(30);
  CHECK_FALSE(timeline.take_news());
  timeline.drop_after(12);
  CHECK(timeline.take_news());
  CHECK(steps_of(timeline).back() == 12);
  CHECK_FALSE(timeline.shown());
}

TEST_CASE("looking back changes no bit of the run, on one thread and on two") {
  std::map<std::string, Bytes> first;
  for (const int threads : {1, 2}) {
    CAPTURE(threads);
    Driver plain(threads), watched(threads);
    train(plain, 40);
    const auto expected = tensors_of(plain);
    if (first.empty()) first = expected;
    CHECK(expected == first);

    watched.set("view.tiles", std::string("inputs"));
    train(watched, 20);
    show(watched, 5);
    CHECK(watched.timeline.shown == 5);
    CHECK(watched.status.step == 20);
    show(watched, -1);
    CHECK(watched.timeline.shown == -1);
    train(watched, 10);
    // While it trains, and on from the past without a way back.
    watched.send(session::Run{});
    watched.send(ShowStep{3});
    CHECK(watched.status.phase == Phase::kPaused);
    watched.settle();
    train(watched, 40 - watched.status.step);
    CHECK(watched.timeline.shown == -1);
    CHECK(watched.shown.step == 40);
    CHECK(tensors_of(watched) == expected);
  }
}

TEST_CASE("looking back: what is on display is what a run at that step has") {
  Driver then, now;
  for (Driver* driver : {&then, &now}) driver->set("view.tiles", std::string("outputs"));
  train(then, 6);
  train(now, 25);
  CHECK(*now.shown.reconstructed != *then.shown.reconstructed);
  show(now, 6);
  CHECK(now.shown.step == 6);
  CHECK(now.shown.epoch == doctest::Approx(then.shown.epoch));
  CHECK(now.shown.complete);
  CHECK(*now.shown.reconstructed == *then.shown.reconstructed);
  CHECK(*now.shown.code_ranges == *then.shown.code_ranges);
  CHECK(*now.shown.activations == *then.shown.activations);
  CHECK(*now.shown.tiles == *then.shown.tiles);
  // Other points on the map are of the same moment.
  for (Driver* driver : {&then, &now}) {
    driver->set("view.map_points", std::int64_t{100});
    driver->settle();
  }
  CHECK(*now.shown.code_ranges == *then.shown.code_ranges);
  // What is asked for is answered by the network of that moment.
  const Floats code(static_cast<std::size_t>(now.network.code_size), 0.5f);
  for (Driver* driver : {&then, &now}) {
    driver->replies.clear();
    driver->send(Decode{code}, 9);
    REQUIRE(driver->replies.size() == 1);
  }
  CHECK(now.replies[0].images == then.replies[0].images);
  show(now, -1);
  CHECK(now.shown.step == 25);
  CHECK(*now.shown.reconstructed != *then.shown.reconstructed);
}

TEST_CASE(
    "looking back: one snapshot says that all of the moment is there, also if nothing is new") {
  Driver driver;
  train(driver, 10);
  show(driver, 4);
  CHECK(driver.shown.complete);
  driver.shown.complete = false;
  const int before = driver.snapshots;
  show(driver, 4);
  CHECK(driver.snapshots > before);
  CHECK(driver.shown.complete);
  CHECK(driver.shown.step == 4);
}

TEST_CASE(
    "going on from an earlier moment is the same run once more, and keeps the one there was") {
  for (const int threads : {1, 2}) {
    CAPTURE(threads);
    Driver driver(threads);
    train(driver, 30);
    const auto expected = tensors_of(driver);
    const std::vector<LossPoint> losses = driver.losses;
    const std::uint64_t run = driver.run;
    driver.send(GoOnFromStep{12}, 3);
    driver.settle();
    CHECK(driver.failures.empty());
    CHECK(driver.status.step == 12);
    CHECK(driver.run > run);
    REQUIRE(driver.kept.size() == 1);
    CHECK(driver.kept[0].run == run);
    CHECK(driver.kept[0].step == 30);
    // Its past is there as before.
    CHECK(driver.timeline.steps.size() == 13);
    CHECK(driver.timeline.shown == -1);
    REQUIRE_FALSE(driver.losses.empty());
    CHECK(driver.losses.back().step <= 12);
    train(driver, 18);
    CHECK(tensors_of(driver) == expected);
    show(driver, 3);
    CHECK(driver.shown.step == 3);
  }
}

TEST_CASE("going on from an earlier moment takes the settings of now") {
  Driver driver;
  train(driver, 20);
  const auto before = tensors_of(driver);
  driver.set("train.learning_rate", 0.0002);
  driver.send(GoOnFromStep{10});
  train(driver, 10);
  CHECK(driver.setting("train.learning_rate") == Value(0.0002));
  CHECK(driver.status.step == 20);
  CHECK(tensors_of(driver) != before);
}

TEST_CASE("of a run that diverged no moment is kept behind the step that it has gone back to") {
  Driver driver;
  driver.set("model.loss", std::string("sse"));
  driver.set("model.decoder", std::string(R"([{"units":"input","activation":"linear"}])"));
  driver.set("train.optimizer", std::string("sgd"));
  driver.set("train.learning_rate", 10.0);
  driver.settle();
  driver.send(session::Run{});
  driver.settle();
  REQUIRE(driver.failures.size() == 1);
  REQUIRE_FALSE(driver.timeline.steps.empty());
  CHECK(driver.timeline.steps.back() <= driver.status.step);
}

TEST_CASE("a new run has a timeline of its own, and one that has no room says so") {
  Driver driver;
  train(driver, 9);
  CHECK(driver.timeline.steps.size() == 10);
  show(driver, 2);
  driver.send(Reset{});
  driver.settle();
  CHECK(driver.timeline.shown == -1);
  CHECK(driver.timeline.steps == std::vector<std::int64_t>{0});
  train(driver, 2);
  CHECK(driver.timeline.steps == std::vector<std::int64_t>{0, 1, 2});

  Driver small(1, std::chrono::milliseconds(1), job_kinds(), std::size_t{64} << 20, 1000);
  train(small, 5);
  CHECK(small.timeline.steps.empty());
  small.send(ShowStep{2}, 4);
  REQUIRE(small.failures.size() == 1);
  CHECK(small.failures[0].message.find("too large") != std::string::npos);
  small.send(GoOnFromStep{2}, 5);
  CHECK(small.failures.size() == 2);
  CHECK(small.status.step == 5);
}

}  // namespace hourglass
