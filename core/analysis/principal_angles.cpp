#include "core/analysis/principal_angles.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/analysis/symmetric_eigen.h"

namespace hourglass {
namespace {

constexpr double kNewShare = 1e-6;  // of a column's length, outside of the span

// Classical Gram-Schmidt, each column twice ("twice is enough": Giraud, Langou, Rozloznik and van
// den Eshof 2005, "Rounding error analysis of the classical Gram-Schmidt orthogonalization
// process").
Eigen::MatrixXd orthonormal_basis(const Eigen::MatrixXd& matrix) {
  Eigen::MatrixXd basis(matrix.rows(), matrix.cols());
  Eigen::Index rank = 0;
  for (Eigen::Index j = 0; j < matrix.cols(); ++j) {
    Eigen::VectorXd column = matrix.col(j);
    const double length = column.norm();
    for (int pass = 0; pass < 2; ++pass) {
      const Eigen::VectorXd along = basis.leftCols(rank).transpose() * column;
      column -= basis.leftCols(rank) * along;
    }
    const double left = column.norm();
    // Written so that what is no number adds nothing.
    if (rank < matrix.rows() && left > kNewShare * length) basis.col(rank++) = column / left;
  }
  return basis.leftCols(rank);
}

}  // namespace

Eigen::VectorXd principal_angles(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  Eigen::MatrixXd large = orthonormal_basis(a), small = orthonormal_basis(b);
  if (large.cols() < small.cols()) large.swap(small);
  const Eigen::Index count = small.cols();
  Eigen::VectorXd angles(count);
  if (count == 0) return angles;
  const Eigen::MatrixXd within = large.transpose() * small;
  const Eigen::MatrixXd outside = small - large * within;
  // Squares, each largest first.
  const Eigen::VectorXd cosines = symmetric_eigen(within.transpose() * within).values;
  const Eigen::VectorXd sines = symmetric_eigen(outside.transpose() * outside).values;
  for (Eigen::Index i = 0; i < count; ++i) {
    const double cosine = std::sqrt(std::max(0.0, cosines[i]));
    const double sine = std::sqrt(std::max(0.0, sines[count - 1 - i]));
    angles[i] = std::atan2(sine, cosine) * 180 / std::numbers::pi;
  }
  return angles;
}

}  // namespace hourglass
