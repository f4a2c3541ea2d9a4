#include "core/math/gemm/sparse_columns.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "tests/support/each_kernels.h"
#include "tests/support/small_data.h"
#include "tests/support/worst.h"

using namespace hourglass;

namespace {

// Of which about one number in `one_in` is not 0.
Matrix sparse_matrix(Index rows, Index columns, int one_in) {
  Matrix x = tests::random_matrix(rows, columns, 5);
  const Matrix chance = tests::random_matrix(rows, columns, 6, 0, 1);
  for (Index i = 0; i < x.size(); ++i) {
    if (chance.data()[i] * static_cast<float>(one_in) > 1) x.data()[i] = 0;
  }
  return x;
}

}  // namespace

TEST_CASE("products with lists of what is not 0 are those with the whole matrix") {
  tests::with_each_kernels([] {
    double worst = 0;
    for (const Index units : {1, 5, 16, 17, 40}) {
      for (const Index rows : {1, 15, 64, 131}) {
        for (const Index samples : {1, 7}) {
          const Matrix x = sparse_matrix(rows, samples + 2, 6);
          SparseColumns lists(rows, samples + 2);
          lists.assign(0, columns(x, 0, 1));
          lists.assign(1, columns(x, 1, samples + 1));
          const Matrix weight = tests::random_matrix(rows, units, 1);
          const Vector bias = tests::random_matrix(units, 1, 2);
          Vector panels(packed_size(units, rows));
          pack_rows(columns(weight, 0, units), Transpose::kYes, 0, units, panels.data());
          const PackedMatrix packed{panels.data(), units, rows};
          // Columns 2 and those behind it.
          const auto part = x.middleCols(2, samples);
          Matrix y = Matrix::Constant(units, samples, 9);
          lists.multiply(packed, 2, bias.data(), columns(y, 0, samples));
          Matrix expected = weight.transpose() * part;
          expected.colwise() += bias;
          tests::worsen(worst, tests::largest_difference(y, expected));

          const Matrix delta = tests::random_matrix(units, samples, 3);
          Matrix gradient = Matrix::Constant(rows, units, 9);
          lists.outer(2, columns(delta, 0, samples), /*add=*/false, gradient.data());
          expected = part * delta.transpose();
          tests::worsen(worst, tests::largest_difference(gradient, expected));
          lists.outer(2, columns(delta, 0, samples), /*add=*/true, gradient.data());
          tests::worsen(worst, tests::largest_difference(gradient, Matrix(2 * expected)));
        }
      }
    }
    CHECK(worst < (sizeof(Scalar) == 4 ? 1e-5 : 1e-13));
  });
}

TEST_CASE("lists pay where little is not 0, and a NaN is in them") {
  Matrix x = Matrix::Zero(40, 3);
  x(7, 0) = 1, x(39, 1) = std::nanf("");
  SparseColumns lists(40, 3);
  CHECK_FALSE(lists.empty());
  CHECK(SparseColumns().empty());
  lists.assign(0, columns(std::as_const(x), 0, 3));
  CHECK(lists.pays(0, 3));
  Vector one = Vector::Constant(packed_size(1, 40), 1);
  Matrix y(1, 3);
  lists.multiply({one.data(), 1, 40}, 0, nullptr, columns(y, 0, 3));
  CHECK(y(0, 0) == 1);
  CHECK(std::isnan(y(0, 1)));
  CHECK(y(0, 2) == 0);
  x.col(2).setOnes();
  lists.assign(2, columns(std::as_const(x), 2, 1));
  CHECK(lists.pays(0, 2));
  CHECK_FALSE(lists.pays(2, 1));
  CHECK_FALSE(lists.pays(0, 3));
}
