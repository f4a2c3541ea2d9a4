#include "core/analysis/trustworthiness.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "tests/support/small_data.h"
#include "tests/support/tsne_golden.h"

using namespace hourglass;

namespace {

ConstMatrixView view(const Matrix& matrix) { return columns(matrix, 0, matrix.cols()); }

// Runs it to its end.
Trustworthiness& finished(Trustworthiness& of) {
  double before = of.progress();
  while (of.advance()) {
    CHECK(of.progress() >= before);
    before = of.progress();
  }
  CHECK(of.progress() == doctest::Approx(1));
  return of;
}

}  // namespace

TEST_CASE("trustworthiness is scikit-learn's") {
  const tests::TsneGolden golden;
  ThreadPool pool(2);
  for (const auto& [k, expected] : golden.json["trustworthiness"].items()) {
    CAPTURE(k);
    Trustworthiness of(golden.view(), view(golden.points), std::stoi(k), pool);
    CHECK(std::abs(finished(of).trustworthiness() - expected.get<double>()) < 1e-9);
  }
}

TEST_CASE("a map that is the codes is wholly trustworthy, one of other codes is not") {
  ThreadPool pool(1);
  const Matrix codes = tests::random_matrix(2, 400, 1), others = tests::random_matrix(2, 400, 2);
  Trustworthiness same(view(codes), view(codes), 10, pool);
  CHECK(finished(same).trustworthiness() == 1);
  CHECK(same.nearest_kept() == 1);
  CHECK(same.kept() == Vector::Ones(400));
  Trustworthiness random(view(codes), view(others), 10, pool);
  CHECK(std::abs(finished(random).trustworthiness() - 0.5) < 0.05);
  CHECK(random.nearest_kept() < 0.05);
  CHECK(random.kept().mean() < 0.1);
  CHECK(random.kept().minCoeff() >= 0);
}

TEST_CASE("one point in the wrong place is the unreliable one") {
  ThreadPool pool(1);
  const Matrix codes = tests::random_matrix(2, 200, 3);
  Matrix points = codes;
  points.col(7) = -codes.col(7) * 3;
  Trustworthiness of(view(codes), view(points), 5, pool);
  finished(of);
  Index worst = 0;
  of.kept().minCoeff(&worst);
  CHECK(worst == 7);
  CHECK(of.kept()[7] == 0);
}

TEST_CASE("samples that are not finite are left out of trustworthiness") {
  ThreadPool pool(1);
  Matrix codes = tests::random_matrix(6, 150, 4), points = tests::random_matrix(2, 150, 5);
  Trustworthiness without(columns(std::as_const(codes), 0, 148),
                          columns(std::as_const(points), 0, 148), 7, pool);
  codes(3, 148) = std::numeric_limits<Scalar>::quiet_NaN();
  points(0, 149) = std::numeric_limits<Scalar>::infinity();
  Trustworthiness with(view(codes), view(points), 7, pool);
  CHECK(finished(with).trustworthiness() == finished(without).trustworthiness());
  CHECK(with.kept().head(148) == without.kept());
  CHECK(std::isnan(with.kept()[148]));
  CHECK(std::isnan(with.kept()[149]));
}

TEST_CASE("trustworthiness has the same bits on any number of threads") {
  const Matrix codes = tests::random_matrix(20, 3000, 6), points = codes.topRows(2);
  ThreadPool one(1);
  Trustworthiness alone(view(codes), view(points), 12, one);
  finished(alone);
  for (const int threads : {2, 8}) {
    ThreadPool pool(threads);
    Trustworthiness of(view(codes), view(points), 12, pool);
    CHECK(finished(of).trustworthiness() == alone.trustworthiness());
    CHECK(of.kept() == alone.kept());
    CHECK(of.nearest_kept() == alone.nearest_kept());
  }
}

TEST_CASE("trustworthiness says which numbers of neighbours there are") {
  ThreadPool pool(1);
  const Matrix codes = tests::random_matrix(3, 24, 7), points = tests::random_matrix(2, 24, 8);
  for (const Index k : {-1, 0, 12, 100}) {
    CHECK_THROWS_WITH_AS(
        Trustworthiness(view(codes), view(points), k, pool),
        ("Trustworthiness looks at neighbours from 1 to less than half of the 24 points, not at " +
         std::to_string(k) + ".")
            .c_str(),
        Error);
  }
}
