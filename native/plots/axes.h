// Axes of plots: where their ticks are, what is written beside them, and colours.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "native/plots/canvas.h"

namespace hourglass {

inline constexpr Canvas::Rgb kInk = 0x1D2530, kFaint = 0x5B6370, kGrid = 0xE9E7E2;
inline constexpr Canvas::Rgb kFrame = 0xB9BDC4, kPaperWhite = 0xFFFFFF, kUnlabelled = 0x3F90DA;

// That of a class, from ten that stay distinguishable under the common kinds of colour-blindness;
// kUnlabelled for a negative label.
Canvas::Rgb class_color(std::int32_t label);

// 1, 2 or 5 times a power of ten, so that about six fit into `span`, which is above 0.
double tick_step(double span);

// `value` with as many digits as ticks `step` apart need.
std::string tick_text(double value, double step);

// The ticks of an axis from `low` to `high`; logarithmic ones (with both above 0) at powers of the
// base 2, 10 or more, whichever gives about that many.
std::vector<double> linear_ticks(double low, double high);
std::vector<double> logarithmic_ticks(double low, double high);

}  // namespace hourglass
