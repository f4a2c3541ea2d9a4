// What is measured of each sample: its reconstruction error, the entropy of its targets, and the
// classes of its neighbours.
#include <doctest/doctest.h>

#include <cmath>

#include "core/analysis/entropy_floor.h"
#include "core/analysis/reconstruction_errors.h"
#include "core/analysis/search_quality.h"
#include "core/base/error.h"
#include "core/nn/initializer.h"
#include "core/nn/loss.h"
#include "tests/analysis/golden_applications.h"
#include "tests/support/small_data.h"

using namespace hourglass;

TEST_CASE("precision at 10 is scikit-learn's") {
  const auto& test = tests::golden_applications()["search"];
  const Matrix codes = tests::columns_of(test["codes"]).cast<Scalar>();
  const auto labels = test["labels"].get<std::vector<std::int32_t>>();
  ThreadPool pool(2);
  NeighborGraph graph(tests::view_of(codes), 10, pool);
  while (graph.advance()) continue;
  CHECK(precision_at(graph.neighbors(), 10, labels, labels) ==
        doctest::Approx(test["precision_at_10"].get<double>()).epsilon(1e-12));
  CHECK_THROWS_WITH_AS(precision_at(graph.neighbors(), 11, labels, labels),
                       doctest::Contains("there are 10"), Error);
  CHECK_THROWS_WITH_AS(precision_at(graph.neighbors(), 10, {}, {}), doctest::Contains("labels"),
                       Error);
}

TEST_CASE("each sample's error, of which the mean is the held-out error, on any threads") {
  const DatasetPointer data = tests::random_dataset({1, 3, 5}, 10, 333);
  const Model model(
      tests::small_spec(Activation::kRelu, Activation::kSigmoid, Loss::kMeanSquaredError),
      data->shape);
  ParameterBuffer parameters = ParameterBuffer::Zero(model.layout().buffer_size());
  initialize(model.layout(), Initializer::kGlorotUniform, 1, parameters);
  std::vector<double> first;
  for (const int threads : {1, 3}) {
    ThreadPool pool(threads);
    ReconstructionErrors errors(model, data->test, pool);
    while (errors.advance(parameters.data())) CHECK(errors.progress() < 1);
    CHECK(errors.progress() == 1);
    REQUIRE(errors.errors().size() == 333);
    if (first.empty()) first = errors.errors();
    CHECK(errors.errors() == first);
    Matrix x(15, 1), y(15, 1);
    const std::uint32_t last[] = {332};
    data->test.gather(last, columns(x, 0, 1));
    Inference(model, pool).reconstruct(parameters.data(), tests::view_of(x), columns(y, 0, 1));
    CHECK(first.back() == doctest::Approx(static_cast<double>((x - y).squaredNorm()) / 15));
  }
}

TEST_CASE("the floor of cross-entropy is what a perfect reconstruction costs") {
  const DatasetPointer data = tests::random_dataset({1, 4, 4}, 1, 500);
  EntropyFloor floor(data->test);
  while (floor.advance()) continue;
  Matrix x(16, 500);
  std::vector<std::uint32_t> all(500);
  for (std::uint32_t i = 0; i < 500; ++i) all[i] = i;
  data->test.gather(all, columns(x, 0, 500));
  const double loss =
      loss_sum(Loss::kBinaryCrossEntropy, tests::view_of(x), tests::view_of(x)) / 500;
  CHECK(floor.result() == doctest::Approx(loss).epsilon(1e-4));
  // One output for all, black and white where it cannot be right.
  Vector y = tests::random_matrix(16, 1, 3, 0, 1);
  y[2] = 0, y[5] = 1;
  const Matrix constant = y.replicate(1, 500);
  const double mean =
      loss_sum(Loss::kBinaryCrossEntropy, tests::view_of(constant), tests::view_of(x)) / 500;
  CHECK(floor.of_constant(y) == doctest::Approx(mean).epsilon(1e-3));

  // Black and white have none; what is no probability has no cross-entropy.
  const Samples ink(2, std::vector<float>{0, 1, 1, 0}), beyond(1, std::vector<float>{1.5f});
  EntropyFloor none(ink), wrong(beyond);
  CHECK_FALSE(none.advance());
  CHECK(none.result() == 0);
  CHECK_FALSE(wrong.advance());
  CHECK(std::isnan(wrong.result()));
  CHECK(std::isnan(wrong.of_constant(Vector::Constant(1, Scalar(0.5)))));
}
