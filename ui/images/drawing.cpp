#include "ui/images/drawing.h"

#include <algorithm>
#include <cmath>

namespace hourglass::ui {
namespace {

constexpr float kNearestPoints = 0.002f;
constexpr float kFilled = 20.0f / 28, kMaxEnlarged = 4;
constexpr float kLineWidth = 2.6f / 28;

float distance_to_line(DrawnPoint p, DrawnPoint a, DrawnPoint b) {
  const float dx = b.x - a.x, dy = b.y - a.y;
  const float length = dx * dx + dy * dy;
  const float t =
      length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0f, 1.0f) : 0;
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

// From the square that was drawn on to pixels: p * scale + (x, y).
struct Placement {
  float scale = 1, x = 0, y = 0;

  DrawnPoint operator()(DrawnPoint p) const { return {p.x * scale + x, p.y * scale + y}; }
};

void ink_segment(DrawnPoint a, DrawnPoint b, float radius, int rows, int columns,
                 std::vector<float>& image) {
  const float reach = radius + 1;
  const auto first = [&](float from) {
    return static_cast<int>(std::floor(std::max(0.0f, from - reach)));
  };
  const auto last = [&](float to, int size) {
    return static_cast<int>(std::min(static_cast<float>(size), std::ceil(to + reach)));
  };
  for (int row = first(std::min(a.y, b.y)); row < last(std::max(a.y, b.y), rows); ++row) {
    for (int column = first(std::min(a.x, b.x)); column < last(std::max(a.x, b.x), columns);
         ++column) {
      const DrawnPoint middle{static_cast<float>(column) + 0.5f, static_cast<float>(row) + 0.5f};
      // An edge of one pixel that lets the line end softly.
      const float ink = std::clamp(radius + 0.5f - distance_to_line(middle, a, b), 0.0f, 1.0f);
      float& pixel = image[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                           static_cast<std::size_t>(column)];
      pixel = std::max(pixel, ink);
    }
  }
}

std::vector<float> ink_all(const Drawing& drawing, const Placement& place, int rows, int columns) {
  std::vector<float> image(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
  const float radius = kLineWidth / 2 * static_cast<float>(std::min(rows, columns));
  for (const auto& line : drawing.lines()) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      ink_segment(place(line[i == 0 ? 0 : i - 1]), place(line[i]), radius, rows, columns, image);
    }
  }
  return image;
}

}  // namespace

void Drawing::begin(DrawnPoint at) {
  if (points_ >= kMaxPoints) return;
  lines_.push_back({{std::clamp(at.x, 0.0f, 1.0f), std::clamp(at.y, 0.0f, 1.0f)}});
  ++points_;
  ++revision_;
}

void Drawing::extend(DrawnPoint to) {
  if (lines_.empty() || points_ >= kMaxPoints) return;
  to = {std::clamp(to.x, 0.0f, 1.0f), std::clamp(to.y, 0.0f, 1.0f)};
  const DrawnPoint before = lines_.back().back();
  if (std::hypot(to.x - before.x, to.y - before.y) < kNearestPoints) return;
  lines_.back().push_back(to);
  ++points_;
  ++revision_;
}

void Drawing::clear() {
  lines_.clear();
  points_ = 0;
  ++revision_;
}

std::vector<float> drawn_image(const Drawing& drawing, int rows, int columns) {
  if (drawing.empty()) return ink_all(drawing, {}, rows, columns);
  DrawnPoint low{1, 1}, high{0, 0};
  for (const auto& line : drawing.lines()) {
    for (const DrawnPoint& point : line) {
      low = {std::min(low.x, point.x), std::min(low.y, point.y)};
      high = {std::max(high.x, point.x), std::max(high.y, point.y)};
    }
  }
  const auto width = static_cast<float>(columns), height = static_cast<float>(rows);
  const float side = std::min(width, height);
  // What is drawn is as wide as its line beyond its points.
  const float extent = std::max(high.x - low.x, high.y - low.y);
  Placement place;
  place.scale = extent > 0 ? std::min(kMaxEnlarged, (kFilled - kLineWidth) / extent) * side : side;
  place.x = (width - place.scale * (low.x + high.x)) / 2;
  place.y = (height - place.scale * (low.y + high.y)) / 2;
  const std::vector<float> centred = ink_all(drawing, place, rows, columns);
  double sum = 0, x = 0, y = 0;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const double ink = centred[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                                 static_cast<std::size_t>(column)];
      sum += ink;
      x += ink * (column + 0.5);
      y += ink * (row + 0.5);
    }
  }
  if (sum > 0) {
    place.x += width / 2 - static_cast<float>(x / sum);
    place.y += height / 2 - static_cast<float>(y / sum);
  }
  return ink_all(drawing, place, rows, columns);
}

}  // namespace hourglass::ui
