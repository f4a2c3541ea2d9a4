// How far a map of codes can be believed.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/analysis/neighbors.h"
#include "core/math/thread_pool.h"
#include "core/math/types.h"

namespace hourglass {

// Compares who is near on a map with who is near among the codes, a slice at a time.
//
// Trustworthiness (Venna and Kaski 2001, "Neighborhood preservation in nonlinear projection
// methods", equation 1) is lowered by points that are among the k nearest on the map while their
// codes are not, by how much further down the list of neighbours the codes are:
//   1 - 2 / (n k (2 n - 3 k - 1)) * sum over i, sum over such j of (rank of j among i's codes - k).
// It is from 0 to 1. Equally far codes rank by their number.
//
// Samples whose code or point is not finite are left out, as if they were not there.
class Trustworthiness {
 public:
  // `codes` (d x n) and `points` (2 x n) are copied, the pool must outlive this. Throws Error
  // unless 1 <= k < n / 2.
  Trustworthiness(const ConstMatrixView& codes, const ConstMatrixView& points, Index k,
                  ThreadPool& pool);

  // Does the next slice of a few milliseconds; returns whether there are more. The bits of the
  // result are the same for any number of threads.
  bool advance();
  double progress() const;  // from 0 to 1

  // When advance() has returned false.
  double trustworthiness() const { return trustworthiness_; }
  // For each sample, which share of the k nearest codes are among the k nearest points, from 0 to
  // 1; not a number for one that was left out. n numbers.
  const Vector& kept() const { return kept_; }
  // The share of samples whose nearest code is that of the nearest point.
  double nearest_kept() const { return nearest_kept_; }

 private:
  enum class Step { kCodes, kPoints, kRanks, kDone };

  Index size() const { return codes_.cols(); }
  void rank(Index begin, Index end);
  void finish();

  ThreadPool& pool_;
  Index k_;
  std::vector<Index> samples_;  // that were not left out
  Matrix codes_, points_;       // of these
  std::optional<NeighborGraph> by_code_, by_point_;
  Step step_ = Step::kCodes;
  Index next_ = 0;
  std::vector<double> penalties_;  // of each point: the inner sum
  Vector kept_;
  double trustworthiness_ = 0, nearest_kept_ = 0;
};

}  // namespace hourglass
