// Curves over axes.
#pragma once

#include <imgui.h>

#include <span>
#include <string>
#include <vector>

#include "ui/kit/geometry.h"
#include "ui/kit/theme.h"
#include "ui/kit/trace.h"

namespace hourglass::ui {

struct Axis {
  double low = 0, high = 1;
  bool logarithmic = false;

  // Where `value` stands, 0 at the low end to 1 at the high end.
  double position(double value) const;
  // The value that stands at `position`: the inverse.
  double value_at(double position) const;
};

struct Tick {
  double value;
  std::string label;
};

// Round values inside the axis, about `count` of them and at least one; on a logarithmic axis
// powers of ten, with their multiples where there are few powers.
std::vector<Tick> ticks(const Axis& axis, int count);

// An axis that shows all of [low, high] with a little room; an empty or broken interval becomes a
// small one around it.
Axis fitted_axis(double low, double high, bool logarithmic);

struct Series {
  std::span<const PlotPoint> points;  // x does not fall
  Rgb color = 0;
  float opacity = 1;
  float width = 1;       // in points
  bool markers = false;  // a dot on every point
};

// Draws axes with labels and grid into `area`, then the series in order. Returns the rectangle
// between the axes. `font` draws the labels in `metrics.small`; `x_label` names the horizontal
// axis.
Rect draw_plot(ImDrawList& list, const Rect& area, const Axis& x, const Axis& y,
               std::span<const Series> series, const Theme& theme, std::string_view x_label);

}  // namespace hourglass::ui
