// A run whose numbers stop being finite ends with the last good ones, whenever that is found out.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "core/session/engine/training_run.h"
#include "core/train/evaluation.h"
#include "core/train/trainer.h"
#include "tests/data/expect_error.h"
#include "tests/support/small_data.h"
#include "tests/support/thread_communicator.h"

using namespace hourglass;
using hourglass::tests::random_dataset;

namespace {

const ImageShape kShape{1, 6, 6};

std::shared_ptr<const Model> linear_model() {
  return std::make_shared<const Model>(
      tests::small_spec(Activation::kLinear, Activation::kLinear, Loss::kSummedSquaredError, 20, 5),
      kShape);
}

TrainSpec make_spec(OptimizerKind kind = OptimizerKind::kSgd) {
  TrainSpec spec;
  spec.optimizer.kind = kind;
  spec.optimizer.learning_rate = 1e-3;
  spec.corruption = {CorruptionKind::kGaussian, Scalar(0.2)};
  spec.batch_size = 16;
  return spec;
}

bool same_bits(const Vector& a, const Vector& b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(Scalar)) == 0;
}

// After `steps` good ones, one with a rate that no parameters survive.
void burst_after(Trainer& trainer, int steps) {
  while (trainer.state().step < steps) trainer.step();
  TrainSpec spec = trainer.spec();
  spec.optimizer.learning_rate = sizeof(Scalar) == 4 ? 1e30 : 1e80;
  trainer.change(spec);
  trainer.step();
}

}  // namespace

TEST_CASE("after a divergence the parameters are those before the step that went wrong") {
  const DatasetPointer data = random_dataset(kShape, 100, 10);  // 7 mini-batches
  for (const int steps : {1, 5, 7, 63, 64, 65, 150}) {
    CAPTURE(steps);
    ThreadPool one(1), two(2);
    Trainer good(linear_model(), make_spec(), data, one);
    while (good.state().step < steps) good.step();
    for (ThreadPool* pool : {&one, &two}) {
      Trainer trainer(linear_model(), make_spec(), data, *pool);
      burst_after(trainer, steps);
      std::string message;
      try {
        trainer.step();
      } catch (const Diverged& error) {
        message = error.what();
      }
      CHECK(contains(message, "train.learning_rate"));
      CHECK(contains(message, "after step " + std::to_string(steps) + "."));
      CHECK(trainer.state().step == steps);
      CHECK(trainer.state().epoch == good.state().epoch);
      CHECK(trainer.state().batch == good.state().batch);
      CHECK(trainer.state().epoch_loss == good.state().epoch_loss);
      CHECK(same_bits(trainer.state().parameters, good.state().parameters));
      // With the rate from before it goes on as from there, with no memory of what went wrong.
      trainer.change(make_spec());
      const double loss = trainer.step().loss;
      CHECK(std::isfinite(loss));
    }
  }
}

TEST_CASE("several processes go back together") {
  const DatasetPointer data = random_dataset(kShape, 100, 10);
  tests::run_ranks(2, [&](Communicator& communicator) {
    ThreadPool own(1);
    TrainSpec spec = make_spec();
    spec.batch_size = 64;
    Trainer good(linear_model(), spec, data, own, &communicator);
    while (good.state().step < 70) good.step();
    Trainer trainer(linear_model(), spec, data, own, &communicator);
    burst_after(trainer, 70);
    CHECK_THROWS_AS(trainer.step(), Diverged);
    CHECK(trainer.state().step == 70);
    CHECK(same_bits(trainer.state().parameters, good.state().parameters));
    Trainer replayed(linear_model(), spec, data, own, &communicator);
    while (replayed.state().step < 71) replayed.step();
    CHECK_THROWS_AS(replayed.confirm(false), Diverged);
    CHECK(same_bits(replayed.state().parameters, good.state().parameters));
  });
}

TEST_CASE("what comes after the last step is looked at") {
  const DatasetPointer data = random_dataset(kShape, 100, 10);
  ThreadPool pool(1);
  Trainer good(linear_model(), make_spec(), data, pool);
  while (good.state().step < 20) good.step();
  SUBCASE("by whoever stops between two steps") {
    Trainer trainer(linear_model(), make_spec(), data, pool);
    burst_after(trainer, 20);
    CHECK_THROWS_AS(trainer.check_last_step(), Diverged);
    CHECK(same_bits(trainer.state().parameters, good.state().parameters));
    CHECK_NOTHROW(trainer.check_last_step());
    trainer.change(make_spec());
    trainer.step();
    CHECK_NOTHROW(trainer.check_last_step());
  }
  SUBCASE("by an evaluation, however many steps after the state was put aside") {
    for (std::size_t k = 0; k < optimizer_names().size(); ++k) {
      TrainSpec spec = make_spec(static_cast<OptimizerKind>(k));
      spec.optimizer.momentum = 0.5;
      for (const int steps : {1, 7, 20, 63, 64, 215, 300}) {
        CAPTURE(steps);
        Trainer before(linear_model(), spec, data, pool);
        while (before.state().step < steps) before.step();
        Trainer trainer(linear_model(), spec, data, pool);
        while (trainer.state().step < steps + 1) trainer.step();
        CHECK_NOTHROW(trainer.confirm(true));
        CHECK_THROWS_AS(trainer.confirm(false), Diverged);
        CHECK(trainer.state().step == steps);
        CHECK(trainer.state().epoch == before.state().epoch);
        CHECK(trainer.state().batch == before.state().batch);
        CHECK(trainer.state().epoch_loss == before.state().epoch_loss);
        CHECK(trainer.epoch_metrics().train_loss == before.epoch_metrics().train_loss);
        CHECK(same_bits(trainer.state().parameters, before.state().parameters));
      }
    }
  }
}

TEST_CASE("looking changes no bit of the run") {
  const DatasetPointer data = random_dataset(kShape, 100, 10);
  ThreadPool pool(2);
  Trainer looked_at(linear_model(), make_spec(OptimizerKind::kAdam), data, pool);
  Trainer other(linear_model(), make_spec(OptimizerKind::kAdam), data, pool);
  for (int i = 0; i < 20; ++i) {
    CHECK(looked_at.step().loss == other.step().loss);
    looked_at.check_last_step();
  }
  CHECK(same_bits(looked_at.state().parameters, other.state().parameters));
}

TEST_CASE("moments that are not finite are found, and never saved or taken up") {
  const DatasetPointer data = random_dataset(kShape, 100, 10);
  ThreadPool pool(1);
  const auto spec = make_spec(OptimizerKind::kAdam);
  for (const Scalar broken :
       {std::numeric_limits<Scalar>::infinity(), std::numeric_limits<Scalar>::quiet_NaN()}) {
    Trainer trainer(linear_model(), spec, data, pool);
    while (trainer.state().step < 10) trainer.step();
    // A square that overflowed: its parameter stands still, and the loss stays finite.
    trainer.moment_for_test(1)[3] = broken;
    const std::vector<std::uint8_t> bytes = write_safetensors(trainer.checkpoint());
    CHECK_THROWS_AS(trainer.confirm(true), Diverged);
    CHECK(trainer.state().step == 9);
    for (const ParameterBuffer& moment : trainer.state().moments) CHECK(moment.allFinite());

    Trainer resumed(linear_model(), spec, data, pool);
    CHECK(resumed.resume(read_safetensors(bytes, "it")));
    CHECK(resumed.state().step == 10);
    for (const ParameterBuffer& moment : resumed.state().moments) CHECK(moment.isZero());
    CHECK(std::isfinite(resumed.step().loss));
    // A good one keeps its moments.
    const auto good = write_safetensors(resumed.checkpoint());
    CHECK_FALSE(Trainer(linear_model(), spec, data, pool).resume(read_safetensors(good, "it")));
  }
}

TEST_CASE("a run that bursts in its last step has diverged, and its history has no such row") {
  session::Settings settings;
  for (const auto& [key, value] : {std::pair{"model.loss", "sse"},
                                   {"train.optimizer", "sgd"},
                                   {"model.encoder", R"([{"type":"dense","units":4}])"},
                                   {"model.decoder", R"([{"type":"dense","units":"input"}])"}}) {
    settings.set(key, std::string(value));
  }
  settings.set("train.learning_rate", 10.0);
  settings.set("train.batch_size", std::int64_t{16});
  const DatasetPointer data = random_dataset(kShape, 64, 10);
  ThreadPool pool(1);
  for (const double rate : {10.0, 1e-4}) {
    settings.set("train.learning_rate", rate);
    int diverged = 0;
    for (std::int64_t steps = 1; steps <= 12; ++steps) {
      CAPTURE(steps);
      settings.set("train.steps", steps);
      session::TrainingRun run(settings, data, pool);
      try {
        while (run.advance().stop == StopReason::kNone) continue;
        CHECK(run.trainer().state().step == steps);
      } catch (const Diverged&) {
        ++diverged;
        CHECK(run.trainer().state().step < steps);
      }
      CHECK(run.trainer().state().parameters.allFinite());
      for (const EpochMetrics& row : run.history()) CHECK(is_finite(row));
    }
    // The first step at that rate makes the loss thousands of times larger, and finite.
    CHECK(diverged == (rate == 10.0 ? 12 : 0));
  }
}

TEST_CASE("numbers that are finite yet where a run ends have burst as well") {
  const DatasetPointer data = random_dataset(kShape, 100, 10);
  ThreadPool pool(2);
  const auto slow = [&](Trainer& trainer, int steps) {
    while (trainer.state().step < steps) trainer.step();
  };
  for (const int steps : {7, 64, 70}) {
    CAPTURE(steps);
    Trainer good(linear_model(), make_spec(), data, pool);
    slow(good, steps);
    CHECK_NOTHROW(good.check_end());
    Trainer trainer(linear_model(), make_spec(), data, pool);
    slow(trainer, steps);
    TrainSpec spec = make_spec();
    spec.optimizer.learning_rate = 1e4;  // far from what no number holds
    trainer.change(spec);
    trainer.step();
    CHECK_NOTHROW(trainer.check_last_step());
    std::string message;
    try {
      trainer.check_end();
    } catch (const Diverged& error) {
      message = error.what();
    }
    CHECK(contains(message, "The loss has burst: it is "));
    CHECK(contains(message, "after step " + std::to_string(steps) + "."));
    CHECK(same_bits(trainer.state().parameters, good.state().parameters));
    CHECK_NOTHROW(trainer.check_end());
  }
  tests::run_ranks(2, [&](Communicator& communicator) {
    ThreadPool own(1);
    Trainer trainer(linear_model(), make_spec(), data, own, &communicator);
    slow(trainer, 5);
    TrainSpec spec = make_spec();
    spec.optimizer.learning_rate = 1e4;
    trainer.change(spec);
    trainer.step();
    CHECK_THROWS_AS(trainer.check_end(), Diverged);
    CHECK(trainer.state().step == 5);
  });
}

TEST_CASE("penalties that a model has no code for cannot be measured by anybody") {
  const ImageShape shape{1, 6, 6};
  const Model deep(
      tests::small_spec(Activation::kSigmoid, Activation::kSigmoid, Loss::kBinaryCrossEntropy),
      shape);
  const DatasetPointer data = random_dataset(shape, 10, 10);
  ThreadPool pool(1);
  Evaluation evaluation(deep, data->test, pool);
  CHECK_THROWS_AS(evaluation.begin({.contractive = 0.1}), Error);
  CHECK_NOTHROW(evaluation.begin({.sparsity = 0.1}));
  CHECK_THROWS_AS(Regularizers({.contractive = 0.1}, deep), Error);
  const Model relu(
      tests::small_spec(Activation::kRelu, Activation::kSigmoid, Loss::kBinaryCrossEntropy), shape);
  CHECK_THROWS_AS(Regularizers({.sparsity = 0.1}, relu), Error);
}
