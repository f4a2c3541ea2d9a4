// Which way in code space a known factor of the samples lies: what a slider for it moves along.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "core/math/types.h"

namespace hourglass {

// For f factors of codes of d units.
struct LatentDirections {
  Eigen::VectorXd code_mean;      // d
  Eigen::VectorXd factor_mean;    // f
  Eigen::VectorXd factor_spread;  // f, standard deviations; 0 for a factor that never changes
  // d x f: how the code changes with one unit of each factor while the others stay. The least
  // squares of the codes on all factors together.
  Eigen::MatrixXd directions;
  // d x f: what reads each factor off a code, factor = factor_mean + readers^T (code - code_mean).
  // The least squares of the factor on the codes; of several solutions, the shortest.
  Eigen::MatrixXd readers;
  // f: share of the factor's variance that its reader explains, 1 - residual / total, at most 1;
  // NaN for a factor that never changes.
  Eigen::VectorXd r_squared;

  // R squared of the readers over other codes (d x n) with their factors (f x n): of held-out ones
  // it can be negative, where the mean would do better.
  Eigen::VectorXd r_squared_of(const ConstMatrixView& codes, const Eigen::MatrixXd& factors) const;
};

// Ordinary least squares (Hastie, Tibshirani and Friedman 2009, "The Elements of Statistical
// Learning", section 3.2) by the normal equations of centred values in double, a slice of codes at
// a time and on the caller's thread. Dead units and factors that never change have no part in it.
class LatentDirectionsFit {
 public:
  // `codes` (d x n) must stay as they are. `factors` is f x n. Throws Error if there are fewer than
  // two samples, or numbers that are not finite.
  LatentDirectionsFit(const ConstMatrixView& codes, Eigen::MatrixXd factors);

  // Does the next slice; returns whether there are more. The last one solves, d^3 operations.
  bool advance();
  // When advance() has returned false.
  const LatentDirections& result() const { return result_; }

 private:
  void solve();

  ConstMatrixView codes_;
  Eigen::MatrixXd factors_;
  Index next_ = 0;
  bool done_ = false;
  // Of codes and factors less their means: products with each other.
  Eigen::MatrixXd code_products_, cross_products_, factor_products_;
  LatentDirections result_;
};

// The factors of samples, one row each, of some of them: f x indices.size().
Eigen::MatrixXd factor_matrix(const std::vector<std::vector<float>>& factors,
                              const std::vector<std::uint32_t>& indices);

}  // namespace hourglass
