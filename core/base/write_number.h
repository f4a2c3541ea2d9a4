// Numbers to text where every program must write the same.
#pragma once

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace hourglass {

// The shortest decimal text that reads back as `value`, as std::to_chars writes it: plain digits or
// an exponent, whichever is shorter ("0.001", "1e-07", "50", "1e+05"). Not std::to_chars itself:
// its tables would be a tenth of what a browser loads.
inline std::string shortest_text(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
  char text[40];
  int digits = 0;
  do {
    std::snprintf(text, sizeof text, "%.*e", digits, value);
  } while (std::strtod(text, nullptr) != value && ++digits < 17);
  std::string scientific = text;
  const int exponent = std::atoi(text + scientific.find('e') + 1);
  const int decimals = digits > exponent ? digits - exponent : 0;
  // Digits and zeros alone, if that is no longer; large whole numbers may have to give digits that
  // are not zeros.
  const int plain_length = (value < 0 || std::signbit(value) ? 1 : 0) +
                           (exponent >= 0 ? exponent + 1 : 1) + (decimals > 0 ? decimals + 1 : 0);
  if (plain_length > static_cast<int>(scientific.size())) return scientific;
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

}  // namespace hourglass
