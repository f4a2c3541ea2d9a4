#include "core/analysis/leading_eigenvectors.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/symmetric_eigen.h"
#include "core/math/random.h"

namespace hourglass {
namespace {

constexpr double kResidualTolerance = 1e-9;
constexpr int kMaxRounds = 100;
constexpr int kMaxDegree = 16;
// How much more the filter may raise the largest eigenvalue than the last wanted one: beyond, what
// rounding leaves of the first directions would drown the last.
constexpr double kMaxRatio = 1e6;
// Matrices of up to this size are decomposed at once.
constexpr Index kDirectSize = 128;
// What one thread multiplies in some milliseconds.
constexpr std::int64_t kEigenProducts = std::int64_t{1} << 22;
constexpr Index kMatrixRows = 16;

// The Chebyshev polynomial of `degree` at x >= 1.
double chebyshev(int degree, double x) { return std::cosh(degree * std::acosh(x)); }

// Columns or rows that a slice takes, each of `cost` products.
Index per_slice(std::int64_t cost, int threads) {
  return static_cast<Index>(std::clamp<std::int64_t>(
      kEigenProducts * threads / std::max<std::int64_t>(1, cost), 1, 1 << 20));
}

// Returns false where nothing is left of `column`, or nothing finite.
template <typename Column>
bool normalise(Column& column) {
  const double length = column.norm();
  if (!(length > 1e-300) || !std::isfinite(length)) return false;
  column /= length;
  return true;
}

}  // namespace

LeadingEigenvectors::LeadingEigenvectors(const Eigen::MatrixXd& matrix, Index count,
                                         ThreadPool& pool)
    : matrix_(matrix), count_(count), pool_(pool) {
  const Index size = matrix.rows();
  const Index columns = std::min(size, count + std::max<Index>(16, count / 4));
  block_.resize(size, columns);
  for (Index j = 0; j < columns; ++j) {
    Random random(0, RandomStream::kEigenvectors, 0, static_cast<std::uint32_t>(j));
    for (Index i = 0; i < size; ++i) block_(i, j) = static_cast<double>(random.normal());
  }
  product_.resize(size, columns);
  before_.resize(size, columns);
  small_.resize(columns, columns);
}

bool LeadingEigenvectors::advance() {
  switch (stage_) {
    case Stage::kOrthonormalise:
      if (matrix_.rows() <= kDirectSize) {
        solve_directly();
      } else if (orthonormalise()) {
        stage_ = Stage::kProduct;
      }
      break;
    case Stage::kProduct:
      if (multiply(block_, product_)) stage_ = Stage::kProject;
      break;
    case Stage::kProject:
      if (project()) stage_ = Stage::kSolve;
      break;
    case Stage::kSolve:
      solve();
      stage_ = Stage::kRotateBlock;
      break;
    case Stage::kRotateBlock:
      if (rotate(block_)) stage_ = Stage::kRotateProduct;
      break;
    case Stage::kRotateProduct:
      if (!rotate(product_)) break;
      if (has_converged()) {
        finish();
      } else {
        choose_filter();
        stage_ = Stage::kFilter;
      }
      break;
    case Stage::kFilter:
      if (filter()) stage_ = Stage::kOrthonormalise;
      break;
    case Stage::kDone:
      break;
  }
  return stage_ != Stage::kDone;
}

void LeadingEigenvectors::solve_directly() {
  const SymmetricEigen all = symmetric_eigen(matrix_);
  block_ = all.vectors.leftCols(block_.cols());
  ritz_ = all.values.head(block_.cols());
  finish();
}

// Rows, because the matrix is symmetric and its columns lie in one piece.
bool LeadingEigenvectors::multiply(const Eigen::MatrixXd& in, Eigen::MatrixXd& out) {
  const Index size = matrix_.rows();
  const Index tasks =
      std::min((size - next_ + kMatrixRows - 1) / kMatrixRows,
               per_slice(std::int64_t{kMatrixRows} * size * in.cols(), 1) * pool_.limit());
  pool_.run(static_cast<int>(tasks), [&](int task, int) {
    const Index first = next_ + task * kMatrixRows, end = std::min(size, first + kMatrixRows);
    for (Index j = 0; j < in.cols(); ++j) {
      for (Index i = first; i < end; ++i) out(i, j) = matrix_.col(i).dot(in.col(j));
    }
  });
  next_ += tasks * kMatrixRows;
  if (next_ < size) return false;
  next_ = 0;
  return true;
}

// Gram-Schmidt, each column twice, which is enough (Kahan and Parlett, in Parlett 1980).
bool LeadingEigenvectors::orthonormalise() {
  const std::int64_t cost = std::int64_t{4} * block_.rows() * std::max<Index>(1, next_);
  const Index end = std::min(block_.cols(), next_ + per_slice(cost, 1));
  for (; next_ < end; ++next_) {
    auto column = block_.col(next_);
    for (std::uint32_t again = 0;; ++again) {
      // Of length 1 before the second pass, which takes away what rounding has left by the first.
      bool is_left = true;
      for (int pass = 0; pass < 2; ++pass) {
        is_left = normalise(column) && is_left;
        for (Index i = 0; i < next_; ++i) column -= block_.col(i).dot(column) * block_.col(i);
      }
      if (normalise(column) && is_left) break;
      // Nothing of its own: some other direction.
      Random random(0, RandomStream::kEigenvectors, again + 1, static_cast<std::uint32_t>(next_));
      for (double& number : column) number = static_cast<double>(random.normal());
    }
  }
  if (next_ < block_.cols()) return false;
  next_ = 0;
  return true;
}

bool LeadingEigenvectors::project() {
  const Index columns = block_.cols();
  const Index count = std::min(columns - next_,
                               per_slice(std::int64_t{block_.rows()} * columns, 1) * pool_.limit());
  pool_.run(static_cast<int>(count), [&](int task, int) {
    const Index j = next_ + task;
    for (Index i = j; i < columns; ++i) small_(i, j) = block_.col(i).dot(product_.col(j));
  });
  next_ += count;
  if (next_ < columns) return false;
  next_ = 0;
  return true;
}

void LeadingEigenvectors::solve() {
  SymmetricEigen all = symmetric_eigen(std::move(small_));
  ritz_.swap(all.values);
  small_.swap(all.vectors);
}

// `block` becomes its product with the eigenvectors.
bool LeadingEigenvectors::rotate(Eigen::MatrixXd& block) {
  const Index columns = block.cols();
  const Index count =
      std::min(columns - next_, per_slice(std::int64_t{block.rows()} * columns, 1) * pool_.limit());
  pool_.run(static_cast<int>(count), [&](int task, int) {
    auto out = before_.col(next_ + task);
    out.setZero();
    for (Index i = 0; i < columns; ++i) out += small_(i, next_ + task) * block.col(i);
  });
  next_ += count;
  if (next_ < columns) return false;
  next_ = 0;
  block.swap(before_);
  return true;
}

bool LeadingEigenvectors::has_converged() {
  if (!(ritz_[0] > 0)) return true;  // no variance at all
  double residual = 0;
  for (Index j = 0; j < count_; ++j) {
    const double error = (product_.col(j) - ritz_[j] * block_.col(j)).norm() / ritz_[0];
    residual = std::max(residual, error);
  }
  if (round_ == 0) first_residual_ = residual;
  if (residual <= kResidualTolerance || ++round_ == kMaxRounds) return true;
  // Each round takes about the same share of the residual's digits.
  const double all = std::log(first_residual_ / kResidualTolerance);
  share_ = std::max(share_, std::min(1.0, std::log(first_residual_ / residual) / all));
  return false;
}

void LeadingEigenvectors::choose_filter() {
  edge_ = std::max(ritz_[ritz_.size() - 1], 1e-13 * ritz_[0]);
  // Where the polynomial takes an eigenvalue: the unwanted ones to [-1, 1].
  const auto place = [&](double value) { return std::max(1.0, 2 * value / edge_ - 1); };
  const double first = place(ritz_[0]), last = place(ritz_[count_ - 1]);
  degree_ = 1;
  while (degree_ < kMaxDegree &&
         chebyshev(degree_ + 1, first) <= kMaxRatio * chebyshev(degree_ + 1, last)) {
    ++degree_;
  }
  done_degree_ = 1;
  // T1(x) = x, of the block as rotate() has left it and its product.
  before_ = block_;
  block_ = (2 / edge_) * product_ - before_;
}

// T(m+1)(x) = 2 x Tm(x) - T(m-1)(x), with x = 2 A / edge - 1.
bool LeadingEigenvectors::filter() {
  if (done_degree_ == degree_) return true;
  if (!multiply(block_, product_)) return false;
  before_ = (4 / edge_) * product_ - 2 * block_ - before_;
  block_.swap(before_);
  return ++done_degree_ == degree_;
}

void LeadingEigenvectors::finish() {
  values_ = ritz_.head(count_).cwiseMax(0.0);
  vectors_ = block_.leftCols(count_);
  for (Index j = 0; j < count_; ++j) {
    Index largest = 0;
    vectors_.col(j).cwiseAbs().maxCoeff(&largest);
    if (vectors_(largest, j) < 0) vectors_.col(j) *= -1;
  }
  for (Eigen::MatrixXd* room : {&block_, &product_, &before_, &small_}) room->resize(0, 0);
  share_ = 1;
  stage_ = Stage::kDone;
}

}  // namespace hourglass
