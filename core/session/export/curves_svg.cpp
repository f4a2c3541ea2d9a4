#include "core/session/export/curves_svg.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/write_number.h"

namespace hourglass::session {
namespace {

constexpr double kWidth = 720, kHeight = 420;
constexpr double kLeft = 64, kRight = 700, kTop = 48, kBottom = 368;
constexpr std::size_t kMaxPoints = 2000;
constexpr double kWideRange = 30;
constexpr const char* kTrainingColor = "#3f90da";
constexpr const char* kHeldOutColor = "#e07b39";

struct CurvePoint {
  double x = 0, y = 0;
};

struct Axis {
  double low = 0, high = 1;
  bool is_log = false;

  double share(double value) const {
    if (is_log) return (std::log10(value) - std::log10(low)) / (std::log10(high) - std::log10(low));
    return (value - low) / (high - low);
  }
};

std::string decimals(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : printable(text)) {
    safe += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  }
  return safe;
}

// 1, 2 or 5 times a power of ten, so that about `count` steps fill the span.
double step_of(double span, double count) {
  const double rough = span / count;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) return factor * power;
  }
  return 10 * power;
}

std::vector<double> ticks_of(const Axis& axis, double count) {
  std::vector<double> ticks;
  if (!axis.is_log) {
    const double step = step_of(axis.high - axis.low, count);
    const double first = std::ceil(axis.low / step - 1e-9);
    for (double k = first; k * step <= axis.high + step * 1e-9; ++k) ticks.push_back(k * step);
    return ticks;
  }
  for (double power = std::floor(std::log10(axis.low)); power <= std::log10(axis.high); ++power) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double tick = factor * std::pow(10.0, power);
      if (tick >= axis.low && tick <= axis.high) ticks.push_back(tick);
    }
  }
  return ticks;
}

std::string tick_words(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

// Means of as many neighbours as make no more than kMaxPoints of them.
std::vector<CurvePoint> training_points(std::span<const LossPoint> losses) {
  const std::size_t each = (losses.size() + kMaxPoints - 1) / kMaxPoints;
  std::vector<CurvePoint> points;
  for (std::size_t i = 0; i < losses.size(); i += each) {
    const auto some = losses.subspan(i, std::min(each, losses.size() - i));
    CurvePoint mean;
    double count = 0;
    for (const LossPoint& point : some) {
      if (!std::isfinite(point.loss) || !std::isfinite(point.epoch)) continue;
      mean.x += point.epoch;
      mean.y += point.loss;
      ++count;
    }
    if (count > 0) points.push_back({mean.x / count, mean.y / count});
  }
  return points;
}

std::vector<CurvePoint> held_out_points(std::span<const EpochMetrics> epochs) {
  std::vector<CurvePoint> points;
  for (const EpochMetrics& epoch : epochs) {
    if (std::isfinite(epoch.test_loss)) {
      points.push_back({static_cast<double>(epoch.epoch), epoch.test_loss});
    }
  }
  return points;
}

Axis axis_of(double low, double high, bool may_be_log) {
  Axis axis{low, high, may_be_log && low > 0 && high > kWideRange * low};
  if (axis.is_log) return axis;
  const double room = high > low ? 0.05 * (high - low) : std::max(std::abs(high), 1.0) * 0.05;
  axis.high = high + room;
  // 0 is part of the picture where it is near.
  axis.low = low >= 0 && low < (high - low) ? 0 : low - room;
  return axis;
}

class Drawing {
 public:
  Drawing(Axis across, Axis up) : across_(across), up_(up) {}

  std::string x(double value) const {
    return decimals(kLeft + (kRight - kLeft) * across_.share(value));
  }
  std::string y(double value) const {
    return decimals(kBottom - (kBottom - kTop) * up_.share(value));
  }

  std::string grid() const {
    std::string svg;
    for (const double tick : ticks_of(up_, 6)) {
      svg += "<line x1=\"" + decimals(kLeft) + "\" x2=\"" + decimals(kRight) + "\" y1=\"" +
             y(tick) + "\" y2=\"" + y(tick) + "\" stroke=\"#e9e7e2\"/>\n<text x=\"" +
             decimals(kLeft - 8) + "\" y=\"" + y(tick) + "\" dy=\"0.35em\" text-anchor=\"end\">" +
             tick_words(tick) + "</text>\n";
    }
    for (const double tick : ticks_of(across_, 8)) {
      svg += "<text x=\"" + x(tick) + "\" y=\"" + decimals(kBottom + 18) +
             "\" text-anchor=\"middle\">" + tick_words(tick) + "</text>\n";
    }
    return svg + "<line x1=\"" + decimals(kLeft) + "\" x2=\"" + decimals(kRight) + "\" y1=\"" +
           decimals(kBottom) + "\" y2=\"" + decimals(kBottom) + "\" stroke=\"#b9bdc4\"/>\n";
  }

  std::string line(const std::vector<CurvePoint>& points, const char* color,
                   const char* width) const {
    if (points.empty()) return "";
    std::string svg = "<polyline fill=\"none\" stroke=\"" + std::string(color) +
                      "\" stroke-width=\"" + width + "\" stroke-linejoin=\"round\" points=\"";
    for (const CurvePoint& point : points) svg += x(point.x) + "," + y(point.y) + " ";
    svg.back() = '"';
    return svg + "/>\n";
  }

  std::string dots(const std::vector<CurvePoint>& points, const char* color) const {
    std::string svg;
    for (const CurvePoint& point : points) {
      svg += "<circle cx=\"" + x(point.x) + "\" cy=\"" + y(point.y) + "\" r=\"3\" fill=\"" + color +
             "\"/>\n";
    }
    return svg;
  }

 private:
  Axis across_, up_;
};

// A stroke of the line's colour, what it is, and its last value.
std::string legend_entry(double at, const char* color, const std::string& name, double last) {
  return "<line x1=\"" + decimals(at) + "\" x2=\"" + decimals(at + 22) +
         "\" y1=\"30\" y2=\"30\" stroke=\"" + color + "\" stroke-width=\"2.5\"/>\n<text x=\"" +
         decimals(at + 28) + "\" y=\"30\" dy=\"0.35em\">" + escaped(name) + " " +
         tick_words(std::round(last * 1e5) / 1e5) + "</text>\n";
}

}  // namespace

std::string curves_svg(std::span<const LossPoint> losses, std::span<const EpochMetrics> epochs,
                       const CurveWords& words) {
  const std::vector<CurvePoint> training = training_points(losses),
                                held_out = held_out_points(epochs);
  if (training.empty() && held_out.empty()) {
    throw Error("There is no curve to save: nothing has been trained yet.");
  }
  double low = std::numeric_limits<double>::infinity(), high = -low, last = 0;
  for (const auto* const points : {&training, &held_out}) {
    for (const CurvePoint& point : *points) {
      low = std::min(low, point.y);
      high = std::max(high, point.y);
      last = std::max(last, point.x);
    }
  }
  const Drawing drawing({0, last > 0 ? last : 1}, axis_of(low, high, true));
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + tick_words(kWidth) +
                    "\" height=\"" + tick_words(kHeight) + "\" viewBox=\"0 0 " +
                    tick_words(kWidth) + " " + tick_words(kHeight) +
                    "\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#5b6370\">\n"
                    "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n<text x=\"" +
                    decimals(kLeft) +
                    "\" y=\"30\" dy=\"0.35em\" font-size=\"15\" font-weight=\"600\" "
                    "fill=\"#1d2530\">" +
                    escaped(words.title) + "</text>\n" + drawing.grid();
  svg += drawing.line(training, kTrainingColor, "1.5");
  svg += drawing.line(held_out, kHeldOutColor, "2") + drawing.dots(held_out, kHeldOutColor);
  if (!training.empty()) {
    svg += legend_entry(360, kTrainingColor, words.training, training.back().y);
  }
  if (!held_out.empty()) svg += legend_entry(530, kHeldOutColor, words.held_out, held_out.back().y);
  return svg + "<text x=\"" + decimals((kLeft + kRight) / 2) + "\" y=\"" + decimals(kHeight - 14) +
         "\" text-anchor=\"middle\">" + escaped(words.epochs) + "</text>\n</svg>\n";
}

}  // namespace hourglass::session
