#include "native/plots/axes.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace hourglass {
namespace {

// M. A. Petroff's ten-colour sequence ("Accessible Color Sequences for Data Visualization",
// arXiv:2107.02270), which stays distinguishable under the common kinds of colour-blindness. The
// front end uses the same.
constexpr std::array<Canvas::Rgb, 10> kClassColors = {0x3F90DA, 0xFFA90E, 0xBD1F01, 0x94A4A2,
                                                      0x832DB6, 0xA96B59, 0xE76300, 0xB9AC70,
                                                      0x717581, 0x92DADD};

}  // namespace

Canvas::Rgb class_color(std::int32_t label) {
  return label < 0 ? kUnlabelled : kClassColors[static_cast<std::size_t>(label) % 10];
}

double tick_step(double span) {
  const double power = std::pow(10.0, std::floor(std::log10(span / 6)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (span / (power * factor) <= 8) return power * factor;
  }
  return power * 10;
}

std::string tick_text(double value, double step) {
  const int digits = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", digits, std::abs(value) < step / 2 ? 0.0 : value);
  return text;
}

std::vector<double> linear_ticks(double low, double high) {
  std::vector<double> ticks;
  const double step = tick_step(high - low);
  for (double at = std::ceil(low / step) * step; at <= high + step * 1e-9; at += step) {
    ticks.push_back(at);
  }
  return ticks;
}

std::vector<double> logarithmic_ticks(double low, double high) {
  double base = 2;
  while (std::log(high / low) / std::log(base) > 10) base = base == 2 ? 10 : base * 10;
  std::vector<double> ticks;
  const int last = static_cast<int>(std::floor(std::log(high) / std::log(base) + 1e-9));
  for (int power = static_cast<int>(std::ceil(std::log(low) / std::log(base) - 1e-9));
       power <= last; ++power) {
    ticks.push_back(std::pow(base, power));
  }
  return ticks;
}

}  // namespace hourglass
