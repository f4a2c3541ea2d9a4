#include "core/train/trainer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "core/train/evaluation.h"
#include "tests/support/allocations.h"
#include "tests/support/small_data.h"
#include "tests/support/worst.h"

using namespace hourglass;

namespace {

const ImageShape kShape{1, 6, 6};

std::shared_ptr<const Model> make_model(Loss loss = Loss::kBinaryCrossEntropy) {
  return std::make_shared<const Model>(
      tests::small_spec(Activation::kRelu, Activation::kSigmoid, loss, 20, 5), kShape);
}

TrainSpec make_spec(OptimizerKind kind, Index batch_size = 32) {
  TrainSpec spec;
  spec.optimizer.kind = kind;
  spec.optimizer.learning_rate = kind == OptimizerKind::kAdadelta ? 1 : 0.01;
  spec.optimizer.momentum = 0.5;
  spec.corruption = {CorruptionKind::kGaussian, Scalar(0.2)};
  spec.batch_size = batch_size;
  return spec;
}

bool same_bits(const Vector& a, const Vector& b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(Scalar)) == 0;
}

}  // namespace

TEST_CASE("1, 2 and 8 threads give the same run bit for bit") {
  // Large enough for many chunks and many tiles, with a short last chunk and a short last batch.
  const ImageShape shape{1, 28, 28};
  const DatasetPointer data = tests::random_dataset(shape, 300, 10);
  auto model =
      std::make_shared<const Model>(tests::small_spec(Activation::kRelu, Activation::kSigmoid,
                                                      Loss::kBinaryCrossEntropy, 128, 32),
                                    shape);
  for (const OptimizerKind kind : {OptimizerKind::kAdam, OptimizerKind::kAdadelta}) {
    Vector expected;
    double expected_loss = 0;
    for (const int threads : {1, 2, 8}) {
      ThreadPool pool(threads);
      Trainer trainer(model, make_spec(kind, 130), data, pool);
      double loss = 0;
      for (int step = 0; step < 12; ++step) loss += trainer.step().loss;
      if (threads == 1) {
        expected = trainer.state().parameters;
        expected_loss = loss;
      }
      CHECK(same_bits(trainer.state().parameters, expected));
      CHECK(loss == expected_loss);
    }
  }
}

TEST_CASE("a mini-batch of 32 is work for two threads, whose number changes no bit") {
  CHECK(chunk_columns(32) == 16);
  CHECK(chunk_columns(33) == 32);
  const ImageShape shape{1, 8, 8};
  const DatasetPointer data = tests::random_dataset(shape, 90, 1);
  const auto model = std::make_shared<const Model>(
      ModelSpec{.encoder = parse_layers(
                    R"([{"type":"dropout","rate":0.2},{"type":"convolution","channels":3},
                        {"type":"max-pool"},{"units":9},{"type":"k-sparse","k":4}])",
                    "encoder"),
                .decoder = parse_layers(R"([{"units":"input"}])", "decoder"),
                .loss = Loss::kMeanSquaredError},
      shape);
  for (const Index batch : {32, 20}) {
    Vector expected;
    for (const int threads : {1, 2, 3, 8}) {
      ThreadPool pool(threads);
      Trainer trainer(model, make_spec(OptimizerKind::kAdam, batch), data, pool);
      for (int step = 0; step < 12; ++step) trainer.step();
      if (threads == 1) expected = trainer.state().parameters;
      CHECK(same_bits(trainer.state().parameters, expected));
    }
  }
}

TEST_CASE("noisy samples are held against their own originals, whatever else a step needs") {
  const DatasetPointer data = tests::random_dataset(kShape, 100, 1);
  const auto model = std::make_shared<const Model>(
      tests::small_spec(Activation::kSigmoid, Activation::kSigmoid, Loss::kBinaryCrossEntropy),
      kShape);
  TrainSpec spec = make_spec(OptimizerKind::kSgd, 100);
  ThreadPool pool(1);
  const Vector expected = Trainer(model, spec, data, pool).gradient_for_test(100);
  // Forward through all chunks, then back through all of them, for the code's means.
  spec.penalties.sparsity = 1e-12;
  const Vector actual = Trainer(model, spec, data, pool).gradient_for_test(100);
  CHECK((actual - expected).cwiseAbs().maxCoeff() < 1e-6 * expected.cwiseAbs().maxCoeff());
}

TEST_CASE("nothing goes back through layers in front of the first weights") {
  const ImageShape shape{1, 6, 6};
  const DatasetPointer data = tests::random_dataset(shape, 40, 1);
  const auto make = [&](const char* encoder) {
    return std::make_shared<const Model>(
        ModelSpec{.encoder = parse_layers(encoder, "encoder"),
                  .decoder = parse_layers(R"([{"units":"input"}])", "decoder"),
                  .loss = Loss::kMeanSquaredError},
        shape);
  };
  const auto model =
      make(R"([{"type":"dropout","rate":0.3},{"type":"max-pool"},{"units":4},{"units":3}])");
  CHECK(model->first_trained_layer() == 2);
  Activations activations = model->make_activations(40, /*training=*/true);
  CHECK(activations.deltas[0].size() == 0);
  CHECK(activations.deltas[1].size() == 0);
  CHECK(activations.deltas[2].size() > 0);
  CHECK(make(R"([{"units":4},{"type":"dropout","rate":0.3}])")->first_trained_layer() == 0);

  // Even where it is the code that lies in front of them, or where there are none at all.
  TrainSpec spec = make_spec(OptimizerKind::kSgd, 40);
  spec.penalties.activity_l1 = 0.1;
  ThreadPool pool(2);
  Trainer trainer(make(R"([{"type":"max-pool"}])"), spec, data, pool);
  CHECK(trainer.model().first_trained_layer() == 1);
  const double before = trainer.step().loss;
  for (int i = 0; i < 50; ++i) trainer.step();
  CHECK(trainer.step().loss < before);
  Trainer unable(std::make_shared<const Model>(
                     ModelSpec{.encoder = parse_layers(R"([{"type":"max-pool"}])", "encoder"),
                               .decoder = parse_layers(R"([{"type":"unpool"}])", "decoder"),
                               .loss = Loss::kMeanSquaredError},
                     shape),
                 make_spec(OptimizerKind::kSgd, 40), data, pool);
  CHECK(unable.step().loss > 0);
}

TEST_CASE("a short last batch trains on its own samples alone") {
  const DatasetPointer data = tests::random_dataset(kShape, 10, 1);
  ThreadPool pool(1);
  TrainSpec spec = make_spec(OptimizerKind::kSgd, 4);
  spec.corruption = {};
  spec.optimizer.momentum = 0;
  Trainer trainer(make_model(), spec, data, pool);
  CHECK(trainer.batches_per_epoch() == 3);
  CHECK(trainer.step().samples == 4);
  CHECK(trainer.step().samples == 4);
  const Vector before = trainer.state().parameters;
  const auto last = trainer.step();
  CHECK(last.samples == 2);
  CHECK(last.epoch_ended);

  // The same two samples as the whole batch of another trainer with the same parameters.
  std::vector<std::uint32_t> order(10);
  shuffle_indices(spec.seed, RandomStream::kShuffle, 0, order);
  auto pair = std::make_shared<Dataset>(*data);
  Matrix x(kShape.features(), 2);
  data->train.gather({order.data() + 8, 2}, columns(x, 0, 2));
  pair->train = Samples(kShape.features(), std::vector<float>(x.data(), x.data() + x.size()));
  Trainer other(make_model(), spec, pair, pool);
  Safetensors start = trainer.checkpoint();
  const Parameter* slice = trainer.model().layout().parameters().data();
  for (TensorEntry& entry : start.tensors) {
    if (entry.name.starts_with("optimizer.")) continue;
    entry.bytes = {reinterpret_cast<const std::uint8_t*>(before.data() + slice->offset),
                   static_cast<std::size_t>(slice->size()) * sizeof(Scalar)};
    ++slice;
  }
  start.metadata["hourglass.state"] =
      R"({"step":0,"epoch":0,"batch":0,"epoch_loss":0.0,"epoch_penalty":0.0,"seconds":0.0,"epoch_seconds":0.0})";
  other.resume(start);
  const auto alone = other.step();
  CHECK(alone.samples == 2);
  CHECK(alone.loss == doctest::Approx(last.loss).epsilon(1e-6));
  CHECK(tests::largest_difference(other.state().parameters, trainer.state().parameters) < 1e-6);
}

TEST_CASE("clipping may begin and end while a run goes on, and its room is taken before a step") {
  ThreadPool pool(1);
  Trainer trainer(make_model(), make_spec(OptimizerKind::kSgd),
                  tests::random_dataset(kShape, 96, 4), pool);
  TrainSpec spec = trainer.spec();
  spec.optimizer.momentum = 0;
  trainer.change(spec);
  const auto length_of_step = [&] {
    const Vector before = trainer.state().parameters;
    const std::int64_t allocations = tests::allocations();
    trainer.step();
    CHECK(tests::allocations() == allocations);
    return static_cast<double>((trainer.state().parameters - before).norm());
  };
  trainer.step();  // takes what a thread's first product takes
  const double free = length_of_step();
  spec.clip_norm = free / spec.optimizer.learning_rate / 100;
  trainer.change(spec);
  CHECK(length_of_step() == doctest::Approx(free / 100).epsilon(1e-3));
  spec.clip_norm = 0;
  trainer.change(spec);
  CHECK(length_of_step() > free / 10);
}

TEST_CASE("an epoch visits every sample once, in another order each time") {
  const DatasetPointer data = tests::random_dataset(kShape, 50, 1);
  std::vector<std::uint32_t> first(50), second(50);
  shuffle_indices(1, RandomStream::kShuffle, 0, first);
  shuffle_indices(1, RandomStream::kShuffle, 1, second);
  CHECK(first != second);
  ThreadPool pool(1);
  Trainer trainer(make_model(), make_spec(OptimizerKind::kSgd, 16), data, pool);
  Index samples = 0;
  for (;;) {
    const auto result = trainer.step();
    samples += result.samples;
    if (result.epoch_ended) break;
  }
  CHECK(samples == 50);
  CHECK(trainer.epoch_metrics().epoch == 1);
}

TEST_CASE("saving in the middle of an epoch and resuming changes no bit") {
  const DatasetPointer data = tests::random_dataset(kShape, 100, 1);
  for (std::size_t k = 0; k < optimizer_names().size(); ++k) {
    CAPTURE(optimizer_names()[k]);
    const TrainSpec spec = make_spec(static_cast<OptimizerKind>(k));
    ThreadPool pool(2);
    Trainer whole(make_model(), spec, data, pool);
    for (int step = 0; step < 6; ++step) whole.step();  // into the second epoch
    const std::vector<std::uint8_t> saved = write_safetensors(whole.checkpoint());
    Trainer resumed(make_model(), spec, data, pool);
    resumed.resume(read_safetensors(saved, "the checkpoint"));
    for (int step = 0; step < 7; ++step) {
      const double a = whole.step().loss, b = resumed.step().loss;
      REQUIRE(a == b);
    }
    CHECK(same_bits(whole.state().parameters, resumed.state().parameters));
    CHECK(whole.state().step == resumed.state().step);
    CHECK(whole.epoch_metrics().train_loss == resumed.epoch_metrics().train_loss);
  }
}

TEST_CASE("a checkpoint of another model, optimizer or batch size is refused and changes nothing") {
  const DatasetPointer data = tests::random_dataset(kShape, 100, 1);
  ThreadPool pool(1);
  Trainer trainer(make_model(), make_spec(OptimizerKind::kAdam), data, pool);
  trainer.step();
  const Vector before = trainer.state().parameters;
  const auto refuse = [&](const Trainer& other) {
    const auto bytes = write_safetensors(other.checkpoint());
    CHECK_THROWS_AS(trainer.resume(read_safetensors(bytes, "it")), Error);
    CHECK(same_bits(trainer.state().parameters, before));
  };
  auto wider = std::make_shared<const Model>(
      tests::small_spec(Activation::kRelu, Activation::kSigmoid, Loss::kMeanSquaredError, 21, 5),
      kShape);
  refuse(Trainer(wider, make_spec(OptimizerKind::kAdam), data, pool));
  refuse(Trainer(make_model(), make_spec(OptimizerKind::kSgd), data, pool));
  Trainer smaller_batches(make_model(), make_spec(OptimizerKind::kAdam, 5), data, pool);
  for (int step = 0; step < 10; ++step) smaller_batches.step();
  refuse(smaller_batches);
}

TEST_CASE("tensors have the shapes that PyTorch's Linear has") {
  const DatasetPointer data = tests::random_dataset(kShape, 10, 1);
  ThreadPool pool(1);
  Trainer trainer(make_model(), make_spec(OptimizerKind::kAdam), data, pool);
  const Safetensors file = trainer.checkpoint();
  REQUIRE(file.find("encoder.0.weight"));
  CHECK(file.find("encoder.0.weight")->shape == std::vector<std::int64_t>{20, 36});
  CHECK(file.find("encoder.0.bias")->shape == std::vector<std::int64_t>{20});
  CHECK(file.find("decoder.1.weight")->shape == std::vector<std::int64_t>{36, 20});
  CHECK(file.find("optimizer.mean.decoder.1.bias"));
  // Row-major (outputs, inputs): y = W x + b by that reading is what the model computes.
  const auto weight = std::vector<Scalar>(
      reinterpret_cast<const Scalar*>(file.find("encoder.0.weight")->bytes.data()),
      reinterpret_cast<const Scalar*>(file.find("encoder.0.weight")->bytes.data()) + 20 * 36);
  Activations room = trainer.model().make_activations(1, false);
  room.outputs[0] = tests::random_matrix(36, 1, 5, 0.f, 1.f);
  trainer.model().forward(Pass{}, trainer.parameters(), 0, 1, room, 0, 1);
  for (int unit = 0; unit < 20; ++unit) {
    double z = 0;
    for (int i = 0; i < 36; ++i) {
      z += static_cast<double>(weight[static_cast<std::size_t>(unit * 36 + i)]) *
           room.outputs[0](i, 0);
    }
    CHECK(room.outputs[1](unit, 0) == doctest::Approx(std::max(0.0, z)).epsilon(1e-4));
  }
}

TEST_CASE("the training loop allocates nothing") {
  const ImageShape shape{1, 28, 28};
  const DatasetPointer data = tests::random_dataset(shape, 300, 200);
  auto model = std::make_shared<const Model>(
      tests::small_spec(Activation::kElu, Activation::kSigmoid, Loss::kBinaryCrossEntropy, 128, 32),
      shape);
  for (std::size_t k = 0; k < optimizer_names().size(); ++k) {
    for (const int threads : {1, 3}) {
      ThreadPool pool(threads);
      Trainer trainer(model, make_spec(static_cast<OptimizerKind>(k), 64), data, pool);
      Evaluation evaluation(*model, data->test, pool);
      const auto work = [&] {
        for (int step = 0; step < 8; ++step) trainer.step();  // over the end of an epoch
        evaluation.begin();
        while (evaluation.advance(trainer.parameters(), 64)) {
        }
      };
      // A worker makes its scratch when it first has work, and may have had none so far.
      std::int64_t made = -1;
      for (int attempt = 0; attempt < 20 && made != 0; ++attempt) {
        const std::int64_t before = tests::allocations();
        work();
        made = tests::allocations() - before;
      }
      CHECK(made == 0);
    }
  }
  // The counter does count.
  const std::int64_t before = tests::allocations();
  const std::vector<int> by_new(100);
  const Matrix by_malloc(100, 100);
  CHECK(by_new.data() != nullptr);  // or the compiler would leave it out
  CHECK(by_malloc.data() != nullptr);
  CHECK(tests::allocations() >= before + 2);
}

TEST_CASE("a run that diverges stops, keeps the last good parameters and says what to turn") {
  const DatasetPointer data = tests::random_dataset(kShape, 64, 1);
  ThreadPool pool(1);
  TrainSpec spec = make_spec(OptimizerKind::kSgd, 16);
  spec.corruption = {};
  spec.optimizer.learning_rate = 1e30;
  auto model = std::make_shared<const Model>(
      tests::small_spec(Activation::kLinear, Activation::kLinear, Loss::kSummedSquaredError, 20, 5),
      kShape);
  Trainer trainer(model, spec, data, pool);
  std::string message;
  try {
    for (int step = 0; step < 100; ++step) trainer.step();
  } catch (const Diverged& error) {
    message = error.what();
  }
  CHECK(message.find("train.learning_rate") != std::string::npos);
  CHECK(trainer.state().parameters.allFinite());
  // With another rate it goes on.
  TrainSpec slower = spec;
  slower.optimizer.learning_rate = 1e-4;
  trainer.change(slower);
  CHECK(std::isfinite(trainer.step().loss));
}

TEST_CASE("training makes the loss fall with every optimizer") {
  const DatasetPointer data = tests::random_dataset(kShape, 64, 1);
  ThreadPool pool(2);
  for (std::size_t k = 0; k < optimizer_names().size(); ++k) {
    CAPTURE(optimizer_names()[k]);
    TrainSpec spec = make_spec(static_cast<OptimizerKind>(k), 16);
    spec.corruption = {};
    if (spec.optimizer.kind == OptimizerKind::kSgd) spec.optimizer.learning_rate = 1;
    Trainer trainer(make_model(Loss::kMeanSquaredError), spec, data, pool);
    const double first = trainer.step().loss;
    double last = 0;
    for (int step = 0; step < 600; ++step) last = trainer.step().loss;
    CHECK(last < 0.85 * first);
  }
}

TEST_CASE("evaluation equals a plain computation, however it is cut up") {
  const DatasetPointer data = tests::random_dataset(kShape, 10, 150);
  ThreadPool pool(2);
  auto model = make_model();
  Trainer trainer(model, make_spec(OptimizerKind::kAdam), data, pool);
  for (int step = 0; step < 5; ++step) trainer.step();
  EpochMetrics whole, pieces;
  Evaluation evaluation(*model, data->test, pool);
  evaluation.begin();
  CHECK_FALSE(evaluation.advance(trainer.parameters(), 1000));
  evaluation.result(whole);
  evaluation.begin();
  int calls = 1;
  while (evaluation.advance(trainer.parameters(), 1)) ++calls;
  CHECK(calls == 3);
  evaluation.result(pieces);
  CHECK(whole == pieces);

  std::vector<std::uint32_t> all(150);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint32_t>(i);
  Activations room = model->make_activations(150, false);
  data->test.gather(all, columns(room.outputs[0], 0, 150));
  model->forward(Pass{}, trainer.parameters(), 0, model->layer_count(), room, 0, 150);
  const Matrix &x = room.outputs.front(), &y = room.outputs.back(), &h = room.outputs[2];
  double loss = 0, mse = 0, equal = 0, code = 0, zeros = 0;
  for (Index i = 0; i < x.size(); ++i) {
    const double t = x.data()[i], p = y.data()[i];
    loss -= (t * std::log(p) + (1 - t) * std::log(1 - p)) / static_cast<double>(x.size());
    mse += (p - t) * (p - t) / static_cast<double>(x.size());
    equal += (std::round(p) == std::round(t)) / static_cast<double>(x.size());
  }
  for (Index i = 0; i < h.size(); ++i) {
    code += h.data()[i] / static_cast<double>(h.size());
    zeros += (h.data()[i] == 0) / static_cast<double>(h.size());
  }
  CHECK(whole.test_loss == doctest::Approx(loss).epsilon(1e-5));
  CHECK(whole.test_mse == doctest::Approx(mse).epsilon(1e-5));
  CHECK(whole.binary_accuracy == doctest::Approx(equal).epsilon(1e-9));
  CHECK(whole.code_mean == doctest::Approx(code).epsilon(1e-5));
  CHECK(whole.code_zero == doctest::Approx(zeros).epsilon(1e-9));
}

TEST_CASE("history.csv reads back as it was written") {
  EpochMetrics row{3, 0.1, 0.01, 1.0 / 3, 0.005, 0.02, 0.97, 7.3, 0.125, 12.5, 60000};
  const std::vector<EpochMetrics> history = {row, row};
  CHECK(parse_history_csv(history_csv(history)) == history);
  CHECK(history_csv({}) ==
        "epoch,train_loss,train_penalty,test_loss,test_penalty,test_mse,rounded_accuracy,code_mean,"
        "code_zero,seconds,images_per_second\n");
  // What is not finite is no figure.
  EpochMetrics broken = row;
  broken.test_loss = std::numeric_limits<double>::infinity();
  CHECK(is_finite(row));
  CHECK_FALSE(is_finite(broken));
  const std::string text = history_csv({row, broken});
  CHECK(text.find("inf") == std::string::npos);
  CHECK(parse_history_csv(text) == std::vector<EpochMetrics>{row});
  CHECK(parse_history_csv(history_csv({}) + "1,0.1,0,inf,0,nan,1,1,1,1,1\n").empty());
  CHECK_THROWS_AS(parse_history_csv("epoch,loss\n1,2\n"), Error);
  CHECK_THROWS_AS(parse_history_csv(history_csv({}) + "1,2,3\n"), Error);
  CHECK_THROWS_AS(parse_history_csv(history_csv({}) + "1,a,3,4,5,6,7,8,9,10,11\n"), Error);
}
