// Numbers with their names, side by side.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ui/kit/kit.h"

namespace hourglass::ui {

struct Figure {
  std::string_view id = {};  // its name among the widgets
  std::string name, value;
  std::string help = {};  // shown under its name when somebody points at it
};

// Draws them from the left, in as many lines as the width asks for; with `draw` false it only
// measures. Returns the height.
float draw_figures(Kit& kit, const Rect& area, std::span<const Figure> figures, bool draw = true);

}  // namespace hourglass::ui
