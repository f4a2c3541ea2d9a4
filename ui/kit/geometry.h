// Rectangles in points: the unit of layout, which a screen of high density shows with several
// pixels.
#pragma once

#include <algorithm>

namespace hourglass::ui {

struct Rect {
  float x = 0, y = 0, w = 0, h = 0;

  float right() const { return x + w; }
  float bottom() const { return y + h; }
  bool empty() const { return w <= 0 || h <= 0; }
  bool contains(float px, float py) const {
    return px >= x && px < right() && py >= y && py < bottom();
  }
  bool overlaps(const Rect& other) const {
    return x < other.right() && other.x < right() && y < other.bottom() && other.y < bottom();
  }
  Rect inset(float dx, float dy) const { return {x + dx, y + dy, w - 2 * dx, h - 2 * dy}; }
  Rect moved(float dx, float dy) const { return {x + dx, y + dy, w, h}; }

  // Cuts a strip off one side, at most what is there, and returns it.
  Rect cut_top(float height) {
    height = std::clamp(height, 0.0f, std::max(h, 0.0f));
    const Rect strip{x, y, w, height};
    y += height;
    h -= height;
    return strip;
  }
  Rect cut_bottom(float height) {
    height = std::clamp(height, 0.0f, std::max(h, 0.0f));
    h -= height;
    return {x, y + h, w, height};
  }
  Rect cut_left(float width) {
    width = std::clamp(width, 0.0f, std::max(w, 0.0f));
    const Rect strip{x, y, width, h};
    x += width;
    w -= width;
    return strip;
  }
  Rect cut_right(float width) {
    width = std::clamp(width, 0.0f, std::max(w, 0.0f));
    w -= width;
    return {x + w, y, width, h};
  }
};

inline Rect intersection(const Rect& a, const Rect& b) {
  const float x = std::max(a.x, b.x), y = std::max(a.y, b.y);
  return {x, y, std::max(0.0f, std::min(a.right(), b.right()) - x),
          std::max(0.0f, std::min(a.bottom(), b.bottom()) - y)};
}

}  // namespace hourglass::ui
