#include "core/analysis/latent_directions.h"

#include <doctest/doctest.h>

#include <cmath>

#include "core/base/error.h"
#include "tests/analysis/golden_applications.h"
#include "tests/support/small_data.h"

using namespace hourglass;

namespace {

LatentDirections fit(const Matrix& codes, const Eigen::MatrixXd& factors) {
  LatentDirectionsFit fitting(tests::view_of(codes), factors);
  while (fitting.advance()) continue;
  return fitting.result();
}

}  // namespace

TEST_CASE("directions, readers and R squared are those of scikit-learn's least squares") {
  const auto& test = tests::golden_applications()["directions"];
  const Matrix codes = tests::columns_of(test["codes"]).cast<Scalar>();
  const Eigen::MatrixXd factors = tests::columns_of(test["factors"]);
  const LatentDirections found = fit(codes, factors);
  const Eigen::MatrixXd readers = tests::columns_of(test["readers"]);
  const Eigen::MatrixXd directions = tests::columns_of(test["directions"]);
  REQUIRE(found.readers.rows() == readers.rows());
  CHECK((found.readers - readers).cwiseAbs().maxCoeff() < 1e-9);
  CHECK((found.directions - directions).cwiseAbs().maxCoeff() < 1e-9);
  for (Index f = 0; f < 2; ++f) {
    const double wanted = test["r_squared"][f].get<double>();
    CHECK(found.r_squared[f] == doctest::Approx(wanted).epsilon(1e-9));
    CHECK(found.r_squared_of(tests::view_of(codes), factors)[f] ==
          doctest::Approx(wanted).epsilon(1e-9));
  }
}

TEST_CASE("dead units and factors that never change take no part") {
  Matrix codes = tests::random_matrix(5, 300, 1);
  codes.row(3).setConstant(Scalar(7));
  Eigen::MatrixXd factors(2, 300);
  factors.row(0) = 3 * codes.row(1).cast<double>();
  factors.row(1).setConstant(2);
  const LatentDirections found = fit(codes, factors);
  CHECK(found.r_squared[0] == doctest::Approx(1));
  CHECK(std::isnan(found.r_squared[1]));
  CHECK(found.readers.allFinite());
  CHECK(found.directions.allFinite());
  CHECK(found.readers(1, 0) == doctest::Approx(3));
  CHECK(std::abs(found.readers(3, 0)) < 1e-9);
  CHECK(found.directions(1, 0) == doctest::Approx(1.0 / 3));
  CHECK(found.directions.col(1).norm() == 0);
}

TEST_CASE("fewer than two samples have no directions") {
  const Matrix one = tests::random_matrix(3, 1, 1);
  CHECK_THROWS_AS(LatentDirectionsFit(tests::view_of(one), Eigen::MatrixXd::Zero(2, 1)), Error);
}
