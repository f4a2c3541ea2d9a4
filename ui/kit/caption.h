// Small titles of parts of a panel.
#pragma once

#include <string_view>

#include "ui/kit/kit.h"

namespace hourglass::ui {

// A line above what it names. Whoever points at it gets `help`, unless that is empty.
void draw_caption(Kit& kit, const Rect& area, std::string_view title, std::string_view help = {},
                  std::string_view formula = {});

}  // namespace hourglass::ui
