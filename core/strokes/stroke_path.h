// The hand that writes a digit of Strokes: the way that its pen takes.
#pragma once

#include <array>
#include <cassert>

#include "core/strokes/stroke_raster.h"
#include "core/strokes/stroke_shapes.h"
#include "core/strokes/strokes.h"

namespace hourglass {

inline constexpr int kPenPiecesPerSpan = 4;  // straight pieces between two knots
inline constexpr int kMaxPenPoints =
    kMaxStrokePaths * ((kMaxStrokeKnots - 1) * kPenPiecesPerSpan + 1);

// The pen's way as points.
struct PenPath {
  std::array<InkPoint, kMaxPenPoints> points;
  int count = 0;

  void add(float x, float y, bool pen_down) {
    assert(count < kMaxPenPoints);
    points[static_cast<std::size_t>(count++)] = {x, y, 1.0f, pen_down};
  }
};

// Writes `variant` as `factors`, which must be in their ranges, say: points in pixels of the image.
// `way` must be empty. Thread-safe, allocates nothing; the same to the bit on every machine.
void trace_path(const StrokeVariant& variant, const StrokeFactors& factors, PenPath& way);

}  // namespace hourglass
