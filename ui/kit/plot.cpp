#include "ui/kit/plot.h"

#include <algorithm>
#include <cmath>

#include "ui/kit/glyphs.h"
#include "ui/kit/number_text.h"

namespace hourglass::ui {
namespace {

float width_of(const Theme& theme, std::string_view text) {
  return glyphs_width(*theme.fonts.regular, theme.metrics.small, text);
}

void label_at(ImDrawList& list, const Theme& theme, float x, float y, std::string_view text) {
  draw_glyphs(list, *theme.fonts.regular, theme.metrics.small, {x, y},
              theme.color(theme.colors.muted), text);
}

// The points to draw: all, or where there are several in a column of the screen, its first, lowest,
// highest and last. A line through those looks the same.
std::vector<ImVec2> screen_line(const Series& series, const Rect& area, const Axis& x,
                                const Axis& y) {
  std::vector<ImVec2> line;
  const auto place = [&](const PlotPoint& point) {
    return ImVec2{area.x + area.w * static_cast<float>(x.position(point.x)),
                  area.bottom() - area.h * static_cast<float>(y.position(point.y))};
  };
  const std::size_t few = static_cast<std::size_t>(std::max(1.0f, area.w)) * 2;
  if (series.points.size() <= few) {
    for (const PlotPoint& point : series.points) {
      if (std::isfinite(point.y)) line.push_back(place(point));
    }
    return line;
  }
  int column = -1;
  ImVec2 low, high, last;
  const auto finish = [&] {
    if (column < 0) return;
    line.push_back(high.x < low.x ? high : low);
    line.push_back(high.x < low.x ? low : high);
    line.push_back(last);
  };
  for (const PlotPoint& point : series.points) {
    if (!std::isfinite(point.y)) continue;
    const ImVec2 at = place(point);
    const int here = static_cast<int>(at.x);
    if (here != column) {
      finish();
      column = here;
      line.push_back(at);
      low = high = at;
    }
    if (at.y < low.y) low = at;
    if (at.y > high.y) high = at;
    last = at;
  }
  finish();
  return line;
}

// Digits by which multiples of `step` as large as `largest` differ; more than kMaxDigits would take
// the room of the curve.
int digits_for(double largest, double step) {
  constexpr int kMinDigits = 3, kMaxDigits = 8;
  const double digits =
      std::floor(std::log10(largest) + 1e-9) - std::floor(std::log10(step) + 1e-9) + 1;
  return static_cast<int>(std::clamp<double>(digits, kMinDigits, kMaxDigits));
}

std::vector<Tick> linear_ticks(const Axis& axis, int count) {
  std::vector<Tick> out;
  const double raw = (axis.high - axis.low) / count;
  if (!(raw > 0) || !std::isfinite(raw)) return {{axis.low, significant(axis.low, 3)}};
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  const double ratio = raw / power;
  const double step = power * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10);
  const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
  const double largest = std::max(std::fabs(axis.low), std::fabs(axis.high));
  const int digits = digits_for(largest, step);
  const double first = std::ceil(axis.low / step - 1e-9);
  for (int i = 0; i <= count + 1; ++i) {
    const double multiple = first + i;
    const double value = multiple == 0 ? 0 : multiple * step;  // never -0
    if (value > axis.high + step * 1e-9) break;
    const bool extreme = std::fabs(value) >= 1e6 || decimals > 5;
    std::string label = extreme ? significant(value, digits) : fixed(value, decimals);
    // Where even that many digits tell no difference there are fewer ticks.
    if (out.empty() || label != out.back().label) out.push_back({value, std::move(label)});
  }
  if (out.empty()) out.push_back({axis.low, significant(axis.low, digits)});
  return out;
}

}  // namespace

double Axis::position(double value) const {
  if (logarithmic) {
    return (std::log(std::max(value, 1e-300)) - std::log(low)) / (std::log(high) - std::log(low));
  }
  return (value - low) / (high - low);
}

double Axis::value_at(double position) const {
  if (logarithmic) {
    return std::exp(std::log(low) + position * (std::log(high) - std::log(low)));
  }
  return low + position * (high - low);
}

std::vector<Tick> ticks(const Axis& axis, int count) {
  std::vector<Tick> out;
  count = std::max(count, 1);
  if (axis.logarithmic) {
    const double decades = std::log10(axis.high / axis.low);
    // Multiples that divide a decade evenly enough for the room there is.
    std::vector<double> multiples{1};
    if (decades < count / 4.0) {
      multiples = {1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9};
    } else if (decades < count / 2.0) {
      multiples = {1, 2, 5};
    } else if (decades < count) {
      multiples = {1, 3};
    }
    const int first = static_cast<int>(std::floor(std::log10(axis.low)));
    const int last = static_cast<int>(std::ceil(std::log10(axis.high)));
    const int skip = std::max(1, static_cast<int>(std::ceil(decades / count)));
    for (int exponent = first; exponent <= last; ++exponent) {
      if (multiples.size() == 1 && (exponent - first) % skip != 0) continue;
      for (const double multiple : multiples) {
        const double value = multiple * std::pow(10.0, exponent);
        if (value >= axis.low * (1 - 1e-9) && value <= axis.high * (1 + 1e-9)) {
          out.push_back({value, significant(value, 2)});
        }
      }
    }
    // Within a narrow range of a high decade there may be none; linear steps serve there.
    if (out.size() >= 2) return out;
    out.clear();
  }
  return linear_ticks(axis, count);
}

Axis fitted_axis(double low, double high, bool logarithmic) {
  // With room for the axis to be larger than what it shows.
  constexpr double kMaxShown = 1e300;
  if (!std::isfinite(low) || !std::isfinite(high) || low > high) low = 0, high = 1;
  if (logarithmic) {
    low = std::clamp(low, 1e-12, kMaxShown);
    high = std::clamp(high, low, kMaxShown);
    const double room = std::max(1.02, std::pow(high / low, 0.06));
    return {low / room, high * room, true};
  }
  low = std::clamp(low, -kMaxShown, kMaxShown);
  high = std::clamp(high, -kMaxShown, kMaxShown);
  const double room = std::max((high - low) * 0.06, std::max(std::fabs(high), 1e-6) * 1e-3);
  // Losses do not go below 0; an axis that does would waste room.
  const double bottom = low >= 0 ? std::max(0.0, low - room) : low - room;
  return {bottom, high + room, false};
}

Rect draw_plot(ImDrawList& list, const Rect& area, const Axis& x, const Axis& y,
               std::span<const Series> series, const Theme& theme, std::string_view x_label) {
  const Metrics& m = theme.metrics;
  const std::vector<Tick> y_ticks = ticks(y, std::max(2, static_cast<int>(area.h / m.px(44))));
  float y_width = 0;
  for (const Tick& tick : y_ticks) y_width = std::max(y_width, width_of(theme, tick.label));
  Rect inside = area;
  inside.cut_left(y_width + m.px(8));
  inside.cut_right(m.px(6));
  inside.cut_top(m.px(6));
  inside.cut_bottom(m.small + m.px(6));
  if (inside.w < m.px(20) || inside.h < m.px(20)) return inside;

  const ImU32 grid = theme.color(theme.colors.card_edge);
  const auto snapped = [](float v) { return std::floor(v) + 0.5f; };
  for (const Tick& tick : y_ticks) {
    const float at =
        snapped(inside.bottom() - inside.h * static_cast<float>(y.position(tick.value)));
    list.AddLine({inside.x, at}, {inside.right(), at}, grid);
    label_at(list, theme, inside.x - m.px(8) - width_of(theme, tick.label), at - m.small / 2,
             tick.label);
  }
  const float name_width = width_of(theme, x_label);
  const float name_x = inside.right() - name_width;
  label_at(list, theme, name_x, inside.bottom() + m.px(5), x_label);
  float free_from = area.x;
  for (const Tick& tick : ticks(x, std::max(2, static_cast<int>(inside.w / m.px(42))))) {
    const float at = snapped(inside.x + inside.w * static_cast<float>(x.position(tick.value)));
    list.AddLine({at, inside.bottom()}, {at, inside.bottom() + m.px(4)}, grid);
    const float width = width_of(theme, tick.label), left = at - width / 2;
    if (left >= free_from && left + width < name_x - m.px(6)) {
      free_from = left + width + m.px(4);
      label_at(list, theme, left, inside.bottom() + m.px(5), tick.label);
    }
  }
  list.AddLine({inside.x, snapped(inside.bottom())}, {inside.right(), snapped(inside.bottom())},
               theme.color(theme.colors.muted, 0.6f));

  list.PushClipRect({inside.x, inside.y - m.px(4)}, {inside.right() + m.px(5), inside.bottom() + 1},
                    true);
  for (const Series& one : series) {
    const std::vector<ImVec2> line = screen_line(one, inside, x, y);
    const ImU32 color = theme.color(one.color, one.opacity);
    if (line.size() > 1) {
      list.AddPolyline(line.data(), static_cast<int>(line.size()), color, 0, m.px(one.width));
    }
    if (one.markers || line.size() == 1) {
      // Dots that would touch are left to the line.
      const bool room = static_cast<float>(line.size()) * m.px(7) < inside.w;
      for (const ImVec2& at : line) {
        if (room || &at == &line.back()) list.AddCircleFilled(at, m.px(3), color);
      }
    }
  }
  list.PopClipRect();
  return inside;
}

}  // namespace hourglass::ui
