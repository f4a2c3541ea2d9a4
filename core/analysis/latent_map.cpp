#include "core/analysis/latent_map.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/analysis/slice.h"

namespace hourglass {
namespace {

constexpr Index kRangeRows = 512;  // of the codes, to a task

}  // namespace

LatentMap::LatentMap(const Model& model, const Samples& samples, Index points, ThreadPool& pool)
    : model_(model), samples_(samples), pool_(pool), inference_(model, pool) {
  const Index room = std::max<Index>(1, kMaxNumbers / model.code_size());
  const Index count = std::min({points, samples.count(), room});
  indices_.resize(static_cast<std::size_t>(count));
  std::iota(indices_.begin(), indices_.end(), 0u);
  // Not filled: of a wide code that alone would take a while.
  codes_.resize(model.code_size(), count);
  points_.setZero(2, count);
}

void LatentMap::begin() {
  stage_ = Stage::kEncode;
  next_ = 0;
  constexpr Scalar kInfinity = std::numeric_limits<Scalar>::infinity();
  lowest_and_highest_.resize(codes_.rows(), 2);
  lowest_and_highest_.col(0).setConstant(kInfinity);
  lowest_and_highest_.col(1).setConstant(-kInfinity);
  sums_and_counts_.setZero(codes_.rows(), 2);
}

bool LatentMap::advance(const Scalar* parameters) {
  switch (stage_) {
    case Stage::kDone:
      break;
    case Stage::kEncode:
      encode(parameters);
      if (next_ < size()) break;
      finish_ranges();
      begin_plane();
      break;
    case Stage::kFit:
      if (fit_.advance(pool_)) break;
      stage_ = Stage::kProject;
      next_ = 0;
      next_spread_ = 0;
      next_points_.resize(2, size());
      break;
    case Stage::kProject:
      project();
      if (next_ < size()) break;
      // Kept for itself, so that the map lies as it did when it comes back from a plane of two
      // units.
      principal_ = fit_.plane();
      plane_ = *principal_;
      points_.swap(next_points_);
      spread_ = next_spread_;
      stage_ = Stage::kDone;
      break;
  }
  return stage_ != Stage::kDone;
}

void LatentMap::encode(const Scalar* parameters) {
  const int layers = model_.code_layer() + 1;
  const Index count =
      std::min(pieced_samples_per_slice(model_, 0, layers, pool_.limit()), size() - next_);
  images_.resize(samples_.features(), count);
  samples_.gather({indices_.data() + next_, static_cast<std::size_t>(count)},
                  columns(images_, 0, count));
  inference_.encode(parameters, columns(std::as_const(images_), 0, count),
                    columns(codes_, next_, count));
  note_ranges(next_, count);
  next_ += count;
}

void LatentMap::note_ranges(Index first, Index count) {
  const Index rows = codes_.rows();
  pool_.run(static_cast<int>((rows + kRangeRows - 1) / kRangeRows), [&](int task, int) {
    const Index begin = task * kRangeRows, end = std::min(rows, begin + kRangeRows);
    for (Index j = first; j < first + count; ++j) {
      for (Index i = begin; i < end; ++i) {
        const Scalar value = codes_(i, j);
        if (!std::isfinite(value)) continue;
        lowest_and_highest_(i, 0) = std::min(lowest_and_highest_(i, 0), value);
        lowest_and_highest_(i, 1) = std::max(lowest_and_highest_(i, 1), value);
        sums_and_counts_(i, 0) += static_cast<double>(value);
        sums_and_counts_(i, 1) += 1;
      }
    }
  });
}

void LatentMap::finish_ranges() {
  ranges_.setZero(3, codes_.rows());
  for (Index i = 0; i < codes_.rows(); ++i) {
    const double count = sums_and_counts_(i, 1);
    if (count == 0) continue;
    ranges_.col(i) << lowest_and_highest_(i, 0), lowest_and_highest_(i, 1),
        static_cast<Scalar>(sums_and_counts_(i, 0) / count);
  }
}

bool LatentMap::set_units(std::optional<std::pair<Index, Index>> units) {
  if (units) {
    units->first = std::min(units->first, codes_.rows() - 1);
    units->second = std::min(units->second, codes_.rows() - 1);
  }
  if (units == units_) return false;
  units_ = units;
  if (ranges_.size() == 0) return false;
  if (stage_ != Stage::kEncode) {
    begin_plane();
  } else if (units_) {
    take_units();  // of some samples the last codes, of others the ones before
  }
  return units_.has_value();
}

void LatentMap::begin_plane() {
  if (units_) {
    take_units();
    stage_ = Stage::kDone;
  } else {
    fit_.begin(columns(std::as_const(codes_), 0, size()), ranges_.row(2).transpose(),
               principal_ ? &*principal_ : nullptr);
    stage_ = Stage::kFit;
  }
}

void LatentMap::take_units() {
  plane_ = unit_plane(ranges_.row(2).transpose(), units_->first, units_->second);
  points_.row(0) = codes_.row(units_->first);
  if (units_->first == units_->second) {
    points_.row(1).setZero();
  } else {
    points_.row(1) = codes_.row(units_->second);
  }
  spread_ = 0;
}

void LatentMap::project() {
  const Index count = std::min(codes_per_slice(codes_.rows()), size() - next_);
  const CodePlane& plane = fit_.plane();
  slice_.take(columns(std::as_const(codes_), 0, size()), plane.mean, next_, count, 1, pool_);
  next_points_.middleCols(next_, count) = slice_.dot(plane.axes, pool_).transpose();
  for (Index j = 0; j < count; ++j) {
    if (!slice_.is_finite(j)) {
      next_points_.col(next_ + j).setConstant(std::numeric_limits<Scalar>::quiet_NaN());
    }
  }
  next_spread_ += slice_.squares();
  next_ += count;
}

}  // namespace hourglass
