#include "ui/latent_map/map_select.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hourglass::ui {

bool inside_outline(std::span<const MapPlace> outline, double x, double y) {
  if (outline.size() < 3) return false;
  int winding = 0;
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const MapPlace& a = outline[i];
    const MapPlace& b = outline[i + 1 < outline.size() ? i + 1 : 0];
    const double side = (b.x - a.x) * (y - a.y) - (x - a.x) * (b.y - a.y);
    if (a.y <= y) {
      if (b.y > y && side > 0) ++winding;
    } else if (b.y <= y && side < 0) {
      --winding;
    }
  }
  return winding != 0;
}

std::vector<std::uint32_t> points_inside(std::span<const float> points,
                                         std::span<const MapPlace> outline,
                                         const MapFilter& allowed) {
  std::vector<std::uint32_t> inside;
  if (outline.size() < 3) return inside;
  double left = outline[0].x, right = left, bottom = outline[0].y, top = bottom;
  for (const MapPlace& corner : outline) {
    left = std::min(left, corner.x);
    right = std::max(right, corner.x);
    bottom = std::min(bottom, corner.y);
    top = std::max(top, corner.y);
  }
  for (std::size_t i = 0; 2 * i + 1 < points.size(); ++i) {
    const double x = static_cast<double>(points[2 * i]);
    const double y = static_cast<double>(points[2 * i + 1]);
    if (!(x >= left && x <= right && y >= bottom && y <= top)) continue;
    if (allowed && !allowed(i)) continue;
    if (inside_outline(outline, x, y)) inside.push_back(static_cast<std::uint32_t>(i));
  }
  return inside;
}

std::vector<MapPlace> box_outline(const MapPlace& from, const MapPlace& to) {
  return {from, {to.x, from.y}, to, {from.x, to.y}};
}

std::int64_t nearest_point(std::span<const float> points, double x, double y, double reach,
                           const MapFilter& allowed) {
  std::int64_t nearest = -1;
  double least = reach * reach;
  for (std::size_t i = 0; 2 * i + 1 < points.size(); ++i) {
    const double dx = static_cast<double>(points[2 * i]) - x;
    const double dy = static_cast<double>(points[2 * i + 1]) - y;
    const double distance = dx * dx + dy * dy;
    // Written so that what is not a number is not near.
    if (!(distance <= least) || !std::isfinite(distance)) continue;
    if (nearest >= 0 && distance == least) continue;
    if (allowed && !allowed(i)) continue;
    least = distance;
    nearest = static_cast<std::int64_t>(i);
  }
  return nearest;
}

std::vector<float> interpolated_places(const MapPlace& from, const MapPlace& to, int count) {
  std::vector<float> places;
  count = std::max(count, 2);
  places.reserve(2 * static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) / (count - 1);
    places.push_back(static_cast<float>((1 - t) * from.x + t * to.x));
    places.push_back(static_cast<float>((1 - t) * from.y + t * to.y));
  }
  return places;
}

std::vector<float> grid_places(const MapTransform& map, int columns, int rows) {
  std::vector<float> places;
  const float w = map.area.w / static_cast<float>(columns);
  const float h = map.area.h / static_cast<float>(rows);
  places.reserve(2 * static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      places.push_back(
          static_cast<float>(map.plane_x(map.area.x + (static_cast<float>(column) + 0.5f) * w)));
      places.push_back(
          static_cast<float>(map.plane_y(map.area.y + (static_cast<float>(row) + 0.5f) * h)));
    }
  }
  return places;
}

std::vector<std::uint32_t> place_thumbnails(std::span<const float> points, const MapTransform& map,
                                            float side, std::size_t most,
                                            std::span<const std::uint32_t> kept,
                                            const MapFilter& allowed) {
  std::vector<std::uint32_t> placed;
  // In each square of the pictures' size lies the middle of one picture at most, so nine squares
  // tell whether there is room.
  const int across = static_cast<int>(map.area.w / side) + 1;
  const int down = static_cast<int>(map.area.h / side) + 1;
  if (across < 2 || down < 2) return placed;
  struct Middle {
    float x = std::numeric_limits<float>::quiet_NaN(), y = 0;
  };
  std::vector<Middle> squares(static_cast<std::size_t>(across) * static_cast<std::size_t>(down));
  const float half = side / 2;
  const auto place = [&](std::uint32_t index) {
    if (placed.size() >= most || 2 * static_cast<std::size_t>(index) + 1 >= points.size()) return;
    const float x = map.screen_x(static_cast<double>(points[2 * index])) - map.area.x;
    const float y = map.screen_y(static_cast<double>(points[2 * index + 1])) - map.area.y;
    if (!(x >= half && x <= map.area.w - half && y >= half && y <= map.area.h - half)) return;
    if (allowed && !allowed(index)) return;
    const int column = static_cast<int>(x / side), row = static_cast<int>(y / side);
    for (int r = std::max(0, row - 1); r <= std::min(down - 1, row + 1); ++r) {
      for (int c = std::max(0, column - 1); c <= std::min(across - 1, column + 1); ++c) {
        const Middle& other =
            squares[static_cast<std::size_t>(r) * static_cast<std::size_t>(across) +
                    static_cast<std::size_t>(c)];
        if (std::fabs(other.x - x) < side && std::fabs(other.y - y) < side) return;
      }
    }
    squares[static_cast<std::size_t>(row) * static_cast<std::size_t>(across) +
            static_cast<std::size_t>(column)] = {x, y};
    placed.push_back(index);
  };
  for (const std::uint32_t index : kept) place(index);
  const std::size_t count = points.size() / 2;
  for (std::size_t i = 0; i < count && placed.size() < most; ++i) {
    place(static_cast<std::uint32_t>(i));
  }
  return placed;
}

}  // namespace hourglass::ui
