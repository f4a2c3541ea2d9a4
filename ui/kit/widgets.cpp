#include "ui/kit/widgets.h"

#include <algorithm>

namespace hourglass::ui {

void Widgets::clear() {
  rects_.clear();
  takers_.clear();
}

void Widgets::add(std::string_view id, const Rect& rect, const Rect& clip) {
  const Rect visible = intersection(rect, clip);
  if (visible.empty()) return;
  rects_.insert_or_assign(std::string(id), visible);
}

void Widgets::add_gestures(unsigned gestures, const Rect& rect, const Rect& clip) {
  const Rect visible = intersection(rect, clip);
  if (!visible.empty()) takers_.push_back({visible, gestures});
}

bool Widgets::takes(unsigned gestures, float x, float y) const {
  return std::ranges::any_of(takers_, [&](const Taker& taker) {
    return (taker.gestures & gestures) != 0 && taker.rect.contains(x, y);
  });
}

}  // namespace hourglass::ui
