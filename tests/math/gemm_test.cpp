#include "core/math/gemm.h"

#include <cmath>

#include <doctest/doctest.h>

#include "tests/support/small_data.h"

using namespace hourglass;

namespace {

// A rows x cols view into a larger matrix, so that columns are not next to each other.
ConstMatrixView inner(const Matrix& big, Index rows, Index cols) {
  return {big.data() + 1, rows, cols, Eigen::OuterStride<>(big.rows())};
}

}  // namespace

TEST_CASE("products equal plain loops over odd shapes and unaligned memory") {
  const Index sizes[] = {1, 2, 3, 7, 16, 17, 33, 65};
  double worst = 0;
  for (const Index m : sizes) {
    for (const Index n : sizes) {
      for (const Index k : {Index{1}, Index{5}, Index{31}, Index{400}}) {
        for (const bool ta : {false, true}) {
          for (const bool tb : {false, true}) {
            const Matrix big_a = tests::random_matrix((ta ? k : m) + 2, ta ? m : k, 1);
            const Matrix big_b = tests::random_matrix((tb ? n : k) + 3, tb ? k : n, 2);
            const ConstMatrixView a = inner(big_a, ta ? k : m, ta ? m : k);
            const ConstMatrixView b = inner(big_b, tb ? n : k, tb ? k : n);
            Matrix big_c = tests::random_matrix(m + 1, n, 3);
            const Matrix before = big_c;
            const MatrixView c(big_c.data() + 1, m, n, Eigen::OuterStride<>(m + 1));
            add_product(a, ta ? Transpose::kYes : Transpose::kNo, b,
                        tb ? Transpose::kYes : Transpose::kNo, c);
            for (Index i = 0; i < m; ++i) {
              for (Index j = 0; j < n; ++j) {
                double sum = before(i + 1, j);
                for (Index l = 0; l < k; ++l) {
                  sum += static_cast<double>(ta ? a(l, i) : a(i, l)) * (tb ? b(j, l) : b(l, j));
                }
                worst = std::max(worst, std::abs(sum - c(i, j)) / std::sqrt(static_cast<double>(k)));
              }
            }
            REQUIRE(big_c.row(0) == before.row(0));  // nothing outside was touched
          }
        }
      }
    }
  }
  CHECK(worst < 1e-5);
}

TEST_CASE("products larger than the packed blocks are whole") {
  const Matrix a = tests::random_matrix(1000, 900, 1), b = tests::random_matrix(900, 700, 2);
  Matrix c = Matrix::Zero(1000, 700);
  add_product(columns(a, 0, 900), Transpose::kNo, columns(b, 0, 700), Transpose::kNo,
              columns(c, 0, 700));
  const Eigen::MatrixXd expected = a.cast<double>() * b.cast<double>();
  CHECK((c.cast<double>() - expected).cwiseAbs().maxCoeff() < 1e-3);
}
