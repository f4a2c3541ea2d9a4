#include "core/session/export/svg_plot.h"

#include <cmath>
#include <cstdio>

#include "core/base/text.h"

namespace hourglass::session {
namespace {

constexpr const char* kGridColor = "#e9e7e2";
constexpr const char* kAxisColor = "#b9bdc4";

double plot_step(double span, double count) {
  const double rough = span / count;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) return factor * power;
  }
  return 10 * power;
}

std::string svg_line(const std::string& x1, const std::string& y1, const std::string& x2,
                     const std::string& y2, const char* color) {
  return "<line x1=\"" + x1 + "\" y1=\"" + y1 + "\" x2=\"" + x2 + "\" y2=\"" + y2 + "\" stroke=\"" +
         color + "\"/>\n";
}

}  // namespace

std::string svg_number(double value) {
  char text[400];
  std::snprintf(text, sizeof text, "%.2f", value);
  std::string number = text;
  while (number.back() == '0') number.pop_back();
  if (number.back() == '.') number.pop_back();
  return number;
}

std::string svg_text(std::string_view text) {
  std::string safe;
  for (const char c : printable(text)) {
    safe += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  }
  return safe;
}

std::string svg_tick(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

double PlotAxis::share(double value) const {
  if (is_log) return (std::log10(value) - std::log10(low)) / (std::log10(high) - std::log10(low));
  return (value - low) / (high - low);
}

std::vector<double> PlotAxis::ticks(double count) const {
  std::vector<double> ticks;
  if (!is_log) {
    const double step = plot_step(high - low, count);
    const double first = std::ceil(low / step - 1e-9);
    // Not -0, which is written so.
    for (double k = first; k * step <= high + step * 1e-9; ++k) ticks.push_back(k * step + 0.0);
    return ticks;
  }
  for (double power = std::floor(std::log10(low)); power <= std::log10(high); ++power) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double tick = factor * std::pow(10.0, power);
      if (tick >= low && tick <= high) ticks.push_back(tick);
    }
  }
  return ticks;
}

std::string SvgPlot::x(double value) const {
  return svg_number(frame_.left + (frame_.right - frame_.left) * across_.share(value));
}

std::string SvgPlot::y(double value) const {
  return svg_number(frame_.bottom - (frame_.bottom - frame_.top) * up_.share(value));
}

std::string SvgPlot::head(std::string_view title) const {
  const std::string width = svg_number(frame_.width), height = svg_number(frame_.height);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height +
         "\" viewBox=\"0 0 " + width + " " + height +
         "\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#5b6370\">\n"
         "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n<text x=\"" +
         svg_number(frame_.left) +
         "\" y=\"30\" dy=\"0.35em\" font-size=\"15\" font-weight=\"600\" fill=\"#1d2530\">" +
         svg_text(title) + "</text>\n";
}

std::string SvgPlot::grid(bool both) const {
  const std::string left = svg_number(frame_.left), right = svg_number(frame_.right),
                    top = svg_number(frame_.top), bottom = svg_number(frame_.bottom);
  const double aspect = (frame_.right - frame_.left) / (frame_.bottom - frame_.top);
  std::string svg;
  for (const double tick : up_.ticks(6)) {
    svg += svg_line(left, y(tick), right, y(tick), kGridColor) + "<text x=\"" +
           svg_number(frame_.left - 8) + "\" y=\"" + y(tick) +
           "\" dy=\"0.35em\" text-anchor=\"end\">" + svg_tick(tick) + "</text>\n";
  }
  for (const double tick : across_.ticks(both ? 6 * aspect : 8)) {
    if (both) svg += svg_line(x(tick), top, x(tick), bottom, kGridColor);
    svg += "<text x=\"" + x(tick) + "\" y=\"" + svg_number(frame_.bottom + 18) +
           "\" text-anchor=\"middle\">" + svg_tick(tick) + "</text>\n";
  }
  svg += svg_line(left, bottom, right, bottom, kAxisColor);
  if (both) svg += svg_line(left, top, left, bottom, kAxisColor);
  return svg;
}

std::string SvgPlot::axis_names(std::string_view across, std::string_view up) const {
  const std::string middle = svg_number((frame_.top + frame_.bottom) / 2);
  return "<text x=\"" + svg_number((frame_.left + frame_.right) / 2) + "\" y=\"" +
         svg_number(frame_.bottom + 38) + "\" text-anchor=\"middle\">" + svg_text(across) +
         "</text>\n<text x=\"18\" y=\"" + middle +
         "\" text-anchor=\"middle\" transform=\"rotate(-90 18 " + middle + ")\">" + svg_text(up) +
         "</text>\n";
}

}  // namespace hourglass::session
