// Logistic regression beside scikit-learn's, its objective beside plain loops, and its bits.
#include "core/analysis/logistic_regression.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/analysis/predictions.h"
#include "core/base/error.h"
#include "tests/support/small_data.h"
#include "tests/support/source_path.h"

using namespace hourglass;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

const nlohmann::json& golden() {
  static const nlohmann::json json = [] {
    std::ifstream file(source_path("/tests/golden/probe.json"));
    return nlohmann::json::parse(file);
  }();
  return json;
}

Matrix samples_of(const nlohmann::json& rows) {
  Matrix matrix(static_cast<Index>(rows[0].size()), static_cast<Index>(rows.size()));
  for (Index j = 0; j < matrix.cols(); ++j) {
    for (Index i = 0; i < matrix.rows(); ++i) matrix(i, j) = rows[j][i].get<Scalar>();
  }
  return matrix;
}

ConstMatrixView view(const Matrix& matrix) { return columns(matrix, 0, matrix.cols()); }

LogisticRegression fitted(const Matrix& x, const std::vector<std::int32_t>& labels, Index classes,
                          const LogisticRegressionOptions& options, ThreadPool& pool) {
  LogisticRegression regression(view(x), labels, classes, options, pool);
  double progress = 0;
  while (regression.advance()) {
    CHECK(regression.progress() >= progress);
    progress = regression.progress();
  }
  CHECK(regression.progress() == 1);
  return regression;
}

// The objective over the number of samples, by plain loops, of features as they are.
double objective(const Matrix& x, const std::vector<std::int32_t>& labels, const MatrixXd& weights,
                 const VectorXd& bias, double l2) {
  double sum = l2 / 2 * weights.squaredNorm();
  for (Index j = 0; j < x.cols(); ++j) {
    std::vector<double> scores;
    double all = 0;
    for (Index c = 0; c < bias.size(); ++c) {
      double score = bias[c];
      for (Index i = 0; i < x.rows(); ++i) score += weights(c, i) * static_cast<double>(x(i, j));
      scores.push_back(score);
      all += std::exp(score);
    }
    sum += std::log(all) - scores[static_cast<std::size_t>(labels[static_cast<std::size_t>(j)])];
  }
  return sum / static_cast<double>(x.cols());
}

struct Noisy {
  Matrix x;
  std::vector<std::int32_t> labels;
};

// Three classes whose first features differ, not quite apart; more samples than one piece has.
Noisy noisy(Index count, Index features = 4) {
  Noisy data{tests::random_matrix(features, count, 3), {}};
  for (Index j = 0; j < count; ++j) {
    data.labels.push_back(static_cast<std::int32_t>(j % 3));
    data.x(j % 3, j) += Scalar(0.8);
  }
  return data;
}

}  // namespace

TEST_CASE("logistic regression is scikit-learn's") {
  ThreadPool pool(2);
  for (const auto& it : golden()["cases"]) {
    const Matrix x = samples_of(it["x"]);
    const auto labels = it["labels"].get<std::vector<std::int32_t>>();
    const auto classes = static_cast<Index>(it["bias"].size());
    CAPTURE(classes);
    const LogisticRegression regression = fitted(x, labels, classes,
                                                 {.l2 = it["l2"].get<double>(),
                                                  .standardise = it["standardise"].get<bool>(),
                                                  .tolerance = 1e-9},
                                                 pool);
    CHECK(regression.has_converged());
    double worst = 0;
    const VectorXd bias = regression.bias().array() - regression.bias().mean();
    for (Index c = 0; c < classes; ++c) {
      worst = std::max(worst, std::abs(bias[c] - it["bias"][c].get<double>()));
      for (Index i = 0; i < x.rows(); ++i) {
        worst = std::max(worst,
                         std::abs(regression.weights()(c, i) - it["weights"][c][i].get<double>()));
      }
    }
    CHECK(worst < 1e-4);
    for (Index j = 0; j < 20; ++j) {
      VectorXd shares = regression.weights() * x.col(j).cast<double>() + regression.bias();
      shares = (shares.array() - shares.maxCoeff()).exp();
      shares /= shares.sum();
      for (Index c = 0; c < classes; ++c) {
        CHECK(std::abs(shares[c] - it["probabilities"][j][c].get<double>()) < 1e-4);
      }
    }
    const Confusion confusion = confusion_of(labels, regression.predict(view(x)), classes);
    CHECK(std::abs(confusion.accuracy() - it["accuracy"].get<double>()) < 1e-12);
    for (Index row = 0; row < classes; ++row) {
      for (Index column = 0; column < classes; ++column) {
        CHECK(confusion.counts(row, column) == it["confusion"][row][column].get<std::int64_t>());
      }
    }
  }
}

TEST_CASE("what it finds is the minimum of the objective by plain loops") {
  ThreadPool pool(1);
  const Noisy data = noisy(300);
  const LogisticRegression regression =
      fitted(data.x, data.labels, 3, {.l2 = 3, .standardise = false, .tolerance = 1e-10}, pool);
  const auto at = [&](const MatrixXd& weights, const VectorXd& bias) {
    return objective(data.x, data.labels, weights, bias, 3);
  };
  const double least = at(regression.weights(), regression.bias());
  CHECK(std::abs(least - regression.objective()) < 1e-12);
  // Central differences at a minimum are 0.
  const double step = 1e-4;
  for (Index c = 0; c < 3; ++c) {
    for (Index i = 0; i <= data.x.rows(); ++i) {
      const auto moved = [&](double by) {
        MatrixXd weights = regression.weights();
        VectorXd bias = regression.bias();
        (i < data.x.rows() ? weights(c, i) : bias[c]) += by;
        return at(weights, bias);
      };
      CHECK(std::abs(moved(step) - moved(-step)) / (2 * step) < 1e-7);
      CHECK(moved(step) > least);
    }
  }
}

TEST_CASE("the bits of logistic regression do not depend on threads") {
  const Noisy data = noisy(3000, 6);
  std::vector<MatrixXd> found;
  for (const int threads : {1, 2, 8}) {
    ThreadPool pool(threads);
    found.push_back(fitted(data.x, data.labels, 3, {}, pool).weights());
  }
  for (const MatrixXd& weights : found) {
    CHECK(std::memcmp(weights.data(), found[0].data(),
                      static_cast<std::size_t>(weights.size()) * sizeof(double)) == 0);
  }
}

TEST_CASE("one sample of each class and dead features are enough for a finite classifier") {
  ThreadPool pool(1);
  Matrix x = Matrix::Constant(4, 3, Scalar(0.7));
  x.row(0) << 0, 1, 2;
  const LogisticRegression regression = fitted(x, {0, 1, 2}, 3, {}, pool);
  CHECK(regression.has_converged());
  CHECK(regression.weights().allFinite());
  CHECK(regression.weights().rightCols(3).isZero());
  CHECK(regression.predict(view(x)) == std::vector<std::int32_t>{0, 1, 2});
  // A feature's unit does not matter.
  const Noisy data = noisy(200);
  Matrix scaled = data.x;
  scaled.row(1) *= Scalar(1024);
  const LogisticRegression plain = fitted(data.x, data.labels, 3, {}, pool);
  const LogisticRegression other = fitted(scaled, data.labels, 3, {}, pool);
  CHECK(plain.predict(view(data.x)) == other.predict(view(scaled)));
  CHECK(std::abs(plain.objective() - other.objective()) < 1e-6);
}

TEST_CASE("numbers that are not finite are refused, and too few steps are told") {
  ThreadPool pool(1);
  Noisy data = noisy(50);
  const LogisticRegression hasty = fitted(data.x, data.labels, 3, {.max_iterations = 2}, pool);
  CHECK_FALSE(hasty.has_converged());
  CHECK(hasty.iterations() == 2);
  data.x(1, 7) = std::numeric_limits<Scalar>::infinity();
  CHECK_THROWS_WITH_AS(LogisticRegression(view(data.x), data.labels, 3, {}, pool),
                       "Some codes are not finite numbers, and nothing can be told by them.",
                       Error);
}
