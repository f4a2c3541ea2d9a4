// What a step says of itself: the norm of its gradient, and what it did to its own mini-batch.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "core/train/trainer.h"
#include "tests/support/small_data.h"
#include "tests/support/thread_communicator.h"

using namespace hourglass;

namespace {

const ImageShape kShape{1, 6, 6};

std::shared_ptr<const Model> make_model(Activation output = Activation::kSigmoid,
                                        Loss loss = Loss::kBinaryCrossEntropy) {
  return std::make_shared<const Model>(tests::small_spec(Activation::kTanh, output, loss, 20, 5),
                                       kShape);
}

TrainSpec plain_steps(double rate, Index batch_size) {
  TrainSpec spec;
  spec.optimizer.kind = OptimizerKind::kSgd;
  spec.optimizer.learning_rate = rate;
  spec.batch_size = batch_size;
  return spec;
}

}  // namespace

TEST_CASE("one step in kStepsPerProbe has a probe, and the others have none") {
  ThreadPool pool(2);
  Trainer trainer(make_model(), plain_steps(0.1, 30), tests::random_dataset(kShape, 100, 10), pool);
  for (std::int64_t step = 0; step < 3 * kStepsPerProbe; ++step) {
    CHECK(trainer.step().probe.has_value() == (step % kStepsPerProbe == 0));
  }
}

TEST_CASE("the loss after a step is what the next one begins with, of the same samples") {
  // All samples are one mini-batch; two chunks and a half of columns.
  const DatasetPointer data = tests::random_dataset(kShape, 80, 10);
  for (const Activation output : {Activation::kSigmoid, Activation::kLinear}) {
    const bool fused = output == Activation::kSigmoid;
    const auto model =
        make_model(output, fused ? Loss::kBinaryCrossEntropy : Loss::kMeanSquaredError);
    ThreadPool pool(2);
    TrainSpec spec = plain_steps(0.5, 80);
    spec.penalties.activity_l1 = 0.01;  // is no part of it
    Trainer trainer(model, spec, data, pool);
    const double norm = [&] {
      Trainer other(model, spec, data, pool);
      return static_cast<double>(other.gradient_for_test(80).norm());
    }();
    const auto first = trainer.step(), second = trainer.step();
    REQUIRE(first.probe.has_value());
    CHECK(first.probe->gradient_norm == doctest::Approx(norm).epsilon(1e-5));
    CHECK(first.probe->loss_before == doctest::Approx(first.loss - first.penalty).epsilon(1e-12));
    CHECK(first.probe->loss_after == doctest::Approx(second.loss - second.penalty).epsilon(1e-5));
    CHECK(first.probe->loss_after < first.probe->loss_before);
  }
}

TEST_CASE("a probe sees the same noise twice, and a step that is too long makes its loss larger") {
  const DatasetPointer data = tests::random_dataset(kShape, 80, 10);
  ThreadPool pool(1);
  TrainSpec spec = plain_steps(1e-6, 80);  // hardly a step: what differs would be the noise
  spec.corruption = {CorruptionKind::kGaussian, Scalar(0.5)};
  Trainer trainer(make_model(), spec, data, pool);
  const auto still = trainer.step();
  CHECK(still.probe->loss_after == doctest::Approx(still.probe->loss_before).epsilon(1e-5));
  spec.optimizer.learning_rate = 300;
  Trainer leaping(make_model(Activation::kLinear, Loss::kMeanSquaredError), spec, data, pool);
  const auto leap = leaping.step();
  CHECK(leap.probe->loss_after > 1.1 * leap.probe->loss_before);
}

TEST_CASE("threads, clipping and several processes make no other probe") {
  const DatasetPointer data = tests::random_dataset(kShape, 200, 10);
  const TrainSpec spec = plain_steps(0.3, 100);
  const auto probe_of = [&](TrainSpec given, int threads, Communicator* communicator = nullptr) {
    ThreadPool pool(threads);
    Trainer trainer(make_model(), given, data, pool, communicator);
    return *trainer.step().probe;
  };
  const StepProbe one = probe_of(spec, 1), two = probe_of(spec, 3);
  CHECK(one.gradient_norm == two.gradient_norm);
  CHECK(one.loss_after == two.loss_after);
  TrainSpec clipped = spec;
  clipped.clip_norm = 1000;  // never reached
  CHECK(probe_of(clipped, 2).gradient_norm == doctest::Approx(one.gradient_norm).epsilon(1e-6));
  clipped.clip_norm = one.gradient_norm / 4;
  const StepProbe held = probe_of(clipped, 2);
  CHECK(held.gradient_norm == doctest::Approx(one.gradient_norm).epsilon(1e-6));
  CHECK(held.loss_after > one.loss_after);  // a shorter step
  std::vector<StepProbe> shared(3);
  tests::run_ranks(3, [&](Communicator& communicator) {
    shared[static_cast<std::size_t>(communicator.rank())] = probe_of(spec, 1, &communicator);
  });
  for (const StepProbe& probe : shared) {
    CHECK(probe.gradient_norm == doctest::Approx(one.gradient_norm).epsilon(1e-5));
    CHECK(probe.loss_after == doctest::Approx(one.loss_after).epsilon(1e-5));
    CHECK(probe.loss_after == shared.front().loss_after);
  }
}
