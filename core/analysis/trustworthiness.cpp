#include "core/analysis/trustworthiness.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "core/base/error.h"

namespace hourglass {
namespace {

constexpr Index kRankTaskPoints = 8;
// Distances of a slice times the code's size.
constexpr Index kRankProducts = 1 << 24;

}  // namespace

Trustworthiness::Trustworthiness(const ConstMatrixView& codes, const ConstMatrixView& points,
                                 Index k, ThreadPool& pool)
    : pool_(pool), k_(k) {
  for (Index i = 0; i < codes.cols(); ++i) {
    if (has_distances(codes.col(i)) && has_distances(points.col(i))) samples_.push_back(i);
  }
  const auto n = static_cast<Index>(samples_.size());
  if (k < 1 || 2 * k >= n) {
    throw Error("Trustworthiness looks at neighbours from 1 to less than half of the " +
                std::to_string(n) + " points, not at " + std::to_string(k) + ".");
  }
  codes_.resize(codes.rows(), n);
  points_.resize(2, n);
  for (Index i = 0; i < n; ++i) {
    codes_.col(i) = codes.col(samples_[i]);
    points_.col(i) = points.col(samples_[i]);
  }
  by_code_.emplace(columns(std::as_const(codes_), 0, n), k, pool);
  by_point_.emplace(columns(std::as_const(points_), 0, n), k, pool);
  penalties_.resize(static_cast<std::size_t>(n));
  kept_.setConstant(codes.cols(), std::numeric_limits<Scalar>::quiet_NaN());
}

bool Trustworthiness::advance() {
  switch (step_) {
    case Step::kCodes:
      if (!by_code_->advance()) step_ = Step::kPoints;
      break;
    case Step::kPoints:
      if (!by_point_->advance()) step_ = Step::kRanks;
      break;
    case Step::kRanks: {
      const Index each = std::max<Index>(1, kRankProducts / codes_.size());
      const Index count = std::min(size() - next_, each * kRankTaskPoints);
      pool_.run(static_cast<int>((count + kRankTaskPoints - 1) / kRankTaskPoints),
                [&](int task, int) {
                  const Index begin = next_ + task * kRankTaskPoints;
                  rank(begin, std::min(next_ + count, begin + kRankTaskPoints));
                });
      next_ += count;
      if (next_ < size()) break;
      finish();
      step_ = Step::kDone;
      break;
    }
    case Step::kDone:
      break;
  }
  return step_ != Step::kDone;
}

double Trustworthiness::progress() const {
  const double ranked = static_cast<double>(next_) / static_cast<double>(size());
  return (by_code_->progress() + by_point_->progress() + ranked) / 3;
}

void Trustworthiness::rank(Index begin, Index end) {
  std::vector<std::int32_t> near(static_cast<std::size_t>(k_)), strange;
  Vector distances(size());
  for (Index i = begin; i < end; ++i) {
    const std::int32_t* const by_code = by_code_->neighbors().of(i);
    const std::int32_t* const by_point = by_point_->neighbors().of(i);
    std::copy_n(by_code, k_, near.begin());
    std::sort(near.begin(), near.end());
    strange.clear();
    for (Index a = 0; a < k_; ++a) {
      if (!std::binary_search(near.begin(), near.end(), by_point[a]))
        strange.push_back(by_point[a]);
    }
    kept_[samples_[i]] = 1 - static_cast<Scalar>(strange.size()) / static_cast<Scalar>(k_);
    penalties_[i] = 0;
    if (strange.empty()) continue;
    for (Index j = 0; j < size(); ++j) {
      distances[j] = squared_distance(codes_.col(i).data(), codes_.col(j).data(), codes_.rows());
    }
    distances[i] = std::numeric_limits<Scalar>::infinity();
    for (const std::int32_t j : strange) {
      const Scalar distance = distances[j];
      const Index before = (distances.head(j).array() <= distance).count() +
                           (distances.tail(size() - j).array() < distance).count();
      penalties_[i] += static_cast<double>(before + 1 - k_);
    }
  }
}

void Trustworthiness::finish() {
  double sum = 0;
  Index nearest = 0;
  for (Index i = 0; i < size(); ++i) {
    sum += penalties_[i];
    nearest += by_code_->neighbors().of(i)[0] == by_point_->neighbors().of(i)[0];
  }
  const auto n = static_cast<double>(size()), k = static_cast<double>(k_);
  trustworthiness_ = 1 - 2 / (n * k * (2 * n - 3 * k - 1)) * sum;
  nearest_kept_ = static_cast<double>(nearest) / n;
}

}  // namespace hourglass
