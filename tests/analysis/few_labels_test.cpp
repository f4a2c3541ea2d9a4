#include "core/analysis/few_labels.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "core/data/labels.h"
#include "core/nn/initializer.h"
#include "tests/data/expect_error.h"
#include "tests/support/small_data.h"

using namespace hourglass;

namespace {

const ImageShape kShape{1, 4, 4};

// Three classes, each with a quarter of the features raised, so that they can be told apart.
std::shared_ptr<Dataset> classes_data(Index train = 240, Index test = 60) {
  auto data = std::make_shared<Dataset>(*tests::random_dataset(kShape, train, test));
  for (Samples* samples : {&data->train, &data->test}) {
    const std::vector<std::int32_t> labels = samples->labels;
    std::vector<float> values(samples->values().begin(), samples->values().end());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto raised = static_cast<std::size_t>(labels[i / 16]);
      values[i] = 0.6f * values[i] + (i % 16 / 4 == raised ? 0.4f : 0.0f);
    }
    *samples = Samples(16, std::move(values));
    samples->labels = labels;
  }
  return data;
}

ModelSpec model_spec() {
  return tests::small_spec(Activation::kSigmoid, Activation::kSigmoid, Loss::kBinaryCrossEntropy,
                           20, 8);
}

FewLabelsSpec small_plan() {
  FewLabelsSpec spec;
  spec.labels = {3, 30};
  spec.seeds = {4, 9};
  spec.pretraining.optimizer.learning_rate = 0.01;
  spec.pretraining.corruption = {CorruptionKind::kMasking, Scalar(0.2)};
  spec.pretraining.batch_size = 50;
  spec.pretraining_epochs = 2;
  spec.fine_tuning = ClassifierTraining::Options::default_train();
  spec.fine_tuning.optimizer.learning_rate = 0.01;
  spec.steps = 25;
  return spec;
}

std::vector<FewLabelsPoint> points_of(const DatasetPointer& data, const FewLabelsSpec& spec,
                                      ThreadPool& pool) {
  FewLabels few(model_spec(), data, spec, pool);
  double share = 0;
  while (few.advance()) {
    CHECK(few.share() >= share);
    share = few.share();
  }
  CHECK(few.is_done());
  CHECK(few.share() == 1);
  return few.points();
}

std::string refusal_of(const DatasetPointer& data, std::vector<std::int64_t> labels) {
  ThreadPool pool(1);
  FewLabelsSpec spec = small_plan();
  spec.labels = std::move(labels);
  return error_of([&] { FewLabels(model_spec(), data, spec, pool); });
}

}  // namespace

TEST_CASE("classifiers from few labels are the same on 1, 2 and 8 threads") {
  const DatasetPointer data = classes_data();
  std::vector<FewLabelsPoint> expected;
  for (const int threads : {1, 2, 8}) {
    CAPTURE(threads);
    ThreadPool pool(threads);
    const std::vector<FewLabelsPoint> points = points_of(data, small_plan(), pool);
    REQUIRE(points.size() == 2 * 2 * 4);  // seeds, numbers of labels, starts
    if (threads == 1) expected = points;
    for (std::size_t i = 0; i < points.size(); ++i) {
      CHECK(points[i].seed == (i < 8 ? 4 : 9));
      CHECK(points[i].labels == (i % 8 < 4 ? 3 : 30));
      CHECK(points[i].start == kLabelStarts[i % 4]);
      CHECK(points[i].accuracy == expected[i].accuracy);
    }
  }
  // A linear classifier tells them apart, with labels enough.
  CHECK(expected[7].accuracy > 0.8);
}

TEST_CASE("each start is that classifier trained by hand") {
  const DatasetPointer data = classes_data();
  ThreadPool pool(2);
  const FewLabelsSpec spec = small_plan();
  const std::vector<FewLabelsPoint> points = points_of(data, spec, pool);

  const auto model = std::make_shared<const Model>(model_spec(), kShape);
  TrainSpec layers = spec.pretraining;
  layers.seed = 9;
  LayerwisePretraining pretraining(model, layers, 2, data, pool);
  while (pretraining.advance()) continue;
  const auto classifier = std::make_shared<const Model>(classifier_spec(model_spec(), 3), kShape);
  ParameterBuffer scaled, small;
  initialize(classifier->layout(), Initializer::kGlorotUniform, 9, scaled);
  initialize_normal(classifier->layout(), Scalar(0.01), 9, small);
  const ParameterBuffer starts[] = {
      with_encoder(*classifier, *model, pretraining.parameters().data(), 9), scaled, small};
  ClassifierTraining::Options options{.train = spec.fine_tuning, .epochs = 25};
  options.train.seed = 9;
  options.train.batch_size = 30;
  options.train.corruption = {};
  const auto chosen = choose_labelled(*data, 30, 9);
  for (std::size_t i = 0; i < 3; ++i) {
    CAPTURE(i);
    ClassifierTraining training(classifier, starts[i], data, chosen, options, pool);
    while (training.advance()) continue;
    CHECK(points[12 + i].accuracy == training.accuracy());
  }
}

TEST_CASE("fine-tuning saved in the middle of an epoch and resumed ends with the same bits") {
  const DatasetPointer data = classes_data();
  ThreadPool pool(2);
  const auto classifier = std::make_shared<const Model>(classifier_spec(model_spec(), 3), kShape);
  ParameterBuffer first;
  initialize(classifier->layout(), Initializer::kGlorotUniform, 3, first);
  const auto chosen = choose_labelled(*data, 30, 3);
  ClassifierTraining::Options options{.epochs = 4};
  options.train.batch_size = 8;
  const auto make = [&] {
    return std::make_unique<ClassifierTraining>(classifier, first, data, chosen, options, pool);
  };
  const auto whole = make();
  while (whole->advance()) continue;
  const auto begun = make();
  for (int step = 0; step < 6; ++step) begun->advance();
  const auto saved = write_safetensors(begun->trainer().checkpoint());
  const auto resumed = make();
  resumed->trainer().resume(read_safetensors(saved, "it"));
  while (resumed->advance()) continue;
  const ParameterBuffer &a = resumed->parameters(), &b = whole->parameters();
  CHECK(std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(Scalar)) == 0);
  CHECK(resumed->accuracy() == whole->accuracy());
}

TEST_CASE("labels that will not do are refused before anything is trained") {
  CHECK(contains(refusal_of(classes_data(), {2, 30}), "3 classes need at least 3 labels"));
  CHECK(contains(refusal_of(classes_data(), {0}), "0 labels"));
  CHECK(contains(refusal_of(classes_data(), {30, 300}), "240 training samples with a label"));
  const auto without = classes_data();
  without->train.labels.clear();
  CHECK(contains(refusal_of(without, {30}), "no labels to learn from"));
  const auto lacking = classes_data();
  for (std::int32_t& label : lacking->train.labels) label = label == 1 ? 0 : label;
  CHECK(contains(refusal_of(lacking, {30}), "has the label 'b'"));
}

TEST_CASE("a classifier that diverges is a point without a figure, and the others go on") {
  const DatasetPointer data = classes_data();
  ThreadPool pool(1);
  FewLabelsSpec spec = small_plan();
  spec.seeds = {4};
  spec.fine_tuning.optimizer.kind = OptimizerKind::kSgd;
  spec.fine_tuning.optimizer.learning_rate = std::numeric_limits<Scalar>::max();
  const std::vector<FewLabelsPoint> points = points_of(data, spec, pool);
  REQUIRE(points.size() == 8);
  CHECK(std::isnan(points[0].accuracy));
  for (const FewLabelsSummary& summary : summaries(points)) CHECK(summary.seeds == 1);
}

TEST_CASE("points are summed up by start and number of labels") {
  const std::vector<FewLabelsPoint> points = {
      {LabelStart::kLinear, 10, 1, 0.5},         {LabelStart::kPretrained, 30, 1, 0.9},
      {LabelStart::kPretrained, 10, 1, 0.6},     {LabelStart::kPretrained, 10, 2, 0.8},
      {LabelStart::kPretrained, 10, 3, 0.7},     {LabelStart::kLinear, 10, 2, std::nan("")},
      {LabelStart::kScaled, 10, 1, std::nan("")}};
  const std::vector<FewLabelsSummary> all = summaries(points);
  REQUIRE(all.size() == 3);
  CHECK(all[0].start == LabelStart::kPretrained);
  CHECK(all[0].labels == 10);
  CHECK(all[0].seeds == 3);
  CHECK(all[0].mean == doctest::Approx(0.7));
  CHECK(all[0].low == 0.6);
  CHECK(all[0].high == 0.8);
  CHECK(all[0].deviation == doctest::Approx(0.1));
  CHECK(all[1].labels == 30);
  CHECK(all[1].deviation == 0);
  CHECK(all[2].start == LabelStart::kLinear);
  CHECK(all[2].seeds == 1);
}

TEST_CASE("small weights are normal with a deviation of their own, and biases are 0") {
  const Model model(tests::small_spec(Activation::kRelu, Activation::kSigmoid,
                                      Loss::kBinaryCrossEntropy, 200, 100),
                    {1, 10, 10});
  ParameterBuffer buffer;
  initialize_normal(model.layout(), Scalar(0.01), 1, buffer);
  for (const Parameter& slice : model.layout().parameters()) {
    CAPTURE(slice.name);
    const auto values = buffer.segment(slice.offset, slice.size()).cast<double>().eval();
    if (slice.role == ParameterRole::kBias) {
      CHECK(values.isZero());
      continue;
    }
    const double deviation = std::sqrt(values.squaredNorm() / static_cast<double>(values.size()));
    CHECK(deviation == doctest::Approx(0.01).epsilon(0.05));
    CHECK(std::abs(values.mean()) < 0.0005);
  }
}
