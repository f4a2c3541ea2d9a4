#include "ui/kit/number_text.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace hourglass::ui {

std::string grouped(std::int64_t value) {
  std::string digits = std::to_string(value);
  const std::size_t first = value < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string significant(double value, int digits) {
  if (value == 0) return "0";
  if (!std::isfinite(value)) return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
  char text[64];
  const double size = std::fabs(value);
  if (size >= 1e-4 && size < 1e7) {
    std::snprintf(text, sizeof text, "%.*g", digits, value);
    // %g turns 12345 into 1.2e+04 where there are few digits; whole numbers read better in full.
    if (std::string(text).find('e') != std::string::npos) {
      std::snprintf(text, sizeof text, "%.0f", value);
    }
    return text;
  }
  int exponent = static_cast<int>(std::floor(std::log10(size)));
  double mantissa = value / std::pow(10.0, exponent);
  std::snprintf(text, sizeof text, "%.*g", digits, mantissa);
  if (std::fabs(std::atof(text)) >= 10) {  // 9.999 rounds up
    std::snprintf(text, sizeof text, "%.*g", digits, mantissa / 10);
    ++exponent;
  }
  return std::string(text) + "e" + std::to_string(exponent);
}

std::string fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

}  // namespace hourglass::ui
