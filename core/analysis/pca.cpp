#include "core/analysis/pca.h"

#include <cmath>

#include <Eigen/Eigenvalues>

namespace hourglass {
namespace {

// The rotation or reflection R that makes axes * R nearest to `previous` (orthogonal Procrustes,
// Schoenemann 1966), in two dimensions: U V' of the singular value decomposition of axes' * previous.
Eigen::Matrix<Scalar, 2, 2> nearest_turn(const Matrix& axes, const Matrix& previous) {
  const Eigen::Matrix<Scalar, 2, 2> m = axes.transpose() * previous;
  // The nearest rotation and the nearest reflection have closed forms; take the better one.
  const Scalar rotate_cos = m(0, 0) + m(1, 1), rotate_sin = m(1, 0) - m(0, 1);
  const Scalar reflect_cos = m(0, 0) - m(1, 1), reflect_sin = m(1, 0) + m(0, 1);
  const Scalar rotate = std::hypot(rotate_cos, rotate_sin);
  const Scalar reflect = std::hypot(reflect_cos, reflect_sin);
  Eigen::Matrix<Scalar, 2, 2> turn = Eigen::Matrix<Scalar, 2, 2>::Identity();
  if (std::max(rotate, reflect) <= Scalar(0)) return turn;
  if (rotate >= reflect) {
    const Scalar c = rotate_cos / rotate, s = rotate_sin / rotate;
    turn << c, -s, s, c;
  } else {
    const Scalar c = reflect_cos / reflect, s = reflect_sin / reflect;
    turn << c, s, s, -c;
  }
  return turn;
}

}  // namespace

void CodePlane::project(const ConstMatrixView& codes, MatrixView points) const {
  points.noalias() = axes.transpose() * codes;
  points.colwise() -= (axes.transpose() * mean).eval();
}

void CodePlane::lift(const ConstMatrixView& points, MatrixView codes) const {
  codes.noalias() = axes * points;
  codes.colwise() += mean;
}

CodePlane principal_plane(const ConstMatrixView& codes, const CodePlane* previous) {
  const Index size = codes.rows();
  CodePlane plane{Vector::Zero(size), Matrix::Zero(size, 2)};
  if (size <= 2) {
    plane.axes.topLeftCorner(size, size).setIdentity();
    return plane;
  }
  plane.mean = codes.rowwise().mean();
  const Matrix centred = codes.colwise() - plane.mean;
  const Matrix covariance = centred * centred.transpose() / static_cast<Scalar>(codes.cols());
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(covariance);
  for (int axis = 0; axis < 2; ++axis) {
    // Eigenvalues come in increasing order.
    auto column = plane.axes.col(axis);
    column = solver.eigenvectors().col(size - 1 - axis);
    Index largest = 0;
    column.cwiseAbs().maxCoeff(&largest);
    if (column[largest] < 0) column = -column;
  }
  if (previous && previous->axes.rows() == size) {
    plane.axes = (plane.axes * nearest_turn(plane.axes, previous->axes)).eval();
  }
  return plane;
}

CodePlane unit_plane(const ConstMatrixView& codes, Index x, Index y) {
  CodePlane plane{codes.rowwise().mean(), Matrix::Zero(codes.rows(), 2)};
  plane.axes(x, 0) = 1;
  if (y != x) plane.axes(y, 1) = 1;
  // Not their mean: so that a place on the plane is the two units' values themselves.
  plane.mean[x] = plane.mean[y] = 0;
  return plane;
}

}  // namespace hourglass
