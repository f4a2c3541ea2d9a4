// A slider under its name and its value.
#pragma once

#include <string>
#include <string_view>

#include "ui/kit/kit.h"

namespace hourglass::ui {

struct LabelledSlider {
  std::string_view id = {};  // also its name among the widgets
  std::string_view label = {};
  std::string_view value = {};  // as text, at the right end
  std::string_view help = {};
};

// Draws it into the upper end of `area`, as high as slider_height() of ui/state/layout.h. As
// draw_slider() otherwise.
bool draw_labelled_slider(Kit& kit, const Rect& area, const LabelledSlider& slider,
                          double& position, int* key_steps = nullptr);

}  // namespace hourglass::ui
