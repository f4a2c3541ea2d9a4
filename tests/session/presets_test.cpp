// Every preset, on Strokes: the same run on any number of threads, and after saving and resuming in
// the middle of an epoch.
#include "core/session/settings/presets.h"

#include <doctest/doctest.h>

#include <Eigen/Eigenvalues>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <set>
#include <utility>

#include "core/analysis/pca.h"
#include "core/data/scaling.h"
#include "core/formats/safetensors.h"
#include "core/session/engine/training_run.h"
#include "core/strokes/strokes.h"
#include "tests/support/allocations.h"
#include "tests/support/small_data.h"
#include "tests/support/source_path.h"

using namespace hourglass;
using namespace hourglass::session;

namespace {

DatasetPointer strokes(const Settings& settings, Index count) {
  return std::make_shared<const Dataset>(scaled(make_strokes(kStrokesSeed, count, 64),
                                                scaling_from_name(settings.text("data.scaling"))));
}

// With batches of 80: two chunks and a half, and a ragged last batch.
Settings small(const Preset& preset) {
  Settings settings;
  apply_preset(preset, settings);
  settings.set("data.set", std::string("strokes"));
  settings.set("train.batch_size", std::int64_t{80});
  return settings;
}

Vector train(TrainingRun& run, int steps) {
  for (int step = 0; step < steps; ++step) run.trainer().step();
  return run.trainer().state().parameters;
}

bool same_bits(const Vector& a, const Vector& b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(Scalar)) == 0;
}

}  // namespace

TEST_CASE("every preset gives the same bits on 1, 2 and 8 threads, saved and resumed or not") {
  for (const Preset& preset : presets()) {
    CAPTURE(preset.name);
    const Settings settings = small(preset);
    const DatasetPointer data = strokes(settings, 200);
    Vector expected;
    for (const int threads : {1, 2, 8}) {
      ThreadPool pool(threads);
      TrainingRun run(settings, data, pool);
      const Vector start = run.trainer().state().parameters;
      const Vector end = train(run, 4);
      CHECK(!same_bits(start, end));
      CHECK(end.allFinite());
      if (threads == 1) expected = end;
      CHECK(same_bits(end, expected));
    }
    ThreadPool pool(2);
    TrainingRun first(settings, data, pool);
    train(first, 2);
    const std::vector<std::uint8_t> saved = first.save(settings);
    TrainingRun second(settings, data, pool);
    second.resume(read_safetensors(saved, "it"), {});
    CHECK(same_bits(train(second, 2), expected));
  }
}

TEST_CASE("a step of no preset allocates") {
  for (const Preset& preset : presets()) {
    CAPTURE(preset.name);
    const Settings settings = small(preset);
    ThreadPool pool(1);
    TrainingRun run(settings, strokes(settings, 200), pool);
    train(run, 3);  // an epoch, in which each thread gets its scratch
    const std::int64_t before = tests::allocations();
    for (int step = 0; step < 2; ++step) run.trainer().step();
    CHECK(tests::allocations() == before);
  }
}

TEST_CASE("penalties, clipping and schedules neither allocate nor depend on the threads") {
  Settings settings = small(find_preset("quick"));
  settings.set("model.encoder", std::string(R"([{"units":24,"activation":"sigmoid"}])"));
  settings.set("penalty.sparsity", 0.1);
  settings.set("penalty.contractive", 0.01);
  settings.set("penalty.activity_l1", 0.001);
  settings.set("penalty.weight_l2", 0.001);
  settings.set("train.clip_norm", 0.05);
  settings.set("train.weight_decay", 0.01);
  settings.set("train.schedule", std::string("cosine"));
  settings.set("train.warmup_steps", std::int64_t{3});
  const DatasetPointer data = strokes(settings, 200);
  Vector expected;
  for (const int threads : {1, 2, 8}) {
    ThreadPool pool(threads);
    TrainingRun run(settings, data, pool);
    train(run, 3);
    const std::int64_t before = tests::allocations();
    for (int step = 0; step < 2; ++step) run.trainer().step();
    // Of more threads, some may meet their first task only now, and get their scratch.
    if (threads == 1) CHECK(tests::allocations() == before);
    if (threads == 1) expected = run.trainer().state().parameters;
    CHECK(same_bits(run.trainer().state().parameters, expected));
  }
}

TEST_CASE("presets have sources, words in both languages, and names of their own") {
  std::set<std::string> names;
  for (const Preset& preset : presets()) {
    CAPTURE(preset.name);
    CHECK(names.insert(preset.name).second);
    CHECK(preset.source.size() > 10);
    CHECK(preset.teaches_en.size() > 80);
    CHECK(preset.teaches_zh.size() > 80);
    for (const Published& figure : preset.published) CHECK(figure.value > 0);
    // Of ten classes; not every preset's probe was measured.
    if (std::isfinite(preset.linear_probe)) {
      CHECK(preset.linear_probe > 0.1);
      CHECK(preset.linear_probe < 1);
    }
  }
  CHECK(std::isfinite(find_preset("quick").linear_probe));
  // In the order of their places, every file of the folder among them.
  namespace fs = std::filesystem;
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(source_path("/assets/presets"))) {
    files += entry.path().extension() == ".json";
  }
  CHECK(names.size() == files);
  CHECK(presets().front().name == "quick");
}

TEST_CASE("a run stops inside an epoch, is measured there, and goes on as if it had not stopped") {
  Settings settings = small(find_preset("quick"));
  settings.set("train.steps", std::int64_t{4});
  const DatasetPointer data = strokes(settings, 200);  // three batches an epoch
  ThreadPool pool(1);
  TrainingRun run(settings, data, pool);
  StopReason stop = StopReason::kNone;
  while (stop == StopReason::kNone) stop = run.advance().stop;
  CHECK(stop == StopReason::kSteps);
  REQUIRE(run.history().size() == 2);
  CHECK(run.history()[0].epoch == 1);
  CHECK(run.history()[1].epoch == doctest::Approx(1 + 1.0 / 3));
  CHECK(run.history()[1].train_loss > 0);
  CHECK(run.history()[1].test_loss > 0);
  while (run.trainer().state().epoch < 2 || run.evaluating()) run.advance();
  CHECK(run.history().size() == 2);
  CHECK(run.history()[1].epoch == 2);

  settings.set("train.steps", std::int64_t{0});
  TrainingRun other(settings, data, pool);
  while (other.trainer().state().epoch < 2 || other.evaluating()) other.advance();
  CHECK(same_bits(run.trainer().state().parameters, other.trainer().state().parameters));
}

TEST_CASE("penalties that a model has no code for are refused, and change nothing") {
  const Settings settings = small(find_preset("quick"));
  const DatasetPointer data = strokes(settings, 100);
  ThreadPool pool(1);
  TrainingRun run(settings, data, pool);
  for (const char* key : {"penalty.sparsity", "penalty.contractive"}) {
    Settings changed = settings;
    changed.set(key, 1.0);
    CHECK_THROWS_WITH_AS(run.change(changed), doctest::Contains(key), Error);
    CHECK_THROWS_WITH_AS(TrainingRun(changed, data, pool), doctest::Contains("sigmoid"), Error);
  }
  Settings changed = settings;
  changed.set("data.scaling", std::string("signed"));
  CHECK_THROWS_WITH_AS(TrainingRun(changed, strokes(changed, 100), pool),
                       doctest::Contains("model.loss"), Error);
}

TEST_CASE("a linear autoencoder comes to the plane of the principal components") {
  // Samples of a plane in nine dimensions, with some of everything else.
  const ImageShape shape{1, 1, 9};
  const Index count = 600;
  const Matrix basis = tests::random_matrix(9, 2, 11);
  Matrix samples = Matrix::Constant(9, count, Scalar(0.5)) +
                   Scalar(0.2) * basis * tests::random_matrix(2, count, 12) +
                   Scalar(0.1) * tests::random_matrix(9, count, 13);
  auto data = std::make_shared<Dataset>();
  data->name = "plane";
  data->shape = shape;
  std::vector<float> values(static_cast<std::size_t>(samples.size()));
  for (Index i = 0; i < samples.size(); ++i) {
    values[static_cast<std::size_t>(i)] = static_cast<float>(samples.data()[i]);
  }
  data->train = Samples(9, values);
  data->test = data->train;
  Settings settings;
  settings.set("model.encoder", std::string(R"([{"units":2}])"));
  settings.set("model.decoder", std::string(R"([{"units":"input"}])"));
  settings.set("model.loss", std::string("mse"));
  settings.set("train.learning_rate", 0.02);
  settings.set("train.batch_size", std::int64_t{count});
  settings.set("train.schedule", std::string("cosine"));
  settings.set("train.decay_steps", std::int64_t{6000});
  ThreadPool pool(1);
  TrainingRun run(settings, data, pool);
  train(run, 6000);

  const Vector mean = samples.rowwise().mean();
  const Matrix centred = samples.colwise() - mean;
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(centred * centred.transpose());
  const Matrix components = solver.eigenvectors().rightCols(2);
  // The decoder's weights (code x features) span the same plane.
  const Parameter* decoder = nullptr;
  for (const Parameter& slice : run.model().layout().parameters()) {
    if (slice.name == "decoder.0.weight") decoder = &slice;
  }
  REQUIRE(decoder);
  const Vector parameters = run.trainer().state().parameters;
  const Eigen::Map<const Matrix> weight(parameters.data() + decoder->offset, 2, 9);
  const Matrix spanned = weight.transpose();
  const Matrix outside = spanned - components * (components.transpose() * spanned);
  CHECK(outside.norm() / spanned.norm() < 0.02);
  const double least = solver.eigenvalues().head(7).sum() / static_cast<double>(samples.size());
  Matrix restored(9, count);
  Inference(run.model(), pool)
      .reconstruct(parameters.data(), columns(std::as_const(samples), 0, count),
                   columns(restored, 0, count));
  const double error =
      static_cast<double>((restored - samples).squaredNorm()) / static_cast<double>(samples.size());
  CHECK(error < 1.01 * least);
}
