// Encoders that learn from labels: gradients, bits, what is learned, and resumption.
#include "core/analysis/classifier_training.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <numeric>
#include <type_traits>
#include <vector>

#include "core/analysis/linear_probe.h"
#include "core/base/error.h"
#include "core/data/labels.h"
#include "core/formats/safetensors.h"
#include "core/nn/initializer.h"
#include "tests/support/small_data.h"

using namespace hourglass;

namespace {

constexpr bool kDouble = std::is_same_v<Scalar, double>;
constexpr Index kFeatures = 9;

// Three classes, told apart by which third of the features is brighter; factor "sum" of these.
DatasetPointer thirds(Index train, Index test) {
  auto data = std::make_shared<Dataset>(*tests::random_dataset({1, 3, 3}, train, test));
  data->factors = {{"first", "", 0, 1}, {"constant", "", 0, 1}};
  for (Samples* samples : {&data->train, &data->test}) {
    const std::vector<float> before(samples->values().begin(), samples->values().end());
    std::vector<float> values = before;
    const std::vector<std::int32_t> labels = samples->labels;
    std::vector<float> first;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t sample = i / kFeatures, feature = i % kFeatures;
      values[i] = 0.5f * before[i];
      if (static_cast<std::int32_t>(feature / 3) == labels[sample]) values[i] += 0.25f;
      if (feature == 0) first.push_back(values[i]);
    }
    *samples = Samples(kFeatures, std::move(values));
    samples->labels = labels;
    samples->factors = {first, std::vector<float>(first.size(), 0.5f)};
  }
  return data;
}

ModelSpec autoencoder() {
  return tests::small_spec(Activation::kTanh, Activation::kSigmoid, Loss::kMeanSquaredError,
                           /*units=*/8, /*code=*/4);
}

std::shared_ptr<const Model> classifier(const ModelSpec& spec, const Dataset& data) {
  return std::make_shared<const Model>(classifier_spec(spec, std::ssize(data.class_names)),
                                       data.shape);
}

ParameterBuffer drawn(const Model& model) {
  ParameterBuffer parameters;
  initialize(model.layout(), model.spec().initializer, 3, parameters);
  return parameters;
}

ClassifierTraining::Options quick(std::int64_t epochs) {
  ClassifierTraining::Options options;
  options.epochs = epochs;
  options.train.batch_size = 40;
  options.train.optimizer.learning_rate = 0.01;
  return options;
}

bool same_bits(const ParameterBuffer& a, const ParameterBuffer& b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(Scalar)) == 0;
}

}  // namespace

TEST_CASE("a classifier's plan has a head of as many outputs as there are classes") {
  const ModelSpec spec = classifier_spec(autoencoder(), 3);
  const Plan plan = make_plan(spec, {1, 3, 3});
  CHECK(plan.layers.back().name == "head.0");
  CHECK(plan.layers.back().output.features() == 3);
  CHECK(plan.code_size() == 4);
  ModelSpec wrong = spec;
  wrong.classes = 5;
  CHECK_THROWS_WITH_AS(
      make_plan(wrong, {1, 3, 3}),
      "The output layer head.0 gives 3 numbers, and there are 5 classes; it must give as many.",
      Error);
}

TEST_CASE("the gradient of a classifier is that of its cross-entropy") {
  const Index count = 35;  // a chunk and three columns
  const DatasetPointer data = thirds(count, 3);
  const auto model = classifier(autoencoder(), *data);
  const auto targets = std::make_shared<const Samples>(one_hot(data->train.labels, 3));
  ThreadPool pool(2);
  for (const Corruption noise :
       {Corruption{}, Corruption{.kind = CorruptionKind::kMasking, .level = Scalar(0.3)}}) {
    TrainSpec train = ClassifierTraining::Options::default_train();
    train.batch_size = count;
    train.corruption = noise;
    Trainer trainer(model, train, data, pool, nullptr, targets);
    ParameterBuffer parameters = trainer.state().parameters;
    const ParameterBuffer gradient = trainer.gradient_for_test(count);
    const double step = kDouble ? 1e-6 : 1e-2;
    double worst = 0;
    for (const Parameter& slice : model->layout().parameters()) {
      for (Index i = slice.offset; i < slice.offset + slice.size(); ++i) {
        const auto loss_at = [&](double by) {
          ParameterBuffer moved = parameters;
          moved[i] += static_cast<Scalar>(by);
          trainer.set_parameters(moved);
          trainer.gradient_for_test(count);
          return trainer.loss_for_test().loss;
        };
        const double numeric = (loss_at(step) - loss_at(-step)) / (2 * step);
        const auto analytic = static_cast<double>(gradient[i]);
        worst = std::max(worst, std::abs(numeric - analytic) /
                                    std::max(1e-2, std::abs(numeric) + std::abs(analytic)));
      }
    }
    CHECK(worst < (kDouble ? 1e-6 : 2e-2));
  }
}

TEST_CASE("a classifier learns what labels say, with the same bits on any number of threads") {
  const DatasetPointer data = thirds(300, 90);
  const auto model = classifier(autoencoder(), *data);
  const ParameterBuffer start = drawn(*model);
  std::vector<ParameterBuffer> found;
  std::vector<std::vector<std::int32_t>> predicted;
  for (const int threads : {1, 2, 8}) {
    ThreadPool pool(threads);
    ClassifierTraining training(model, start, data, choose_labelled(*data, 0, 1), quick(30), pool);
    double progress = 0;
    while (training.advance()) {
      CHECK(training.progress() >= progress);
      progress = training.progress();
    }
    CHECK(training.is_trained());
    CHECK(training.accuracy() > 0.9);
    REQUIRE(training.losses().size() == 30);
    CHECK(training.losses().back() < training.losses().front() / 2);
    found.push_back(training.parameters());
    predicted.push_back(training.predictions().predicted());
    const std::vector<float>& confidence = training.predictions().confidence();
    CHECK(*std::min_element(confidence.begin(), confidence.end()) >= 1.0f / 3);
    CHECK(*std::max_element(confidence.begin(), confidence.end()) <= 1.0001f);
  }
  for (const ParameterBuffer& parameters : found) CHECK(same_bits(parameters, found[0]));
  CHECK(predicted[1] == predicted[0]);
  CHECK(predicted[2] == predicted[0]);
}

TEST_CASE("a few labels are those that are chosen, and no others are seen") {
  const auto data = std::make_shared<Dataset>(*thirds(300, 90));
  const auto model = classifier(autoencoder(), *data);
  ThreadPool pool(1);
  const std::vector<std::uint32_t> chosen = choose_labelled(*data, 10, 4);
  const auto trained = [&] {
    ClassifierTraining training(model, drawn(*model), data, chosen, quick(5), pool);
    while (training.advance()) continue;
    return training.parameters();
  };
  const ParameterBuffer before = trained();
  for (std::uint32_t i = 0; i < 300; ++i) {
    if (std::find(chosen.begin(), chosen.end(), i) == chosen.end()) {
      data->train.labels[i] = (data->train.labels[i] + 1) % 3;
    }
  }
  CHECK(same_bits(trained(), before));
  data->train.labels[chosen[0]] = (data->train.labels[chosen[0]] + 1) % 3;
  CHECK_FALSE(same_bits(trained(), before));
}

TEST_CASE("training that was stopped in the middle of an epoch goes on bit for bit") {
  const DatasetPointer data = thirds(100, 30);
  const auto model = classifier(autoencoder(), *data);
  ThreadPool pool(2);
  const std::vector<std::uint32_t> samples = choose_labelled(*data, 100, 1);
  ClassifierTraining whole(model, drawn(*model), data, samples, quick(3), pool);
  ClassifierTraining first(model, drawn(*model), data, samples, quick(3), pool);
  for (int step = 0; step < 4; ++step) first.advance();
  const std::vector<std::uint8_t> bytes = write_safetensors(first.trainer().checkpoint());
  ClassifierTraining second(model, drawn(*model), data, samples, quick(3), pool);
  second.trainer().resume(read_safetensors(bytes, "it"));
  while (whole.advance()) continue;
  while (second.advance()) continue;
  CHECK(same_bits(whole.parameters(), second.parameters()));
  CHECK(whole.predictions().predicted() == second.predictions().predicted());
}

TEST_CASE("a linear probe reads classes and factors off a code, and is where fine-tuning begins") {
  const DatasetPointer data = thirds(300, 90);
  const auto model = std::make_shared<const Model>(autoencoder(), data->shape);
  const ParameterBuffer parameters = drawn(*model);
  std::vector<double> accuracies;
  for (const int threads : {1, 2, 8}) {
    ThreadPool pool(threads);
    LinearProbe probe(model, parameters.data(), data, choose_labelled(*data, 0, 1), {}, pool);
    double progress = 0;
    while (probe.advance()) {
      CHECK(probe.progress() >= progress);
      progress = probe.progress();
    }
    CHECK(probe.regression().has_converged());
    CHECK(probe.train_count() == 300);
    CHECK(probe.accuracy() > 0.6);
    CHECK(probe.train_accuracy() > 0.6);
    REQUIRE(probe.r_squared().size() == 2);
    CHECK(probe.r_squared()[0] > 0.2);
    CHECK(probe.r_squared()[0] < 1);
    CHECK(std::isnan(probe.r_squared()[1]));
    accuracies.push_back(probe.accuracy());

    const auto with_head = classifier(autoencoder(), *data);
    const ParameterBuffer start = probe.parameters_of(*with_head);
    Predictions predictions(*with_head, data->test, pool);
    while (predictions.advance(start.data())) continue;
    CHECK(predictions.predicted() == probe.predicted());
    ClassifierTraining training(with_head, start, data, choose_labelled(*data, 0, 1), quick(20),
                                pool);
    while (training.advance()) continue;
    CHECK(training.accuracy() >= probe.accuracy());
    // The other way round: the encoder alone, with a head that is drawn.
    const ParameterBuffer other = with_encoder(*with_head, *model, parameters.data(), 5);
    const Parameter& encoder = with_head->layout()[0];
    CHECK(other.segment(encoder.offset, encoder.size()) ==
          start.segment(encoder.offset, encoder.size()));
    CHECK_FALSE(other == start);
  }
  CHECK(accuracies[1] == accuracies[0]);
  CHECK(accuracies[2] == accuracies[0]);
}

TEST_CASE("a probe of few labels sees those alone, in whatever order they come") {
  const DatasetPointer data = thirds(300, 90);
  const auto model = std::make_shared<const Model>(autoencoder(), data->shape);
  const ParameterBuffer parameters = drawn(*model);
  ThreadPool pool(2);
  const auto found = [&](const DatasetPointer& from, std::vector<std::uint32_t> samples) {
    LinearProbe probe(model, parameters.data(), from, std::move(samples), {}, pool);
    while (probe.advance()) continue;
    return Eigen::MatrixXd(probe.regression().weights());
  };
  const std::vector<std::uint32_t> chosen = choose_labelled(*data, 30, 2);
  const Eigen::MatrixXd weights = found(data, chosen);
  // Without factors the codes of these samples alone are made.
  auto plain = std::make_shared<Dataset>(*data);
  plain->factors.clear();
  CHECK(found(plain, chosen) == weights);
  std::vector<std::uint32_t> turned(chosen.rbegin(), chosen.rend());
  CHECK((found(data, turned) - weights).norm() < 1e-3 * weights.norm());
  CHECK((found(data, choose_labelled(*data, 30, 3)) - weights).norm() > 1e-2 * weights.norm());
}

TEST_CASE("a confusion matrix counts what was taken for what, and leaves out what has no label") {
  const std::vector<std::int32_t> labels = {0, 0, 1, 2, -1, 1}, predicted = {0, 1, 1, 2, 2, 0};
  const Confusion confusion = confusion_of(labels, predicted, 4);
  CHECK(confusion.samples() == 5);
  CHECK(confusion.accuracy() == doctest::Approx(0.6));
  CHECK(confusion.counts(0, 1) == 1);
  CHECK(confusion.counts(2, 2) == 1);
  CHECK(confusion.recall()[1] == doctest::Approx(0.5));
  CHECK(std::isnan(confusion.recall()[3]));
  CHECK(std::isnan(confusion_of({}, {}, 2).accuracy()));
  CHECK(samples_in_cell(labels, predicted, 1, 0) == std::vector<std::uint32_t>{5});
}

TEST_CASE("fine-tuning that diverges begins again at a tenth of the rate") {
  const DatasetPointer data = thirds(120, 60);
  const auto model = classifier(autoencoder(), *data);
  std::vector<std::uint32_t> samples(120);
  std::iota(samples.begin(), samples.end(), 0);
  ThreadPool pool(1);
  ClassifierTraining::Options options = quick(3);
  options.train.optimizer.learning_rate = 1e5;
  FineTuning steep(model, drawn(*model), data, samples, options, pool);
  while (steep.advance()) continue;
  CHECK(steep.learning_rate() < 1e5);
  CHECK(steep.training().losses().size() == 3);
  FineTuning calm(model, drawn(*model), data, samples, quick(3), pool);
  while (calm.advance()) continue;
  CHECK(calm.learning_rate() == 0.01);
}
