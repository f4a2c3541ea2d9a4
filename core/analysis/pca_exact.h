// Principal component analysis of a data set's features: what no linear autoencoder can beat.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <string_view>
#include <vector>

#include "core/analysis/covariance.h"
#include "core/analysis/leading_eigenvectors.h"
#include "core/data/dataset.h"
#include "core/math/thread_pool.h"

namespace hourglass {

// The mean of the training samples, the `components` directions of largest variance about it
// (Pearson 1901), and how well held-out samples are made again from their coordinates along these
// (the linear autoencoder with the least squared error: Baldi and Hornik 1989). All in the units
// that gather() gives, which are the model's. A slice at a time, with the same bits for any number
// of threads.
class ExactPca {
 public:
  // The covariance takes 8 bytes for each pair of features: 134 MB for so many.
  static constexpr Index kMaxFeatures = 4096;
  static constexpr Index kMaxComponents = 256;

  // Throws Error for more features or components (1 to the number of features) than that, and for a
  // data set without samples to train on. `data` and `pool` must outlive this.
  ExactPca(const Dataset& data, Index components, ThreadPool& pool);

  enum class Stage { kCovariance, kComponents, kTest, kDone };

  // Does the next slice, of a few milliseconds; returns whether there are more.
  bool advance();
  Stage stage() const { return stage_; }
  double share() const;  // of the work, roughly, from 0 to 1

  // From the end of kCovariance on. The variance is summed over all features.
  const Vector& mean() const { return mean_; }
  double total_variance() const { return total_variance_; }

  // From the end of kComponents on: features x components, orthonormal, of largest variance first,
  // with each one's largest entry positive; and the variance along each, over samples less one.
  const Matrix& components() const { return components_; }
  const std::vector<double>& variances() const { return variances_; }
  // `out` becomes what the first `count` components (1 to all, or 0 for all) make again of
  // `samples` (features x n).
  void reconstruct(const ConstMatrixView& samples, MatrixView out, Index count = 0) const;

  // When done: the mean squared error of the held-out samples, averaged over features, with 0, 1,
  // ... components. The first is that of the mean image. Empty if no samples are held out.
  const std::vector<double>& test_mse() const { return test_mse_; }

 private:
  void end_covariance();
  void end_components();
  bool advance_test();

  const Dataset& data_;
  Index count_;
  ThreadPool& pool_;
  Stage stage_ = Stage::kCovariance;
  std::optional<Covariance> covariance_;
  Eigen::MatrixXd matrix_;
  std::optional<LeadingEigenvectors> eigenvectors_;
  Vector mean_;
  double total_variance_ = 0;
  Matrix components_;
  std::vector<double> variances_;
  Index next_ = 0;           // held-out sample
  double total_square_ = 0;  // of the held-out samples less the mean
  Eigen::VectorXd squares_;  // of their coordinates along each component
  std::vector<double> test_mse_;
};

}  // namespace hourglass
