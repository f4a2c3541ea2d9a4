// The largest eigenvalues of a covariance matrix and their eigenvectors, a slice at a time.
#pragma once

#include <Eigen/Core>

#include "core/math/thread_pool.h"
#include "core/math/types.h"

namespace hourglass {

// Chebyshev-filtered subspace iteration (Zhou, Saad, Tiago and Chelikowsky 2006, "Self-consistent
// field calculations using Chebyshev-filtered subspace iteration", algorithms 4.1 and 4.2): a block
// of directions, some more than are wanted, goes through a polynomial of the matrix that is small
// where the unwanted eigenvalues lie; the block is made orthonormal, and Rayleigh-Ritz finds the
// eigenvectors within. It ends when |A v - lambda v| <= 1e-9 of the largest eigenvalue for every
// wanted one: eigenvalues are then exact to some 1e-15 of the largest, and vectors to 1e-9 of the
// largest eigenvalue over the distance to the next one. It starts from the same random numbers each
// time, and the bits of the result are the same for any number of threads.
//
// An Eigen::SelfAdjointEigenSolver of 784 features takes half a second in one piece.
class LeadingEigenvectors {
 public:
  // The `count` (1 to the size) largest of `matrix`, which is symmetric, without negative
  // eigenvalues, and must outlive this with `pool`.
  LeadingEigenvectors(const Eigen::MatrixXd& matrix, Index count, ThreadPool& pool);

  // Does the next slice, of a few milliseconds; returns whether there are more.
  bool advance();
  double share() const { return share_; }  // of the work, roughly, from 0 to 1; never falls

  // When advance() has returned false: largest first; size x count, orthonormal columns, of which
  // the largest entry of each is positive.
  const Eigen::VectorXd& values() const { return values_; }
  const Eigen::MatrixXd& vectors() const { return vectors_; }

 private:
  enum class Stage {
    kOrthonormalise,
    kProduct,
    kProject,
    kSolve,
    kRotateBlock,
    kRotateProduct,
    kFilter,
    kDone
  };

  void solve_directly();
  // out = matrix * in, a slice of it; returns whether it is complete.
  bool multiply(const Eigen::MatrixXd& in, Eigen::MatrixXd& out);
  bool orthonormalise();
  bool project();
  void solve();
  bool rotate(Eigen::MatrixXd& block);
  void choose_filter();
  bool filter();
  bool has_converged();
  void finish();

  const Eigen::MatrixXd& matrix_;
  Index count_;
  ThreadPool& pool_;
  Stage stage_ = Stage::kOrthonormalise;
  Eigen::MatrixXd block_;    // V, size x p
  Eigen::MatrixXd product_;  // W = A V
  Eigen::MatrixXd before_;   // the filter's polynomial of one degree less; room for rotate()
  Eigen::MatrixXd small_;    // p x p: V' A V, then its eigenvectors, largest eigenvalue first
  Eigen::VectorXd ritz_;     // p
  double edge_ = 0;          // the unwanted eigenvalues lie between 0 and this
  int degree_ = 1, done_degree_ = 1;
  Index next_ = 0;  // column or row of the stage
  int round_ = 0;
  double first_residual_ = 0;  // of the first round, in units of the largest eigenvalue
  double share_ = 0;
  Eigen::VectorXd values_;
  Eigen::MatrixXd vectors_;
};

}  // namespace hourglass
