// Plots as SVG: a white sheet with axes, their ticks and names, all of it lines and text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hourglass::session {

// What is written in pictures; plain text, in any language.
struct PlotWords {
  std::string title = "Loss", training = "training", held_out = "held out", epochs = "epochs";
  // Of the latent map: its name and those of its axes.
  std::string map = "Latent map", across = "axis 1", up = "axis 2";
};

// A number of pixels, with two decimals at most.
std::string svg_number(double value);
// Text from outside, so that it is text there, too.
std::string svg_text(std::string_view text);
// A number as it stands beside a tick.
std::string svg_tick(double value);

// From numbers to a share of an axis, 0 at its low end; logarithmic ones have both ends above 0.
struct PlotAxis {
  double low = 0, high = 1;
  bool is_log = false;

  double share(double value) const;
  // 1, 2 or 5 times a power of ten, about `count` of them; on a logarithmic axis all of those.
  std::vector<double> ticks(double count) const;
};

// In pixels from the top left corner: the sheet, and in it the area of the plot.
struct SvgFrame {
  double width, height, left, right, top, bottom;
};

class SvgPlot {
 public:
  SvgPlot(const SvgFrame& frame, PlotAxis across, PlotAxis up)
      : frame_(frame), across_(across), up_(up) {}

  // Places, in pixels.
  std::string x(double value) const;
  std::string y(double value) const;

  // The beginning of the file, which "</svg>" ends: the sheet and its heading.
  std::string head(std::string_view title) const;
  // Ticks with their numbers: lines across the area from those of the vertical axis and, with
  // `both`, from those of the other.
  std::string grid(bool both) const;
  std::string axis_names(std::string_view across, std::string_view up) const;

 private:
  SvgFrame frame_;
  PlotAxis across_, up_;
};

}  // namespace hourglass::session
