#include "core/data/dataset.h"

#include <cassert>

namespace hourglass {

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

void Samples::gather(std::span<const std::uint32_t> indices, MatrixView out) const {
  assert(out.rows() == features_ && out.cols() == static_cast<Index>(indices.size()));
  using Bytes = Eigen::Array<std::uint8_t, Eigen::Dynamic, 1>;
  using Floats = Eigen::Array<float, Eigen::Dynamic, 1>;
  for (std::size_t j = 0; j < indices.size(); ++j) {
    const Index start = static_cast<Index>(indices[j]) * features_;
    auto column = out.col(static_cast<Index>(j)).array();
    if (!bytes_.empty()) {
      column =
          Eigen::Map<const Bytes>(bytes_.data() + start, features_).cast<Scalar>() / Scalar(255);
    } else {
      column = Eigen::Map<const Floats>(values_.data() + start, features_).cast<Scalar>();
    }
  }
}

}  // namespace hourglass
