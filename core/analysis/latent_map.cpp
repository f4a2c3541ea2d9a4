#include "core/analysis/latent_map.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace hourglass {

LatentMap::LatentMap(const Model& model, const Samples& samples, Index points, ThreadPool& pool)
    : samples_(samples), inference_(model, pool) {
  const Index count = std::min(points, samples.count());
  indices_.resize(static_cast<std::size_t>(count));
  std::iota(indices_.begin(), indices_.end(), 0u);
  codes_.setZero(model.code_size(), count);
  points_.setZero(2, count);
}

bool LatentMap::advance(const Scalar* parameters, Index samples) {
  const Index count = std::min(samples, size() - next_);
  if (count <= 0) return false;
  images_.resize(samples_.features(), count);
  samples_.gather({indices_.data() + next_, static_cast<std::size_t>(count)},
                  columns(images_, 0, count));
  inference_.encode(parameters, columns(std::as_const(images_), 0, count),
                    columns(codes_, next_, count));
  next_ += count;
  if (!done()) return true;
  ranges_.resize(3, codes_.rows());
  ranges_.row(0) = codes_.rowwise().minCoeff().transpose();
  ranges_.row(1) = codes_.rowwise().maxCoeff().transpose();
  ranges_.row(2) = codes_.rowwise().mean().transpose();
  fit_plane();
  return false;
}

bool LatentMap::set_units(std::optional<std::pair<Index, Index>> units) {
  if (units) {
    units->first = std::min(units->first, codes_.rows() - 1);
    units->second = std::min(units->second, codes_.rows() - 1);
  }
  if (units == units_) return false;
  units_ = units;
  has_plane_ = false;  // the axes before are no measure for how the new ones should lie
  if (ranges_.size() == 0) return false;
  fit_plane();
  return true;
}

void LatentMap::fit_plane() {
  const ConstMatrixView all = columns(std::as_const(codes_), 0, size());
  plane_ = units_ ? unit_plane(all, units_->first, units_->second)
                  : principal_plane(all, has_plane_ ? &plane_ : nullptr);
  has_plane_ = true;
  plane_.project(all, columns(points_, 0, size()));
}

}  // namespace hourglass
