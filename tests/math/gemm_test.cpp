#include "core/math/gemm/gemm.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "tests/support/each_kernels.h"
#include "tests/support/small_data.h"
#include "tests/support/worst.h"

using namespace hourglass;

namespace {

// A rows x cols view into a larger matrix, so that columns are not next to each other.
ConstMatrixView inner(const Matrix& big, Index rows, Index cols) {
  return {big.data() + 1, rows, cols, Eigen::OuterStride<>(big.rows())};
}

// gemm_accumulate() and gemm(), plain and packed, of all transposes.
void check_products() {
  const Index sizes[] = {1, 2, 7, 16, 17, 33, 65};
  double worst = 0;
  for (const Index m : sizes) {
    for (const Index n : sizes) {
      for (const Index k : {Index{1}, Index{5}, Index{31}, Index{300}}) {
        for (const bool ta : {false, true}) {
          for (const bool tb : {false, true}) {
            const Matrix big_a = tests::random_matrix((ta ? k : m) + 2, ta ? m : k, 1);
            const Matrix big_b = tests::random_matrix((tb ? n : k) + 3, tb ? k : n, 2);
            const ConstMatrixView a = inner(big_a, ta ? k : m, ta ? m : k);
            const ConstMatrixView b = inner(big_b, tb ? n : k, tb ? k : n);
            Matrix big_c = tests::random_matrix(m + 1, n, 3);
            const Matrix before = big_c;
            const MatrixView c(big_c.data() + 1, m, n, Eigen::OuterStride<>(m + 1));
            gemm_accumulate(a, ta ? Transpose::kYes : Transpose::kNo, b,
                            tb ? Transpose::kYes : Transpose::kNo, c);
            const Matrix start = tests::random_matrix(m, 1, 4);
            Matrix set = Matrix::Constant(m, n, 1000), packed_set = set;
            gemm(a, ta ? Transpose::kYes : Transpose::kNo, b, tb ? Transpose::kYes : Transpose::kNo,
                 start.data(), columns(set, 0, n));
            Vector panels(packed_size(m, k));
            for (Index first = 0; first < m; first += kPackedRows) {
              pack_rows(a, ta ? Transpose::kYes : Transpose::kNo, first,
                        std::min(kPackedRows, m - first), panels.data());
            }
            gemm(PackedMatrix{panels.data(), m, k}, b, tb ? Transpose::kYes : Transpose::kNo,
                 nullptr, columns(packed_set, 0, n));
            const double scale = std::sqrt(static_cast<double>(k));
            for (Index i = 0; i < m; ++i) {
              for (Index j = 0; j < n; ++j) {
                double sum = 0;
                for (Index l = 0; l < k; ++l) {
                  sum += static_cast<double>(ta ? a(l, i) : a(i, l)) * (tb ? b(j, l) : b(l, j));
                }
                tests::worsen(worst, std::abs(before(i + 1, j) + sum - c(i, j)) / scale);
                tests::worsen(worst, std::abs(start(i) + sum - set(i, j)) / scale);
                tests::worsen(worst, std::abs(sum - packed_set(i, j)) / scale);
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

}  // namespace

TEST_CASE(
    "products equal plain loops over odd shapes and unaligned memory, on every instruction set") {
  tests::with_each_kernels(check_products);
}

TEST_CASE("a product of nothing leaves the bias, or nothing") {
  const Matrix none(3, 0), empty(0, 2);
  Matrix c = Matrix::Constant(3, 2, 7);
  const Matrix bias = tests::random_matrix(3, 1, 1);
  gemm(columns(none, 0, 0), Transpose::kNo, columns(empty, 0, 2), Transpose::kNo, bias.data(),
       columns(c, 0, 2));
  CHECK(c.col(0) == bias);
  CHECK(c.col(1) == bias);
  gemm(columns(none, 0, 0), Transpose::kNo, columns(empty, 0, 2), Transpose::kNo, nullptr,
       columns(c, 0, 2));
  CHECK(c == Matrix::Zero(3, 2));
}

TEST_CASE("products larger than the packed blocks are whole") {
  const Matrix a = tests::random_matrix(1000, 900, 1), b = tests::random_matrix(900, 700, 2);
  Matrix c = Matrix::Zero(1000, 700);
  gemm_accumulate(columns(a, 0, 900), Transpose::kNo, columns(b, 0, 700), Transpose::kNo,
                  columns(c, 0, 700));
  const Eigen::MatrixXd expected = a.cast<double>() * b.cast<double>();
  CHECK(tests::largest_difference(c.cast<double>(), expected) < 1e-3);
}
