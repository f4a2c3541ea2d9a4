#include "core/nn/loss.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/support/each_kernels.h"
#include "tests/support/small_data.h"
#include "tests/support/worst.h"

using namespace hourglass;

namespace {

// A view with gaps between its columns.
MatrixView with_gaps(Matrix& big) {
  return {big.data() + 1, big.rows() - 3, big.cols(), Eigen::OuterStride<>(big.rows())};
}

}  // namespace

TEST_CASE(
    "a fused loss makes deltas of pre-activations as three passes do, with and without gaps") {
  tests::with_each_kernels([] {
    for (const bool gaps : {false, true}) {
      CAPTURE(gaps);
      Matrix big_z = tests::random_matrix(40, 5, 1, -6, 6), big_y = big_z;
      Matrix big_expected = big_z;  // so that what lies in the gaps is the same
      const Matrix target = tests::random_matrix(gaps ? 37 : 40, 5, 2, 0, 1);
      const auto view = [&](Matrix& big) { return gaps ? with_gaps(big) : columns(big, 0, 5); };
      const MatrixView y = view(big_y), expected = view(big_expected);
      activate(Activation::kSigmoid, y);
      loss_gradient(Loss::kBinaryCrossEntropy, Activation::kSigmoid, as_const(y),
                    columns(target, 0, 5), Scalar(0.25), expected);
      const double sum = loss_sum(Loss::kBinaryCrossEntropy, as_const(y), columns(target, 0, 5));
      const double fused = fused_loss(Loss::kBinaryCrossEntropy, Activation::kSigmoid,
                                      columns(target, 0, 5), Scalar(0.25), view(big_z));
      CHECK(fused == doctest::Approx(sum).epsilon(1e-6));
      CHECK(tests::largest_difference(big_z, big_expected) < 1e-7);
    }
  });
}

TEST_CASE("a softmax goes over each column for itself, and its loss is fused with it") {
  tests::with_each_kernels([] {
    for (const bool gaps : {false, true}) {
      CAPTURE(gaps);
      Matrix big_z = tests::random_matrix(40, 5, 1, -6, 6), big_y = big_z;
      const Matrix target = tests::random_matrix(gaps ? 37 : 40, 5, 2, 0, 1);
      const auto view = [&](Matrix& big) { return gaps ? with_gaps(big) : columns(big, 0, 5); };
      const MatrixView y = view(big_y), delta = view(big_z);
      activate(Activation::kSoftmax, y);
      const Loss loss = Loss::kCategoricalCrossEntropy;
      const double sum = loss_sum(loss, as_const(y), columns(target, 0, 5));
      CHECK(has_fused_gradient(loss, Activation::kSoftmax));
      CHECK_FALSE(has_fused_gradient(loss, Activation::kSigmoid));
      CHECK(fused_loss(loss, Activation::kSoftmax, columns(target, 0, 5), Scalar(0.25), delta) ==
            doctest::Approx(sum).epsilon(1e-6));
      for (Index j = 0; j < 5; ++j) {
        CHECK(static_cast<double>(y.col(j).sum()) == doctest::Approx(1).epsilon(1e-6));
        const Matrix expected =
            Scalar(0.25) * (target.col(j).sum() * Matrix(y.col(j)) - Matrix(target.col(j)));
        CHECK(tests::largest_difference(delta.col(j), expected) < 1e-6);
      }
    }
  });
}

TEST_CASE("the tests' comparison of matrices sees a NaN, wherever it is") {
  for (Index i = 0; i < 21; ++i) {
    Matrix a = tests::random_matrix(7, 3, 1), b = a;
    CHECK(tests::largest_difference(a, b) == 0);
    a.reshaped()[i] = std::numeric_limits<Scalar>::quiet_NaN();
    CHECK(std::isnan(tests::largest_difference(a, b)));
  }
}

TEST_CASE("losses are means or sums over features, added up over samples") {
  Matrix y = Matrix::Constant(4, 3, Scalar(0.75)), target = Matrix::Constant(4, 3, Scalar(0.25));
  const auto sum = [&](Loss loss) {
    return loss_sum(loss, as_const(columns(y, 0, 3)), as_const(columns(target, 0, 3)));
  };
  CHECK(sum(Loss::kMeanSquaredError) == doctest::Approx(3 * 0.25));
  CHECK(sum(Loss::kSummedSquaredError) == doctest::Approx(3 * 4 * 0.25));
  CHECK(sum(Loss::kCategoricalCrossEntropy) == doctest::Approx(3 * -std::log(0.75)));
  CHECK(sum(Loss::kBinaryCrossEntropy) ==
        doctest::Approx(3 * -(0.25 * std::log(0.75) + 0.75 * std::log(0.25))));
  y(2, 1) = std::numeric_limits<Scalar>::quiet_NaN();
  CHECK(std::isnan(sum(Loss::kBinaryCrossEntropy)));
}
