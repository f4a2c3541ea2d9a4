// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace hourglass::ui {

// 58300 -> "58,300".
std::string grouped(std::int64_t value);

// With `digits` significant digits and no more than are needed: 0.10834 -> "0.108", 1e-6 -> "1e-6",
// 2 -> "2".
std::string significant(double value, int digits);

// With exactly `decimals` digits after the point.
std::string fixed(double value, int decimals);

}  // namespace hourglass::ui
