#include "core/data/import/pixel_likeness.h"

#include <algorithm>
#include <cmath>

#include "core/data/split.h"

namespace hourglass {
namespace {

constexpr Index kMinSide = 8;
// The image of MNIST and its kin needs less evidence than any other square.
constexpr Index kCommonSide = 28;

struct Evidence {
  float low = 0, high = 0;
  double near = 0, far = 0;  // sums of squared differences
  bool is_finite = true;
};

// `first` is where the sample begins, and its values are `step` apart.
void look_at_pixels(const NumericArray& array, std::size_t first, std::size_t step,
                    const ImageShape& shape, Evidence& seen) {
  const auto rows = static_cast<std::size_t>(shape.rows);
  const auto columns = static_cast<std::size_t>(shape.columns);
  const auto pixel = [&](std::size_t row, std::size_t column) {
    return array.value(first + (row % rows * columns + column % columns) * step);
  };
  const auto squared = [](float a, float b) {
    const double difference = static_cast<double>(a) - static_cast<double>(b);
    return difference * difference;
  };
  for (std::size_t r = 0; r + 1 < rows; ++r) {
    for (std::size_t c = 0; c + 1 < columns; ++c) {
      const float value = pixel(r, c);
      seen.is_finite = seen.is_finite && std::isfinite(value);
      seen.low = std::min(seen.low, value);
      seen.high = std::max(seen.high, value);
      seen.near += squared(value, pixel(r, c + 1)) + squared(value, pixel(r + 1, c));
      seen.far += 2 * squared(value, pixel(r + rows / 2, c + columns / 2));
    }
  }
}

}  // namespace

Index square_side(Index features) {
  for (Index side = kMinSide; side <= kMaxPixelsASide; ++side) {
    if (side * side == features) return side;
  }
  return 0;
}

bool are_like_pixels(const NumericArray& array, const ImageShape& shape, Index count,
                     std::uint64_t sample_step, std::uint64_t value_step) {
  constexpr Index kMostSamples = 500;
  constexpr float kRounding = 1e-4f;
  const Index step = std::max<Index>(1, count / kMostSamples);
  Evidence seen;
  for (Index i = 0; i < count; i += step) {
    look_at_pixels(array, static_cast<std::size_t>(static_cast<std::uint64_t>(i) * sample_step),
                   static_cast<std::size_t>(value_step), shape, seen);
  }
  const bool in_range = (seen.low >= -1 - kRounding && seen.high <= 1 + kRounding) ||
                        (seen.low >= 0 && seen.high <= 255);
  if (!seen.is_finite || !in_range) return false;
  if (shape.rows == kCommonSide && shape.columns == kCommonSide) return true;
  constexpr double kAlike = 0.75;
  return seen.near < kAlike * seen.far;
}

}  // namespace hourglass
