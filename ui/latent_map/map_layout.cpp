#include "ui/latent_map/map_layout.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hourglass::ui {
namespace {

float color_width(const Metrics& m) { return m.px(116); }
float plane_width(const Metrics& m) { return m.px(116); }
float unit_width(const Metrics& m) { return m.px(48); }

float axes_width(const MapNeeds& needs, const Metrics& m) {
  return plane_width(m) + (needs.units ? 2 * (unit_width(m) + m.px(4)) : 0);
}

// The buttons of `group` side by side.
template <std::size_t N>
void place_group(std::array<Rect, N>& group, Rect area) {
  const float width = area.w / static_cast<float>(N);
  for (Rect& button : group) button = area.cut_left(width);
}

void place_axes(MapArrangement& at, Rect line, const MapNeeds& needs, const Metrics& m) {
  if (needs.units) {
    const float width = std::min(unit_width(m), (line.w - m.px(8)) / 4);
    at.unit_y = line.cut_right(width);
    line.cut_right(m.px(4));
    at.unit_x = line.cut_right(width);
    line.cut_right(m.px(4));
  }
  at.plane = line;
}

// Takes strips off the right end of the heading for as much as fits there.
struct Heading {
  Rect line;
  float gap;

  bool take(float width, Rect& to) {
    if (width > line.w) return false;
    to = line.cut_right(width);
    line.cut_right(gap);
    return true;
  }
};

// Columns beside the map, for an area of little height.
void arrange_beside(MapArrangement& at, Rect area, bool tools_above, const MapNeeds& needs,
                    const Metrics& m) {
  if (!tools_above) {
    std::vector<Rect*> buttons;
    for (Rect& tool : at.tools) buttons.push_back(&tool);
    for (Rect& toggle : at.toggles) buttons.push_back(&toggle);
    for (Rect& zoom : at.zoom) {
      if (needs.touch) buttons.push_back(&zoom);
    }
    buttons.push_back(&at.fit);
    const float least = needs.touch ? m.control : m.px(26);
    const int rows =
        std::max(1, std::min(static_cast<int>(area.h / least), static_cast<int>(buttons.size())));
    const int columns = (static_cast<int>(buttons.size()) + rows - 1) / rows;
    const float side = std::min(m.control, area.h / static_cast<float>(rows));
    for (std::size_t i = 0; i < buttons.size(); ++i) {
      const int column = static_cast<int>(i) / rows, row = static_cast<int>(i) % rows;
      *buttons[i] = {area.x + static_cast<float>(column) * side,
                     area.y + static_cast<float>(row) * side, side, side};
    }
    area.cut_left(static_cast<float>(columns) * side + m.px(6));
  }
  const bool legend = needs.legend_height(area.w) > 0;
  if (needs.color || needs.axes || legend) {
    Rect column = area.cut_right(std::clamp(area.w * 0.3f, m.px(118), m.px(170)));
    area.cut_right(m.gap);
    const float height = m.control;
    if (needs.color) {
      at.color = column.cut_top(height);
      column.cut_top(m.px(5));
    }
    if (needs.axes) {
      at.plane = column.cut_top(height);
      column.cut_top(m.px(5));
      if (needs.units) {
        Rect line = column.cut_top(height);
        at.unit_x = line.cut_left((line.w - m.px(4)) / 2);
        line.cut_left(m.px(4));
        at.unit_y = line;
        column.cut_top(m.px(5));
      }
    }
    if (legend) at.legend = column.cut_top(std::min(column.h, needs.legend_height(column.w)));
  }
  at.map = area;
}

// What the colours and axes mean, below the map.
void arrange_below(MapArrangement& at, Rect& area, bool axes, const MapNeeds& needs,
                   const Metrics& m) {
  const float height = m.control;
  const float full = needs.legend_height(area.w);
  const float color = needs.color ? color_width(m) : 0;
  const float beside_width = area.w - color - m.px(12);
  const float beside = beside_width > m.px(150) ? needs.legend_height(beside_width) : 1e9f;
  if (!axes && needs.color && std::max(height, beside) <= height + m.px(4) + full) {
    Rect block = area.cut_bottom(std::max(height, beside));
    Rect left = block.cut_left(color);
    at.color = left.cut_top(height);
    block.cut_left(m.px(12));
    // A legend of one line stands level with the choice.
    if (beside < height) block = {block.x, block.y + (height - beside) / 2, block.w, beside};
    if (full > 0) at.legend = block;
  } else {
    if (full > 0) {
      at.legend = area.cut_bottom(full);
      area.cut_bottom(m.px(4));
    }
    std::vector<float> widths;
    if (needs.color) widths.push_back(color);
    if (axes) widths.push_back(axes_width(needs, m));
    float all = widths.size() > 1 ? m.gap : 0;
    for (const float width : widths) all += width;
    if (axes && needs.color && all > area.w) {
      place_axes(at, area.cut_bottom(height), needs, m);
      area.cut_bottom(m.px(4));
      at.color = area.cut_bottom(height);
    } else if (!widths.empty()) {
      Rect line = area.cut_bottom(height);
      if (needs.color) {
        at.color = line.cut_left(color);
        line.cut_left(m.gap);
      }
      if (axes) place_axes(at, line.cut_left(axes_width(needs, m)), needs, m);
    }
  }
  area.cut_bottom(m.px(6));
}

}  // namespace

MapArrangement arrange_map(const Rect& heading, const Rect& area, const MapNeeds& needs,
                           const Metrics& m) {
  MapArrangement at;
  const float side = needs.touch ? m.control : std::min(m.control, heading.h);
  Heading free{{heading.x, heading.y + (heading.h - side) / 2, heading.w, side}, m.gap};
  const bool wide = area.h < m.px(300) && area.w > 1.3f * area.h;

  // All or nothing: tools in two places could not be found.
  const float tools = 6 * side + m.gap;
  const bool above = free.line.w >= tools + (needs.touch ? 3 : 1) * (side + m.gap);
  Rect rest = area;
  const bool fit = above || (!wide && free.take(side, at.fit));
  bool zoom = false;
  if (above) {
    Rect group;
    if (needs.touch && free.take(2 * side, group)) {
      place_group(at.zoom, group);
      zoom = true;
    }
    free.take(2 * side, group);
    place_group(at.toggles, group);
    free.take(4 * side, group);
    place_group(at.tools, group);
    // Last, so that its empty place is not at the edge.
    free.take(side, at.fit);
  }
  if (wide) {
    arrange_beside(at, rest, above, needs, m);
    at.heading = free.line;
    return at;
  }
  if (!above) {
    Rect group;
    if (needs.touch && free.take(2 * side, group)) {
      place_group(at.zoom, group);
      zoom = true;
    }
    Rect line;
    const auto next = [&](float width) {
      if (width > line.w) {
        line = rest.cut_top(side);
        rest.cut_top(m.px(4));
      }
      const Rect taken = line.cut_left(width);
      line.cut_left(m.gap);
      return taken;
    };
    place_group(at.tools, next(4 * side));
    place_group(at.toggles, next(2 * side));
    if (needs.touch && !zoom) place_group(at.zoom, next(2 * side));
    if (!fit) at.fit = next(side);
    rest.cut_top(m.px(2));
  }
  Rect axes;
  const bool axes_above = needs.axes && !needs.touch && free.take(axes_width(needs, m), axes);
  if (axes_above) {
    // Lists have the height of a control, which is more than the heading's.
    place_axes(at, {axes.x, axes.y + (axes.h - m.control) / 2, axes.w, m.control}, needs, m);
  }
  arrange_below(at, rest, needs.axes && !axes_above, needs, m);
  at.map = rest;
  at.heading = free.line;
  return at;
}

}  // namespace hourglass::ui
