#include "core/analysis/symmetric_eigen.h"

#include <doctest/doctest.h>

#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>
#include <utility>

#include "tests/support/small_data.h"

using namespace hourglass;

namespace {

Eigen::MatrixXd random_symmetric(Index n, std::uint32_t stream) {
  const Eigen::MatrixXd a = tests::random_matrix(n, n, stream).cast<double>();
  return a + a.transpose();
}

// Of the largest eigenvalue: how far A V is from V lambda, and V'V from the identity.
void check(const Eigen::MatrixXd& matrix) {
  const Index n = matrix.rows();
  CAPTURE(n);
  const SymmetricEigen found = symmetric_eigen(matrix);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
  const double scale = std::max(1e-300, solver.eigenvalues().cwiseAbs().maxCoeff());
  const double tolerance = 1e-14 * std::sqrt(static_cast<double>(n));
  for (Index i = 0; i < n; ++i) {
    CHECK(std::abs(found.values[i] - solver.eigenvalues()[n - 1 - i]) <= tolerance * scale);
  }
  const Eigen::MatrixXd left =
      matrix * found.vectors - found.vectors * Eigen::MatrixXd(found.values.asDiagonal());
  CHECK(left.cwiseAbs().maxCoeff() <= tolerance * scale);
  const Eigen::MatrixXd products = found.vectors.transpose() * found.vectors;
  CHECK((products - Eigen::MatrixXd::Identity(n, n)).cwiseAbs().maxCoeff() <= tolerance);
}

}  // namespace

TEST_CASE("eigenvalues and eigenvectors of symmetric matrices are those that Eigen finds") {
  for (const Index n : {1, 2, 3, 4, 5, 8, 33, 64, 150}) {
    check(random_symmetric(n, static_cast<std::uint32_t>(n)));
  }
}

TEST_CASE("eigenvectors are orthonormal where eigenvalues are equal, tiny or far apart") {
  check(Eigen::MatrixXd::Zero(5, 5));
  check(Eigen::MatrixXd::Identity(7, 7) * 3);
  check(Eigen::MatrixXd::Ones(9, 9));
  check(random_symmetric(20, 1) * 1e-120);
  check(random_symmetric(20, 2) * 1e120);
  // Of rank 3, as codes in a plane or two have them.
  const Eigen::MatrixXd some = tests::random_matrix(40, 3, 3).cast<double>();
  check(some * some.transpose());
  // From 1 down to 1e-30, either way round.
  Eigen::MatrixXd graded = random_symmetric(16, 4);
  for (Index i = 0; i < 16; ++i) {
    for (Index j = 0; j < 16; ++j) graded(i, j) *= std::pow(10.0, -(i + j));
  }
  check(graded);
  check(graded.reverse());
  // Blocks that have nothing to do with each other.
  Eigen::MatrixXd blocks = Eigen::MatrixXd::Zero(30, 30);
  for (Index i = 0; i < 3; ++i) blocks.block(10 * i, 10 * i, 10, 10) = random_symmetric(10, 5);
  check(blocks);
}

TEST_CASE("only the lower triangle is read") {
  const Eigen::MatrixXd matrix = random_symmetric(12, 6);
  Eigen::MatrixXd lower = matrix;
  lower.triangularView<Eigen::StrictlyUpper>().setConstant(7);
  const SymmetricEigen a = symmetric_eigen(matrix), b = symmetric_eigen(std::move(lower));
  CHECK(a.values == b.values);
  CHECK(a.vectors == b.vectors);
}

TEST_CASE("a matrix with numbers that are not finite comes to an end") {
  for (const double number :
       {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    Eigen::MatrixXd matrix = random_symmetric(10, 7);
    matrix(6, 2) = matrix(2, 6) = number;
    CHECK(symmetric_eigen(matrix).vectors.rows() == 10);
  }
}
