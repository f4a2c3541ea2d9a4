#include "core/analysis/pca.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/analysis/symmetric_eigen.h"
#include "core/math/gemm/gemm.h"
#include "core/math/random.h"

namespace hourglass {
namespace {

// The rotation or reflection R that makes axes * R nearest to `previous` (orthogonal Procrustes,
// Schoenemann 1966), in two dimensions: U V' of the singular value decomposition of axes' *
// previous.
Eigen::Matrix<Scalar, 2, 2> nearest_turn(const Matrix& axes, const Matrix& previous) {
  Eigen::Matrix<Scalar, 2, 2> m;
  for (Index i = 0; i < 2; ++i) {
    for (Index j = 0; j < 2; ++j) m(i, j) = axes.col(i).dot(previous.col(j));
  }
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

// Directions of the subspace: the two that are shown, and six that make these converge by the ratio
// of the ninth eigenvalue to the second.
constexpr Index kDirections = 8;
// The first passes take as many codes as have that many numbers.
constexpr Index kFirstNumbers = 1 << 22;
constexpr int kMaxFirstPasses = 16, kMaxFullPasses = 6;
constexpr double kCapturedTolerance = 3e-5;
// The covariance costs the square of the width, for each code.
constexpr Index kScatterProducts = 1 << 24;

// Makes `column` orthogonal to the first `count` columns of `block`, and of length 1. Returns false
// where nothing is left of it.
bool orthonormalise(Matrix& block, Index count, Index column) {
  const Scalar before = block.col(column).norm();
  if (!(before > 0)) return false;
  block.col(column) /= before;
  // Twice is enough (Kahan and Parlett, in Parlett 1980).
  for (int round = 0; round < 2; ++round) {
    for (Index i = 0; i < count; ++i) {
      block.col(column) -= block.col(i).dot(block.col(column)) * block.col(i);
    }
  }
  const Scalar left = block.col(column).norm();
  if (!(left > Scalar(1e-3))) return false;
  block.col(column) /= left;
  return true;
}

// Orthonormal columns of the same span, one after the other; a column that has nothing of its own
// becomes some other direction.
void orthonormalise(Matrix& block) {
  Index spare = 0;
  for (Index j = 0; j < block.cols(); ++j) {
    while (!orthonormalise(block, j, j)) block.col(j) = Vector::Unit(block.rows(), spare++);
  }
}

Matrix product(const Matrix& a, const Matrix& b) {
  Matrix out(a.rows(), b.cols());
  gemm(columns(a, 0, a.cols()), Transpose::kNo, columns(b, 0, b.cols()), Transpose::kNo, nullptr,
       columns(out, 0, out.cols()));
  return out;
}

// The left singular vectors of `sum`, widest first, in its place. Returns the two largest singular
// values together: for the product of a matrix and an orthonormal block, estimates of its largest
// eigenvalues.
double to_ritz_vectors(Matrix& sum) {
  const Scalar largest = sum.cwiseAbs().maxCoeff();
  double captured = 0;
  if (largest > 0) {
    sum /= largest;  // so that squares fit
    Eigen::MatrixXd gram(sum.cols(), sum.cols());
    for (Index j = 0; j < sum.cols(); ++j) {
      for (Index i = j; i < sum.cols(); ++i) {
        gram(i, j) = static_cast<double>(sum.col(i).dot(sum.col(j)));
      }
    }
    const SymmetricEigen eigen = symmetric_eigen(std::move(gram));
    sum = product(sum, eigen.vectors.cast<Scalar>());
    for (Index i = 0; i < 2; ++i) {
      captured += std::sqrt(std::max(0.0, eigen.values[i])) * static_cast<double>(largest);
    }
  }
  orthonormalise(sum);
  return captured;
}

}  // namespace

void CodePlane::project(const ConstMatrixView& codes, MatrixView points) const {
  const Scalar origin[] = {-axes.col(0).dot(mean), -axes.col(1).dot(mean)};
  gemm(columns(axes, 0, 2), Transpose::kYes, codes, Transpose::kNo, origin, points);
}

void CodePlane::lift(const ConstMatrixView& points, MatrixView codes) const {
  gemm(columns(axes, 0, 2), Transpose::kNo, points, Transpose::kNo, mean.data(), codes);
}

void PrincipalPlane::begin(const ConstMatrixView& codes, const Vector& mean,
                           const CodePlane* previous) {
  codes_.emplace(codes);
  previous_.reset();
  if (previous && previous->axes.rows() == codes.rows()) previous_ = *previous;
  const Index size = codes.rows();
  plane_ = {Vector::Zero(size), Matrix::Zero(size, 2)};
  done_ = size <= 2;
  if (done_) {
    plane_.axes.topLeftCorner(size, size).setIdentity();
    return;
  }
  plane_.mean = mean;
  step_ = 1;
  if (!exact()) {
    const Index some = std::max<Index>(4 * kDirections, kFirstNumbers / size);
    step_ = std::max<Index>(1, codes.cols() / some);
    block_.resize(size, kDirections);
    // Any directions will do, as long as they are the same ones each time.
    Random(0, RandomStream::kPrior, 0, 0)
        .fill_normal({block_.data(), static_cast<std::size_t>(block_.size())});
    orthonormalise(block_);
  }
  captured_ = 0;
  passes_ = 0;
  begin_pass();
}

void PrincipalPlane::begin_pass() {
  next_ = 0;
  sum_.setZero(codes_->rows(), exact() ? codes_->rows() : kDirections);
}

bool PrincipalPlane::advance(ThreadPool& pool) {
  if (done_) return false;
  const Index size = codes_->rows();
  Index count = codes_per_slice(size);
  if (exact()) count = std::min(count, kScatterProducts / (size * size));
  count = std::min(count, (codes_->cols() - next_ + step_ - 1) / step_);
  slice_.take(*codes_, plane_.mean, next_, count, step_, pool);
  if (exact()) {
    slice_.add_scatter(sum_);
  } else {
    slice_.add_scatter_times(block_, sum_, pool);
  }
  next_ += count * step_;
  if (next_ >= codes_->cols()) end_pass();
  return !done_;
}

void PrincipalPlane::end_pass() {
  if (exact()) {
    const double count = static_cast<double>(codes_->cols());
    finish(symmetric_eigen(sum_.cast<double>() / count).vectors.leftCols(2).cast<Scalar>());
    return;
  }
  const double before = captured_;
  captured_ = to_ritz_vectors(sum_);
  block_.swap(sum_);
  ++passes_;
  const bool first = step_ > 1;
  const bool converged = passes_ > 1 && captured_ - before <= kCapturedTolerance * captured_;
  if (first && (converged || passes_ == kMaxFirstPasses)) {
    step_ = 1;
    passes_ = 0;
    captured_ = 0;
  } else if (!first && (converged || passes_ == kMaxFullPasses)) {
    finish(block_.leftCols(2));
    return;
  }
  begin_pass();
}

void PrincipalPlane::finish(const Matrix& axes) {
  plane_.axes = axes;
  for (int axis = 0; axis < 2; ++axis) {
    auto column = plane_.axes.col(axis);
    Index largest = 0;
    column.cwiseAbs().maxCoeff(&largest);
    if (column[largest] < 0) column = -column;
  }
  if (previous_) plane_.axes = product(plane_.axes, nearest_turn(plane_.axes, previous_->axes));
  done_ = true;
}

CodePlane principal_plane(const ConstMatrixView& codes, const CodePlane* previous) {
  ThreadPool pool(1);
  PrincipalPlane fit;
  fit.begin(codes, codes.rowwise().mean(), previous);
  while (fit.advance(pool)) continue;
  return fit.plane();
}

CodePlane unit_plane(const Vector& mean, Index x, Index y) {
  CodePlane plane{mean, Matrix::Zero(mean.size(), 2)};
  plane.axes(x, 0) = 1;
  if (y != x) plane.axes(y, 1) = 1;
  // Not their mean: so that a place on the plane is the two units' values themselves.
  plane.mean[x] = plane.mean[y] = 0;
  return plane;
}

}  // namespace hourglass
