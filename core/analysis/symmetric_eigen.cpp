#include "core/analysis/symmetric_eigen.h"

#include <Eigen/Jacobi>
#include <cmath>
#include <limits>

namespace hourglass {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// So many rounds does an eigenvalue take at most; two are usual.
constexpr int kMaxQlRounds = 50;

// Reflects `vector` onto the first axis: (1 - beta v v') vector = value e_1, with v in its place.
struct Reflector {
  double beta = 0, value = 0;

  template <typename Segment>
  explicit Reflector(Segment vector) {
    const double length = vector.norm();
    value = vector[0] > 0 ? -length : length;  // so that nothing cancels
    if (!(length > 0)) return;
    vector[0] -= value;
    beta = 1 / (length * std::abs(vector[0]));
  }
};

// Q' A Q with the diagonal `diagonal`, and `beside` to its left; Q is returned.
MatrixXd tridiagonalise(MatrixXd& a, VectorXd& diagonal, VectorXd& beside) {
  const Index n = a.rows();
  VectorXd betas = VectorXd::Zero(n), product(n);
  for (Index k = 0; k + 2 < n; ++k) {
    const Index rest = n - k - 1;
    auto v = a.col(k).tail(rest);
    const Reflector reflector(v);
    betas[k] = reflector.beta;
    beside[k] = reflector.value;
    if (reflector.beta == 0) continue;
    // A - v w' - w v' with w = p - beta / 2 (p'v) v and p = beta A v, in the lower triangle.
    auto w = product.tail(rest);
    w.setZero();
    for (Index j = 0; j < rest; ++j) {
      const Index below = rest - j - 1;
      const auto column = a.col(k + 1 + j).tail(below);
      w[j] += a(k + 1 + j, k + 1 + j) * v[j] + column.dot(v.tail(below));
      w.tail(below) += v[j] * column;
    }
    w *= reflector.beta;
    w -= (reflector.beta / 2 * w.dot(v)) * v;
    for (Index j = 0; j < rest; ++j) {
      a.col(k + 1 + j).tail(rest - j) -= w[j] * v.tail(rest - j) + v[j] * w.tail(rest - j);
    }
  }
  if (n > 1) beside[n - 2] = a(n - 1, n - 2);
  diagonal = a.diagonal();
  MatrixXd q = MatrixXd::Identity(n, n);
  for (Index k = n - 3; k >= 0; --k) {
    const auto v = a.col(k).tail(n - k - 1);
    for (Index j = k + 1; j < n; ++j) {
      auto column = q.col(j).tail(n - k - 1);
      column -= (betas[k] * v.dot(column)) * v;
    }
  }
  return q;
}

// One implicit QL step, from entry `last` up to `first`, by the shift of the upper corner; `q` is
// turned with it. beside[i] couples i and i + 1.
void ql_step(VectorXd& diagonal, VectorXd& beside, MatrixXd& q, Index first, Index last) {
  const double half = (diagonal[first + 1] - diagonal[first]) / (2 * beside[first]);
  double g = diagonal[last] - diagonal[first] +
             beside[first] / (half + std::copysign(std::hypot(half, 1.0), half));
  double sine = 1, cosine = 1, shift = 0;
  for (Index i = last - 1; i >= first; --i) {
    const double f = sine * beside[i], b = cosine * beside[i];
    const double r = std::hypot(f, g);
    beside[i + 1] = r;
    if (r == 0) {
      diagonal[i + 1] -= shift;
      beside[last] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = diagonal[i + 1] - shift;
    const double twist = (diagonal[i] - g) * sine + 2 * cosine * b;
    shift = sine * twist;
    diagonal[i + 1] = g + shift;
    g = cosine * twist - b;
    q.applyOnTheRight(i, i + 1, Eigen::JacobiRotation<double>(cosine, sine));
  }
  diagonal[first] -= shift;
  beside[first] = g;
  beside[last] = 0;
}

}  // namespace

SymmetricEigen symmetric_eigen(MatrixXd matrix) {
  const Index n = matrix.rows();
  VectorXd diagonal, beside = VectorXd::Zero(n);
  MatrixXd q = tridiagonalise(matrix, diagonal, beside);
  for (Index first = 0; first < n; ++first) {
    for (int round = 0; round < kMaxQlRounds; ++round) {
      Index last = first;
      while (last + 1 < n && std::abs(beside[last]) >
                                 std::numeric_limits<double>::epsilon() *
                                     (std::abs(diagonal[last]) + std::abs(diagonal[last + 1]))) {
        ++last;
      }
      if (last == first) break;
      ql_step(diagonal, beside, q, first, last);
    }
  }
  SymmetricEigen sorted{VectorXd(n), MatrixXd(n, n)};
  for (Index i = 0; i < n; ++i) {
    Index largest = 0;
    for (Index j = 1; j < n; ++j) {
      if (diagonal[j] > diagonal[largest]) largest = j;
    }
    sorted.values[i] = diagonal[largest];
    sorted.vectors.col(i) = q.col(largest);
    diagonal[largest] = -std::numeric_limits<double>::infinity();
  }
  return sorted;
}

}  // namespace hourglass
