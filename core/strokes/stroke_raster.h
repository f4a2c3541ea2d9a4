// Draws a pen's way, given as short straight pieces of varying width, with soft edges.
#pragma once

#include <cstdint>
#include <span>

namespace hourglass {

// A round dab of ink of radius `radius` at (x, y). Pixel (column, row) has its centre at
// (column + 0.5, row + 0.5).
struct InkPoint {
  float x, y;
  float radius;
  bool pen_down;  // ink flows from the point before this one; false at the start of each path
};

// Draws the union of the pieces between neighbouring points (each a capsule whose radius runs
// linearly from end to end) into side x side pixels: the coverage falls from 1 to 0 over `softness`
// pixels
// (> 0) across the edge. Overwrites `out` (rows of `side` pixels, side <= 64). Coverage is a
// function of the distance to the nearest piece, so crossings are no darker than the strokes that
// cross.
void draw_ink(std::span<const InkPoint> points, int side, float softness, std::uint8_t* out);

}  // namespace hourglass
