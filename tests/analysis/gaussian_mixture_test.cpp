#include "core/analysis/gaussian_mixture.h"

#include <doctest/doctest.h>

#include <Eigen/Cholesky>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "tests/analysis/golden_applications.h"
#include "tests/support/small_data.h"

using namespace hourglass;

namespace {

CovarianceKind kind_of(const nlohmann::json& test) {
  return test["kind"] == "full" ? CovarianceKind::kFull : CovarianceKind::kDiagonal;
}

GaussianMixture fit(const Matrix& codes, const MixtureOptions& options, int threads = 1) {
  ThreadPool pool(threads);
  GaussianMixtureFit fitting(tests::view_of(codes), options, pool);
  while (fitting.advance()) CHECK(fitting.progress() <= 1);
  CHECK(fitting.progress() == 1);
  return fitting.mixture();
}

double mean_likelihood(const GaussianMixture& mixture, const Matrix& codes) {
  return mixture.log_likelihood(tests::view_of(codes)).mean();
}

}  // namespace

TEST_CASE("log-likelihoods of a mixture are scikit-learn's") {
  for (const auto& test : tests::golden_applications()["mixture"]) {
    GaussianMixture mixture;
    mixture.kind = kind_of(test);
    mixture.means = tests::columns_of(test["means"]);
    const Index components = mixture.components();
    mixture.weights.resize(components);
    for (Index k = 0; k < components; ++k) mixture.weights[k] = test["weights"][k].get<double>();
    if (mixture.kind == CovarianceKind::kDiagonal) {
      mixture.deviations = tests::columns_of(test["covariances"]).cwiseSqrt();
    } else {
      for (const auto& covariance : test["covariances"]) {
        mixture.factors.push_back(
            Eigen::LLT<Eigen::MatrixXd>(tests::columns_of(covariance)).matrixL());
      }
    }
    const Matrix codes = tests::columns_of(test["codes"]).cast<Scalar>();
    const Eigen::VectorXd found = mixture.log_likelihood(tests::view_of(codes));
    for (Index j = 0; j < codes.cols(); ++j) {
      CHECK(found[j] == doctest::Approx(test["log_likelihood"][j].get<double>()).epsilon(1e-10));
    }
  }
}

TEST_CASE("a fit comes to scikit-learn's maximum where every start does") {
  for (const auto& test : tests::golden_applications()["fit"]) {
    const Matrix codes = tests::columns_of(test["codes"]).cast<Scalar>();
    const GaussianMixture mixture = fit(
        codes, {.components = 3, .kind = kind_of(test), .iterations = 1000, .tolerance = 1e-10});
    CHECK(mean_likelihood(mixture, codes) ==
          doctest::Approx(test["mean_log_likelihood"].get<double>()).epsilon(1e-5));
    Eigen::VectorXd weights = mixture.weights;
    std::sort(weights.begin(), weights.end());
    for (Index k = 0; k < 3; ++k) {
      CHECK(weights[k] == doctest::Approx(test["weights"][k].get<double>()).epsilon(1e-4));
    }
  }
}

TEST_CASE("one Gaussian is the mean and the covariance of the codes, and its draws have them") {
  Matrix codes = tests::random_matrix(3, 4000, 1);
  codes.row(1) += codes.row(0);
  codes.array() += Scalar(2);
  const GaussianMixture gaussian = fit(codes, {.floor = 0});
  const Eigen::MatrixXd wide = codes.cast<double>();
  const Eigen::VectorXd mean = wide.rowwise().mean();
  const Eigen::MatrixXd centred = wide.colwise() - mean;
  const Eigen::MatrixXd covariance = centred * centred.transpose() / 4000.0;
  const Eigen::MatrixXd found = gaussian.factors[0] * gaussian.factors[0].transpose();
  CHECK((gaussian.means.col(0) - mean).cwiseAbs().maxCoeff() < 1e-9);
  CHECK((found - covariance).cwiseAbs().maxCoeff() < 1e-9);

  Matrix drawn(3, 4000), again(3, 7);
  gaussian.sample(5, 0, columns(drawn, 0, 4000));
  gaussian.sample(5, 100, columns(again, 0, 7));
  CHECK((drawn.middleCols(100, 7).array() == again.array()).all());
  CHECK((drawn.cast<double>().rowwise().mean() - mean).cwiseAbs().maxCoeff() < 0.05);
  const GaussianMixture second = fit(drawn, {});
  const Eigen::MatrixXd redrawn = second.factors[0] * second.factors[0].transpose();
  CHECK((redrawn - covariance).cwiseAbs().maxCoeff() < 0.05);
}

TEST_CASE("a fit has the same bits on one thread and on three") {
  Matrix codes = tests::random_matrix(20, 5000, 3);
  codes.leftCols(2500).array() += Scalar(3);
  for (const CovarianceKind kind : {CovarianceKind::kFull, CovarianceKind::kDiagonal}) {
    const MixtureOptions options{.components = 4, .kind = kind, .iterations = 5};
    const GaussianMixture one = fit(codes, options, 1), three = fit(codes, options, 3);
    CHECK(one.weights == three.weights);
    CHECK(one.means == three.means);
    CHECK(one.deviations == three.deviations);
    for (std::size_t k = 0; k < one.factors.size(); ++k) CHECK(one.factors[k] == three.factors[k]);
  }
}

TEST_CASE("equal codes, dead units and more components than groups leave everything finite") {
  Matrix equal = Matrix::Constant(4, 50, Scalar(1.5));
  Matrix dead = tests::random_matrix(4, 50, 4);
  dead.row(2).setConstant(Scalar(-3));
  for (const Matrix& codes : {equal, dead}) {
    for (const CovarianceKind kind : {CovarianceKind::kFull, CovarianceKind::kDiagonal}) {
      const GaussianMixture mixture = fit(codes, {.components = 5, .kind = kind});
      CHECK(std::isfinite(mean_likelihood(mixture, codes)));
      Matrix drawn(4, 20);
      mixture.sample(1, 0, columns(drawn, 0, 20));
      CHECK(drawn.allFinite());
      // A dead unit stays what it was.
      CHECK((drawn.row(2).array() - codes(2, 0)).abs().maxCoeff() < Scalar(0.01));
    }
  }
}

TEST_CASE("a fit refuses what it cannot do") {
  ThreadPool pool(1);
  Matrix few = tests::random_matrix(2, 3, 1), wide = tests::random_matrix(600, 3, 2);
  const auto refused = [&](const Matrix& codes, MixtureOptions options, const char* says) {
    CHECK_THROWS_WITH_AS(GaussianMixtureFit(tests::view_of(codes), options, pool),
                         doctest::Contains(says), Error);
  };
  refused(few, {.components = 4}, "there are 3");
  refused(few, {.components = 0}, "1 to 100");
  refused(wide, {}, "take diagonal ones");
  few(1, 1) = std::numeric_limits<Scalar>::quiet_NaN();
  refused(few, {}, "not finite");
}
