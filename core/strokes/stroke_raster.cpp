#include "core/strokes/stroke_raster.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace hourglass {
namespace {

constexpr int kMaxRasterSide = 64;

// Pixels are done four at a time, which is a vector of them. A row has room for a multiple of that,
// and pixels that the ink cannot reach come out as far away as they are.
constexpr int kLanes = 4;
constexpr int kRow = kMaxRasterSide;

// Lowers `depth` (signed distance to the ink's edge, positive outside; rows of kRow) to that of one
// capsule, in the pixels that it can reach.
void add_capsule(InkPoint a, InkPoint b, int side, float softness, float* depth) {
  const float dx = b.x - a.x, dy = b.y - a.y;
  const float squared = dx * dx + dy * dy;
  const float inverse = squared > 1e-12f ? 1.0f / squared : 0.0f;
  const float slope = b.radius - a.radius;
  const float reach = std::max(a.radius, b.radius) + 0.5f * softness;
  const float last = static_cast<float>(side - 1);
  const auto clamp_pixel = [last](float value) {
    return static_cast<int>(std::clamp(value, 0.0f, last));
  };
  // Truncation rounds towards 0, so the range may hold one pixel too many, never one too few.
  const int left = clamp_pixel(std::min(a.x, b.x) - reach - 0.5f) / kLanes * kLanes;
  const int right = clamp_pixel(std::max(a.x, b.x) + reach + 0.5f);
  const int top = clamp_pixel(std::min(a.y, b.y) - reach - 0.5f);
  const int bottom = clamp_pixel(std::max(a.y, b.y) + reach + 0.5f);
  for (int row = top; row <= bottom; ++row) {
    const float py = static_cast<float>(row) + 0.5f - a.y;
    float* line = depth + row * kRow;
    for (int column = left; column <= right; column += kLanes) {
      float distance[kLanes];
      for (int lane = 0; lane < kLanes; ++lane) {
        const float px = static_cast<float>(column + lane) + 0.5f - a.x;
        float along = (px * dx + py * dy) * inverse;
        along = along < 0.0f ? 0.0f : along;
        along = along > 1.0f ? 1.0f : along;
        const float ex = px - along * dx, ey = py - along * dy;
        distance[lane] = std::sqrt(ex * ex + ey * ey) - (a.radius + along * slope);
      }
      for (int lane = 0; lane < kLanes; ++lane) {
        line[column + lane] = std::min(line[column + lane], distance[lane]);
      }
    }
  }
}

}  // namespace

void draw_ink(std::span<const InkPoint> points, int side, float softness, std::uint8_t* out) {
  assert(side > 0 && side <= kMaxRasterSide && softness > 0);
  static_assert(kMaxRasterSide % kLanes == 0);
  std::array<float, kMaxRasterSide * kRow> depth;
  std::fill_n(depth.data(), side * kRow, 1e6f);
  const InkPoint* const point = points.data();
  const int count = static_cast<int>(points.size());
  for (int i = 0; i < count; ++i) {
    if (point[i].pen_down && i > 0) {
      add_capsule(point[i - 1], point[i], side, softness, depth.data());
    } else if (i + 1 == count || !point[i + 1].pen_down) {
      add_capsule(point[i], point[i], side, softness, depth.data());  // a lone dot
    }
  }
  const float steepness = 1.0f / softness;
  for (int row = 0; row < side; ++row) {
    const float* const line = depth.data() + row * kRow;
    for (int column = 0; column < side; ++column) {
      float coverage = 0.5f - line[column] * steepness;
      coverage = coverage < 0.0f ? 0.0f : coverage;
      coverage = coverage > 1.0f ? 1.0f : coverage;
      *out++ = static_cast<std::uint8_t>(static_cast<int>(coverage * 255.0f + 0.5f));
    }
  }
}

}  // namespace hourglass
