#include "core/session/engine/image_bytes.h"

#include <algorithm>
#include <cmath>

namespace hourglass::session {

Bytes image_bytes(const Matrix& scaled, const ValueRange& range) {
  Matrix images = scaled;
  to_unit_range(range, columns(images, 0, images.cols()));
  Bytes bytes(static_cast<std::size_t>(images.size()));
  for (Index i = 0; i < images.size(); ++i) {
    // Outputs need not lie in the range.
    const Scalar value = images.data()[i];
    const Scalar held = value > 0 ? std::min(value, Scalar(1)) : Scalar(0);
    bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(held * 255 + Scalar(0.5));
  }
  return bytes;
}

Bytes sample_bytes(const Matrix& scaled, const Dataset& data) {
  if (!data.documents) return image_bytes(scaled, data.range);
  Matrix shares = scaled;
  for (Index j = 0; j < shares.cols(); ++j) {
    const Scalar largest = shares.col(j).maxCoeff();
    if (largest > 0) shares.col(j) /= largest;
  }
  return image_bytes(shares, {});
}

Bytes signed_bytes(const Matrix& tiles) {
  Bytes bytes;
  bytes.reserve(static_cast<std::size_t>(tiles.size()));
  for (Index j = 0; j < tiles.cols(); ++j) {
    Scalar largest = 0;
    for (Index i = 0; i < tiles.rows(); ++i) {
      if (std::isfinite(tiles(i, j))) largest = std::max(largest, std::abs(tiles(i, j)));
    }
    for (Index i = 0; i < tiles.rows(); ++i) {
      const Scalar share = largest > 0 ? tiles(i, j) / largest : Scalar(0);
      const Scalar held = std::isfinite(share) ? share : Scalar(0);
      bytes.push_back(static_cast<std::uint8_t>(std::lround(128 + 127 * held)));
    }
  }
  return bytes;
}

}  // namespace hourglass::session
