// Curves and steps over one axis.
#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "core/formats/png.h"
#include "native/plots/canvas.h"

namespace hourglass {

struct ChartSeries {
  enum class Style { kLine, kDots, kLineAndDots, kSteps };

  std::string name;  // in the legend; "": not there
  std::vector<double> x, y;
  Canvas::Rgb color = 0x3F90DA;
  // kSteps draws y[i] from x[i] to x[i + 1], filled down to the axis; x has one more element.
  Style style = Style::kLine;
};

struct Chart {
  std::string title, subtitle, across, up;
  bool log_x = false, log_y = false;  // what is not above 0 is then left out
  std::vector<ChartSeries> series;
  // Vertical lines with a word at their top.
  std::vector<std::pair<double, std::string>> marks;
  // Ends of the axes; NaN: those of the series (and 0 for the lower end of a linear y axis).
  double low_x = std::numeric_limits<double>::quiet_NaN(), high_x = low_x;
  double low_y = low_x, high_y = low_x;
};

// What is not finite is left out, and breaks a line.
Image draw_chart(const Chart& chart);

}  // namespace hourglass
