#include "core/analysis/pca_exact.h"

#include <doctest/doctest.h>

#include <Eigen/Eigenvalues>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/math/random.h"
#include "tests/analysis/golden_applications.h"
#include "tests/data/expect_error.h"
#include "tests/support/small_data.h"
#include "tests/support/source_path.h"

using namespace hourglass;

namespace {

Eigen::VectorXd centred_uniforms(std::uint32_t step, Index sample, Index count) {
  Vector values(count);
  Random(7, RandomStream::kTest, step, static_cast<std::uint32_t>(sample))
      .fill_uniform({values.data(), static_cast<std::size_t>(count)});
  return values.cast<double>().array() - 0.5;
}

// The data of tests/golden/make_pca.py.
Dataset golden_data(const nlohmann::json& golden) {
  const Index features = golden["features"], hidden = golden["hidden"];
  Eigen::MatrixXd directions(features, hidden);
  for (Index j = 0; j < hidden; ++j) {
    directions.col(j) = centred_uniforms(2, j, features) / static_cast<double>(j + 1);
  }
  Dataset data;
  data.name = "golden";
  data.shape = {1, 1, features};
  Index sample = 0;
  for (auto [samples, count] : {std::pair{&data.train, golden["train"].get<Index>()},
                                {&data.test, golden["held_out"].get<Index>()}}) {
    std::vector<float> values;
    for (Index i = 0; i < count; ++i, ++sample) {
      const Eigen::VectorXd x = directions * centred_uniforms(3, sample, hidden);
      for (Index k = 0; k < features; ++k) values.push_back(static_cast<float>(3 + x[k]));
    }
    *samples = Samples(features, std::move(values));
  }
  return data;
}

struct Found {
  Vector mean;
  Matrix components;
  std::vector<double> variances, test_mse;
  double total = 0;
  int slices = 0;
};

Found find(const Dataset& data, Index components, int threads = 1) {
  ThreadPool pool(threads);
  ExactPca pca(data, components, pool);
  Found found;
  double share = 0;
  do {
    ++found.slices;
    CHECK(pca.share() >= share);
    share = pca.share();
  } while (pca.advance());
  CHECK(pca.share() == 1);
  found.mean = pca.mean();
  found.components = pca.components();
  found.variances = pca.variances();
  found.test_mse = pca.test_mse();
  found.total = pca.total_variance();
  return found;
}

// `values` as samples of one row each.
Dataset data_of(const Matrix& train, const Matrix& test) {
  Dataset data;
  data.name = "matrix";
  data.shape = {1, 1, train.rows()};
  for (auto [samples, matrix] : {std::pair{&data.train, &train}, {&data.test, &test}}) {
    std::vector<float> values(static_cast<std::size_t>(matrix->size()));
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<float>(matrix->data()[i]);
    }
    *samples = Samples(train.rows(), std::move(values));
  }
  return data;
}

}  // namespace

TEST_CASE("exact PCA finds what scikit-learn finds") {
  std::ifstream file(source_path("/tests/golden/pca.json"));
  const auto golden = nlohmann::json::parse(file);
  const Dataset data = golden_data(golden);
  const Found found = find(data, static_cast<Index>(golden["variances"].size()));
  for (Index i = 0; i < found.mean.size(); ++i) {
    CHECK(found.mean[i] == doctest::Approx(golden["mean"][i].get<double>()).epsilon(1e-6));
  }
  CHECK(found.total == doctest::Approx(golden["total_variance"].get<double>()).epsilon(1e-5));
  for (std::size_t i = 0; i < found.variances.size(); ++i) {
    CAPTURE(i);
    CHECK(found.variances[i] ==
          doctest::Approx(golden["variances"][i].get<double>()).epsilon(1e-5));
  }
  for (std::size_t j = 0; j < golden["components"].size(); ++j) {
    double worst = 0;
    for (Index i = 0; i < found.mean.size(); ++i) {
      worst =
          std::max(worst, std::abs(static_cast<double>(found.components(i, static_cast<Index>(j))) -
                                   golden["components"][j][i].get<double>()));
    }
    CAPTURE(j);
    CHECK(worst < 1e-5);
  }
  REQUIRE(found.test_mse.size() == golden["test_mse"].size());
  for (std::size_t i = 0; i < found.test_mse.size(); ++i) {
    CAPTURE(i);
    CHECK(found.test_mse[i] == doctest::Approx(golden["test_mse"][i].get<double>()).epsilon(1e-5));
  }
}

TEST_CASE("exact PCA has the same bits on one, two and eight threads") {
  std::ifstream file(source_path("/tests/golden/pca.json"));
  const Dataset data = golden_data(nlohmann::json::parse(file));
  const Found one = find(data, 12);
  for (const int threads : {2, 8}) {
    const Found many = find(data, 12, threads);
    CHECK(many.mean == one.mean);
    CHECK(many.components == one.components);
    CHECK(many.variances == one.variances);
    CHECK(many.test_mse == one.test_mse);
    CHECK(many.total == one.total);
  }
}

TEST_CASE("a flat spectrum is found as exactly as a steep one") {
  const Index features = 300;
  const Matrix train = tests::random_matrix(features, 900, 40);
  const Found found = find(data_of(train, tests::random_matrix(features, 20, 41)), 10);
  const Eigen::MatrixXd exact = train.cast<float>().cast<double>();
  const Eigen::MatrixXd centred = exact.colwise() - exact.rowwise().mean().eval();
  const Eigen::MatrixXd covariance = centred * centred.transpose() / 899.0;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);
  for (std::size_t i = 0; i < 10; ++i) {
    const double expected = solver.eigenvalues()[features - 1 - static_cast<Index>(i)];
    CHECK(found.variances[i] == doctest::Approx(expected).epsilon(1e-5));
  }
}

TEST_CASE("data that vary in fewer directions than are asked for, or in none") {
  const Index features = 200;
  // Three directions.
  const Matrix train = tests::random_matrix(features, 3, 42) * tests::random_matrix(3, 50, 43);
  Found found = find(data_of(train, train), 8);
  CHECK(found.variances[2] > 1e-3);
  for (std::size_t i = 3; i < 8; ++i) CHECK(found.variances[i] < 1e-5 * found.variances[0]);
  CHECK(found.test_mse[3] < 1e-5 * found.test_mse[0]);
  const Matrix gram = found.components.transpose() * found.components;
  CHECK((gram - Matrix::Identity(8, 8)).cwiseAbs().maxCoeff() < 1e-5);

  for (const Index size : {Index{10}, features}) {
    const Matrix same = Matrix::Constant(size, 7, Scalar(0.25));
    found = find(data_of(same, same), 2);
    CHECK(found.total == 0);
    CHECK(found.variances == std::vector<double>{0, 0});
    CHECK(found.test_mse == std::vector<double>{0, 0, 0});
  }
  // As many as there are features: nothing is lost.
  const Matrix few = tests::random_matrix(5, 40, 44);
  found = find(data_of(few, few), 5);
  CHECK(found.test_mse[5] < 1e-6 * found.test_mse[0]);
}

TEST_CASE("samples are made again from their components") {
  const Matrix train = tests::random_matrix(30, 100, 45), test = tests::random_matrix(30, 20, 46);
  const Dataset data = data_of(train, test);
  ThreadPool pool(1);
  ExactPca pca(data, 7, pool);
  while (pca.advance()) continue;
  Matrix restored(30, 20);
  pca.reconstruct(columns(test, 0, 20), columns(restored, 0, 20));
  CHECK(static_cast<double>((restored - test).squaredNorm()) / (30 * 20) ==
        doctest::Approx(pca.test_mse()[7]).epsilon(1e-4));
}

TEST_CASE("what exact PCA cannot do it says") {
  ThreadPool pool(1);
  const Matrix train = tests::random_matrix(30, 10, 47);
  const Dataset data = data_of(train, train);
  const auto refusal = [&](const Dataset& of, Index components) {
    return error_of([&] { ExactPca(of, components, pool); });
  };
  CHECK(contains(refusal(data, 31), "from 1 to 30 components, not 31"));
  CHECK(contains(refusal(data, 0), "from 1 to 30"));
  CHECK(contains(refusal(data_of(Matrix(30, 0), train), 3), "no samples"));
  const Matrix wide = Matrix::Zero(5000, 1);
  CHECK(contains(refusal(data_of(wide, wide), 3), "at most 4096 features"));
}

TEST_CASE("shares of the variance and held-out errors are scikit-learn's") {
  const auto& golden = tests::golden_applications()["pca"];
  Dataset data;
  data.name = "golden";
  for (auto& [samples, name] : {std::pair{&data.train, "train"}, {&data.test, "test"}}) {
    const Eigen::MatrixXf values = tests::columns_of(golden[name]).cast<float>();
    data.shape = {1, 1, values.rows()};
    *samples =
        Samples(values.rows(), std::vector<float>(values.data(), values.data() + values.size()));
  }
  const Found found = find(data, 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(found.variances[i] / found.total ==
          doctest::Approx(golden["explained_variance_ratio"][i].get<double>()).epsilon(1e-5));
  }
  CHECK(found.test_mse[0] == doctest::Approx(golden["mean_mse"].get<double>()).epsilon(1e-5));
  CHECK(found.test_mse[2] == doctest::Approx(golden["test_mse"].get<double>()).epsilon(1e-5));
}
