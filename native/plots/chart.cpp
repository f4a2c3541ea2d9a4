#include "native/plots/chart.h"

#include <algorithm>
#include <cmath>

#include "core/base/write_number.h"
#include "native/plots/axes.h"

namespace hourglass {
namespace {

constexpr float kLeft = 96, kTop = 92, kWidth = 760, kHeight = 440, kRight = 230, kBottom = 78;
constexpr float kTickSize = 11;

// One axis: from its numbers to [0, 1].
struct Axis {
  double low = 0, high = 1;
  bool is_log = false;

  bool holds(double value) const { return std::isfinite(value) && (!is_log || value > 0); }
  double place(double value) const {
    return is_log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  }
  std::vector<double> ticks() const {
    return is_log ? logarithmic_ticks(low, high) : linear_ticks(low, high);
  }
  std::string text(double tick) const {
    return is_log ? shortest_text(tick) : tick_text(tick, tick_step(high - low));
  }
};

Axis axis_of(const Chart& chart, bool is_x) {
  Axis axis{.is_log = is_x ? chart.log_x : chart.log_y};
  bool any = false;
  for (const ChartSeries& series : chart.series) {
    for (const double value : is_x ? series.x : series.y) {
      if (!axis.holds(value)) continue;
      axis.low = any ? std::min(axis.low, value) : value;
      axis.high = any ? std::max(axis.high, value) : value;
      any = true;
    }
  }
  if (!any) axis.low = axis.is_log ? 1 : 0, axis.high = axis.is_log ? 10 : 1;
  if (!is_x && !axis.is_log) axis.low = std::min(axis.low, 0.0);
  const double low = is_x ? chart.low_x : chart.low_y, high = is_x ? chart.high_x : chart.high_y;
  if (std::isfinite(low)) axis.low = low;
  if (std::isfinite(high)) axis.high = high;
  if (!(axis.high > axis.low)) axis.high = axis.is_log ? axis.low * 2 : axis.low + 1;
  if (!is_x && !std::isfinite(high)) {  // air above
    axis.high = axis.is_log ? axis.high * std::pow(axis.high / axis.low, 0.05)
                            : axis.high + 0.05 * (axis.high - axis.low);
  }
  return axis;
}

class Drawing {
 public:
  explicit Drawing(const Chart& chart)
      : chart_(chart),
        x_(axis_of(chart, true)),
        y_(axis_of(chart, false)),
        canvas_(static_cast<int>(kLeft + kWidth + kRight),
                static_cast<int>(kTop + kHeight + kBottom)) {}

  Image draw() {
    draw_axes();
    for (const ChartSeries& series : chart_.series) draw_series(series);
    float word_y = kTop + 16;  // one below the other: marks may stand close together
    for (const auto& [at, word] : chart_.marks) {
      if (!x_.holds(at) || x_.place(at) < 0 || x_.place(at) > 1) continue;
      const float place = x(at);
      canvas_.line(place, kTop, place, kTop + kHeight, 1.5f, kInk, 0.7f);
      canvas_.text(word, place + 6, word_y, 11, 1.3f, kInk);
      word_y += 22;
    }
    draw_words();
    return canvas_.image();
  }

 private:
  float x(double value) const { return kLeft + kWidth * static_cast<float>(x_.place(value)); }
  float y(double value) const {
    const double place = std::clamp(y_.place(value), 0.0, 1.0);
    return kTop + kHeight * static_cast<float>(1 - place);
  }

  void draw_axes() {
    const float bottom = kTop + kHeight, right = kLeft + kWidth;
    for (const double tick : x_.ticks()) {
      const std::string text = x_.text(tick);
      canvas_.line(x(tick), kTop, x(tick), bottom, 1, kGrid);
      canvas_.text(text, x(tick) - Canvas::text_width(text, kTickSize) / 2, bottom + 22, kTickSize,
                   1.3f, kFaint);
    }
    for (const double tick : y_.ticks()) {
      const std::string text = y_.text(tick);
      canvas_.line(kLeft, y(tick), right, y(tick), 1, kGrid);
      canvas_.text(text, kLeft - 10 - Canvas::text_width(text, kTickSize), y(tick) + kTickSize / 2,
                   kTickSize, 1.3f, kFaint);
    }
    canvas_.line(kLeft, bottom, right, bottom, 1, kFrame);
    canvas_.line(kLeft, kTop, kLeft, bottom, 1, kFrame);
  }

  void draw_series(const ChartSeries& series) {
    using Style = ChartSeries::Style;
    if (series.style == Style::kSteps) return draw_steps(series);
    const std::size_t count = std::min(series.x.size(), series.y.size());
    const auto shown = [&](std::size_t i) {
      return x_.holds(series.x[i]) && y_.holds(series.y[i]);
    };
    for (std::size_t i = 0; i < count; ++i) {
      if (!shown(i)) continue;
      if (series.style != Style::kDots && i > 0 && shown(i - 1)) {
        canvas_.line(x(series.x[i - 1]), y(series.y[i - 1]), x(series.x[i]), y(series.y[i]), 2.2f,
                     series.color);
      }
      if (series.style != Style::kLine)
        canvas_.dot(x(series.x[i]), y(series.y[i]), 4, series.color);
    }
  }

  void draw_steps(const ChartSeries& series) {
    const float bottom = kTop + kHeight;
    for (std::size_t i = 0; i < series.y.size(); ++i) {
      if (!y_.holds(series.y[i]) || series.y[i] <= 0) continue;
      const float left = x(series.x[i]), right = x(series.x[i + 1]), top = y(series.y[i]);
      canvas_.box(left, top, right - left, bottom - top, series.color, 0.35f);
      canvas_.line(left, top, right, top, 1.6f, series.color);
    }
  }

  void draw_words() {
    float at = kTop + 16;
    for (const ChartSeries& series : chart_.series) {
      if (series.name.empty()) continue;
      canvas_.dot(kLeft + kWidth + 28, at, 7, series.color);
      canvas_.text(series.name, kLeft + kWidth + 44, at + 6, 12, 1.5f, kInk);
      at += 30;
    }
    canvas_.text(chart_.title, kLeft, 40, 19, 2.2f, kInk);
    canvas_.text(chart_.subtitle, kLeft, 70, 13, 1.5f, kFaint);
    canvas_.text(chart_.across, kLeft + (kWidth - Canvas::text_width(chart_.across, 13)) / 2,
                 kTop + kHeight + 56, 13, 1.5f, kInk);
    canvas_.text_upwards(chart_.up, 26, kTop + (kHeight + Canvas::text_width(chart_.up, 13)) / 2,
                         13, 1.5f, kInk);
  }

  const Chart& chart_;
  Axis x_, y_;
  Canvas canvas_;
};

}  // namespace

Image draw_chart(const Chart& chart) { return Drawing(chart).draw(); }

}  // namespace hourglass
