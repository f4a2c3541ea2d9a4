#include "core/session/export/map_svg.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "core/base/error.h"

namespace hourglass::session {
namespace {

constexpr double kSheetWidth = 720, kAreaLeft = 72, kAreaRight = 590, kAreaTop = 48;
constexpr double kAroundPoints = 1.06;
constexpr double kLeastHeight = 0.55;  // of the area, in its widths
constexpr std::size_t kMaxLegend = 20;
constexpr const char* kNoClassColor = "#3f90da";

// M. A. Petroff's sequence (arXiv:2107.02270), which front end and command line use, too.
constexpr std::array<const char*, 10> kMapColors = {"#3f90da", "#ffa90e", "#bd1f01", "#94a4a2",
                                                    "#832db6", "#a96b59", "#e76300", "#b9ac70",
                                                    "#717581", "#92dadd"};

struct Extent {
  double low = 0, high = 0;

  double middle() const { return (low + high) / 2; }
  double span() const { return high - low; }
};

// Of the finite points; `axis`: 0 or 1.
Extent extent_of(const Floats& points, std::size_t axis) {
  Extent extent;
  bool any = false;
  for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
    if (!std::isfinite(points[i]) || !std::isfinite(points[i + 1])) continue;
    const auto value = static_cast<double>(points[i + axis]);
    extent.low = any ? std::min(extent.low, value) : value;
    extent.high = any ? std::max(extent.high, value) : value;
    any = true;
  }
  return extent;
}

SvgPlot plot_of(const Floats& points) {
  const Extent u = extent_of(points, 0), v = extent_of(points, 1);
  double wide = kAroundPoints * u.span(), high = kAroundPoints * v.span();
  if (!(std::max(wide, high) > 1e-12)) wide = high = 1;  // all codes the same
  // As high as the points need, but neither a ribbon nor a tower.
  const double ratio = wide > 0 ? std::clamp(high / wide, kLeastHeight, 1.0) : 1.0;
  wide = std::max(wide, high / ratio);
  high = wide * ratio;
  const double bottom = kAreaTop + (kAreaRight - kAreaLeft) * ratio;
  return {{.width = kSheetWidth,
           .height = bottom + 52,
           .left = kAreaLeft,
           .right = kAreaRight,
           .top = kAreaTop,
           .bottom = bottom},
          {u.middle() - wide / 2, u.middle() + wide / 2, false},
          {v.middle() - high / 2, v.middle() + high / 2, false}};
}

const char* map_color(std::int64_t label) {
  return label < 0 ? kNoClassColor
                   : kMapColors[static_cast<std::size_t>(label) % kMapColors.size()];
}

std::string map_legend(const std::vector<std::string>& names) {
  std::string svg;
  const std::size_t count = std::min(names.size(), kMaxLegend);
  for (std::size_t i = 0; i < count; ++i) {
    const double y = kAreaTop + 8 + 18 * static_cast<double>(i);
    svg += "<circle cx=\"" + svg_number(kAreaRight + 20) + "\" cy=\"" + svg_number(y) +
           "\" r=\"4\" fill=\"" + map_color(static_cast<std::int64_t>(i)) + "\"/>\n<text x=\"" +
           svg_number(kAreaRight + 30) + "\" y=\"" + svg_number(y) + "\" dy=\"0.35em\">" +
           svg_text(names[i]) + (i + 1 == kMaxLegend && names.size() > kMaxLegend ? " …" : "") +
           "</text>\n";
  }
  return svg;
}

}  // namespace

const Floats& points_of_map(const DataReady* data, const Snapshot* snapshot) {
  if (!data || !snapshot || !snapshot->map_points || data->map_points == 0 ||
      snapshot->map_points->size() != 2 * static_cast<std::size_t>(data->map_points)) {
    throw Error("There is no map to save yet: it comes with the first step.");
  }
  return *snapshot->map_points;
}

std::string map_svg(const DataReady* data, const Snapshot* snapshot, const PlotWords& words) {
  const Floats& points = points_of_map(data, snapshot);
  const bool has_labels = data->map_labels.size() == points.size() / 2;
  const SvgPlot plot = plot_of(points);
  std::string svg = plot.head(words.map) + plot.grid(true) + "<g fill-opacity=\"0.7\">\n";
  for (std::size_t i = 0; i < points.size() / 2; ++i) {
    if (!std::isfinite(points[2 * i]) || !std::isfinite(points[2 * i + 1])) continue;
    svg += "<circle cx=\"" + plot.x(static_cast<double>(points[2 * i])) + "\" cy=\"" +
           plot.y(static_cast<double>(points[2 * i + 1])) + "\" r=\"2\" fill=\"" +
           map_color(has_labels ? data->map_labels[i] : -1) + "\"/>\n";
  }
  svg += "</g>\n";
  if (has_labels) svg += map_legend(data->class_names);
  return svg + plot.axis_names(words.across, words.up) + "</svg>\n";
}

}  // namespace hourglass::session
