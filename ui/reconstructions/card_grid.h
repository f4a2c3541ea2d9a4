// Cards of samples beside and below each other.
#pragma once

#include <algorithm>

#include "ui/state/panel.h"

namespace hourglass::ui {

// Calls draw(place, i) for as many of the samples on display as `area` has room for, in cards of at
// least that size in points.
template <typename Draw>
void draw_card_grid(const PanelContext& context, const Rect& area, float width, float height,
                    Draw draw) {
  const Metrics& m = context.theme.metrics;
  const session::Snapshot& now = context.store.snapshot;
  const int there = now.image_indices ? static_cast<int>(now.image_indices->size()) : 0;
  const auto fitting = [&](float length, float size) {
    return std::max(1, static_cast<int>((length + m.gap) / (m.px(size) + m.gap)));
  };
  const int columns = fitting(area.w, width), rows = fitting(area.h, height);
  const float w = (area.w - m.gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const float h = (area.h - m.gap * static_cast<float>(rows - 1)) / static_cast<float>(rows);
  for (int i = 0; i < std::min(there, columns * rows); ++i) {
    draw(Rect{area.x + static_cast<float>(i % columns) * (w + m.gap),
              area.y + static_cast<float>(i / columns) * (h + m.gap), w, h},
         i);
  }
}

}  // namespace hourglass::ui
