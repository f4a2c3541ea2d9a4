#include "ui/latent_map/map_geometry.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace hourglass::ui {
namespace {

// Far outside the window one place is as good as another, and infinity is none. What is no number
// stays so.
float held(double points) { return static_cast<float>(std::clamp(points, -1e7, 1e7)); }

// What coordinates of this size differ by without meaning anything.
double rounding(const MapSummary& summary) {
  return 1e-6 * std::max({std::fabs(summary.left), std::fabs(summary.right),
                          std::fabs(summary.bottom), std::fabs(summary.top), 1.0});
}

}  // namespace

bool MapSummary::is_one_place() const {
  return right >= left && std::max(right - left, top - bottom) <= rounding(*this);
}

MapSummary summarize_map(std::span<const float> points, std::span<const std::int32_t> labels) {
  MapSummary summary;
  constexpr double kFar = std::numeric_limits<double>::infinity();
  summary.left = summary.bottom = kFar;
  summary.right = summary.top = -kFar;
  struct Sum {
    double x = 0, y = 0, count = 0;
  };
  std::map<std::int32_t, Sum> sums;
  for (std::size_t i = 0; 2 * i + 1 < points.size(); ++i) {
    const double x = points[2 * i], y = points[2 * i + 1];
    if (!std::isfinite(x) || !std::isfinite(y)) continue;
    summary.left = std::min(summary.left, x);
    summary.right = std::max(summary.right, x);
    summary.bottom = std::min(summary.bottom, y);
    summary.top = std::max(summary.top, y);
    if (i < labels.size()) {
      Sum& sum = sums[labels[i]];
      sum.x += x;
      sum.y += y;
      ++sum.count;
    }
  }
  for (const auto& [label, sum] : sums) {
    summary.centers.push_back({label, sum.x / sum.count, sum.y / sum.count});
  }
  return summary;
}

float MapTransform::screen_x(double x) const {
  return area.x + area.w / 2 + held((x - center_x) * scale);
}
float MapTransform::screen_y(double y) const {
  return area.y + area.h / 2 - held((y - center_y) * scale);
}
double MapTransform::plane_x(float x) const {
  return center_x + static_cast<double>(x - area.x - area.w / 2) / scale;
}
double MapTransform::plane_y(float y) const {
  return center_y - static_cast<double>(y - area.y - area.h / 2) / scale;
}

MapTransform map_transform(MapView& view, const MapSummary& summary, const Rect& area) {
  if (view.follow && summary.right >= summary.left) {
    const double least = rounding(summary);  // one dot stays one
    const double width = std::max(summary.right - summary.left, least);
    const double height = std::max(summary.top - summary.bottom, least);
    const double fits =
        0.92 * std::min(static_cast<double>(area.w) / width, static_cast<double>(area.h) / height);
    const double x = (summary.left + summary.right) / 2, y = (summary.bottom + summary.top) / 2;
    // A point at the very edge would be cut through.
    const double half_w = static_cast<double>(area.w) * 0.485;
    const double half_h = static_cast<double>(area.h) * 0.485;
    const bool inside = view.scale > 0 &&
                        (std::fabs(x - view.center_x) + width / 2) * view.scale <= half_w &&
                        (std::fabs(y - view.center_y) + height / 2) * view.scale <= half_h;
    if (!inside || view.scale < fits / 1.5) {
      view.center_x = x;
      view.center_y = y;
      view.scale = fits;
    }
  }
  return {area, view.center_x, view.center_y, view.scale > 0 ? view.scale : 1};
}

void zoom_map(MapView& view, const MapTransform& transform, float x, float y, double factor) {
  const double px = transform.plane_x(x), py = transform.plane_y(y);
  const double scale = std::clamp(transform.scale * factor, 1e-9, 1e12);
  view.follow = false;
  view.center_x = px - (px - transform.center_x) * transform.scale / scale;
  view.center_y = py - (py - transform.center_y) * transform.scale / scale;
  view.scale = scale;
}

void pan_map(MapView& view, float dx, float dy) {
  if (view.scale <= 0) return;
  view.follow = false;
  view.center_x -= static_cast<double>(dx) / view.scale;
  view.center_y += static_cast<double>(dy) / view.scale;
}

}  // namespace hourglass::ui
