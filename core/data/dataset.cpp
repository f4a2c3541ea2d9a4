#include "core/data/dataset.h"

#include <algorithm>
#include <cassert>

#include "core/math/simd/kernels.h"

namespace hourglass {
namespace {

void prefetch(const std::uint8_t* bytes, Index size) {
  constexpr Index kCacheLine = 64;
  for (Index i = 0; i < size; i += kCacheLine) __builtin_prefetch(bytes + i);
}

}  // namespace

Samples::Samples(Index features, std::vector<std::uint8_t> bytes)
    : features_(features),
      count_(static_cast<Index>(bytes.size()) / features),
      bytes_(std::move(bytes)) {
  assert(static_cast<std::size_t>(features_ * count_) == bytes_.size());
}

Samples::Samples(Index features, std::vector<float> values)
    : features_(features),
      count_(static_cast<Index>(values.size()) / features),
      values_(std::move(values)) {
  assert(static_cast<std::size_t>(features_ * count_) == values_.size());
}

void Samples::scale(const ScalingMap& map) {
  assert(!bytes_scaled_);
  if (map.is_identity()) return;
  if (!bytes_.empty() && map.scale.size() == 1) {
    byte_scale_ = map.scale[0];
    byte_offset_ = map.offset[0];
    bytes_scaled_ = true;
    return;
  }
  if (!bytes_.empty()) {
    values_.resize(bytes_.size());
    for (std::size_t i = 0; i < bytes_.size(); ++i)
      values_[i] = static_cast<float>(bytes_[i]) / 255;
    bytes_ = {};
  }
  const std::size_t period = map.scale.size();
  for (std::size_t i = 0; i < values_.size(); ++i) {
    values_[i] = static_cast<float>(static_cast<double>(values_[i]) * map.scale[i % period] +
                                    map.offset[i % period]);
  }
}

void Samples::clip(const ValueRange& range) {
  for (float& value : values_) {
    value = std::clamp(value, static_cast<float>(range.low), static_cast<float>(range.high));
  }
}

std::pair<double, double> Samples::byte_bounds() const {
  if (!bytes_scaled_) return {0, 1};
  return {byte_offset_, byte_scale_ + byte_offset_};
}

void Samples::gather(std::span<const std::uint32_t> indices, MatrixView out) const {
  assert(out.rows() == features_ && out.cols() == static_cast<Index>(indices.size()));
  const Kernels& k = kernels();
  const double scale = bytes_scaled_ ? byte_scale_ / 255 : 1.0 / 255;
  for (std::size_t j = 0; j < indices.size(); ++j) {
    const Index start = static_cast<Index>(indices[j]) * features_;
    // Samples are read in no order, which no processor foresees.
    if (!bytes_.empty() && j + 2 < indices.size()) {
      prefetch(bytes_.data() + static_cast<Index>(indices[j + 2]) * features_, features_);
    }
    Scalar* const column = out.data() + static_cast<Index>(j) * out.outerStride();
    if (!bytes_.empty()) {
      k.from_bytes(bytes_.data() + start, scale, byte_offset_, column, features_);
    } else {
      std::copy_n(values_.data() + start, features_, column);
    }
  }
}

}  // namespace hourglass
