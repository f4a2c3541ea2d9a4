// The letter forms behind Strokes: for every digit a few ways of writing it, as points on the pen's
// way.
#pragma once

#include <span>

namespace hourglass {

// One point on the pen's way, in a frame where a digit is 1 high: x to the right, y down from 0
// to 1. Each way of writing is drawn twice, at two extremes a and b of what people do; a sample
// lies between.
struct StrokeKnot {
  float ax, ay;
  float bx, by;
  bool corner = false;  // the pen turns sharply here instead of passing smoothly
};

using StrokePath = std::span<const StrokeKnot>;  // from setting the pen down to lifting it

struct StrokeVariant {
  std::span<const StrokePath> paths;
  float frequency;  // how often it is chosen, relative to the digit's other variants
};

inline constexpr int kMaxStrokePaths = 3;   // of one variant
inline constexpr int kMaxStrokeKnots = 16;  // of one path

// The ways of writing `label`, 0 to 9.
std::span<const StrokeVariant> stroke_variants_of(int label);

}  // namespace hourglass
