#include "core/session/export/curves_svg.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/base/error.h"
#include "core/session/export/svg_plot.h"

namespace hourglass::session {
namespace {

constexpr SvgFrame kFrame{
    .width = 720, .height = 420, .left = 72, .right = 700, .top = 48, .bottom = 368};
constexpr std::size_t kMaxPoints = 2000;
constexpr double kWideRange = 30;
constexpr const char* kTrainingColor = "#3f90da";
constexpr const char* kHeldOutColor = "#e07b39";

struct CurvePoint {
  double x = 0, y = 0;
};

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

PlotAxis value_axis_of(double low, double high) {
  if (low > 0 && high > kWideRange * low) return {low, high, true};
  const double room = high > low ? 0.05 * (high - low) : std::max(std::abs(high), 1.0) * 0.05;
  // 0 is part of the picture where it is near.
  return {low >= 0 && low < high - low ? 0 : low - room, high + room, false};
}

std::string curve_line(const SvgPlot& plot, const std::vector<CurvePoint>& points,
                       const char* color, const char* width) {
  if (points.empty()) return "";
  std::string svg = "<polyline fill=\"none\" stroke=\"" + std::string(color) +
                    "\" stroke-width=\"" + width + "\" stroke-linejoin=\"round\" points=\"";
  for (const CurvePoint& point : points) svg += plot.x(point.x) + "," + plot.y(point.y) + " ";
  svg.back() = '"';
  return svg + "/>\n";
}

std::string curve_dots(const SvgPlot& plot, const std::vector<CurvePoint>& points,
                       const char* color) {
  std::string svg;
  for (const CurvePoint& point : points) {
    svg += "<circle cx=\"" + plot.x(point.x) + "\" cy=\"" + plot.y(point.y) + "\" r=\"3\" fill=\"" +
           color + "\"/>\n";
  }
  return svg;
}

// A stroke of the line's colour, what it is, and its last value.
std::string legend_entry(double at, const char* color, const std::string& name, double last) {
  return "<line x1=\"" + svg_number(at) + "\" x2=\"" + svg_number(at + 22) +
         "\" y1=\"30\" y2=\"30\" stroke=\"" + color + "\" stroke-width=\"2.5\"/>\n<text x=\"" +
         svg_number(at + 28) + "\" y=\"30\" dy=\"0.35em\">" + svg_text(name) + " " +
         svg_tick(std::round(last * 1e5) / 1e5) + "</text>\n";
}

}  // namespace

std::string curves_svg(std::span<const LossPoint> losses, std::span<const EpochMetrics> epochs,
                       const PlotWords& words) {
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
  const SvgPlot plot(kFrame, {0, last > 0 ? last : 1, false}, value_axis_of(low, high));
  std::string svg = plot.head(words.title) + plot.grid(false);
  svg += curve_line(plot, training, kTrainingColor, "1.5");
  svg += curve_line(plot, held_out, kHeldOutColor, "2") + curve_dots(plot, held_out, kHeldOutColor);
  if (!training.empty()) {
    svg += legend_entry(360, kTrainingColor, words.training, training.back().y);
  }
  if (!held_out.empty()) svg += legend_entry(530, kHeldOutColor, words.held_out, held_out.back().y);
  return svg + plot.axis_names(words.epochs, words.title) + "</svg>\n";
}

}  // namespace hourglass::session
