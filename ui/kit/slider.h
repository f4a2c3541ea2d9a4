// Sliders.
#pragma once

#include <string_view>

#include "ui/kit/kit.h"

namespace hourglass::ui {

// A slider whose position runs from 0 to 1. Returns true while it is changed. The left and right
// arrows move it while it has the keyboard's focus, by a hundredth, with Shift by a tenth; with
// `key_steps` they do not move it but are counted there, for values that have steps of their own.
// A finger moves it sideways or by a tap: up and down it moves the page.
bool draw_slider(Kit& kit, const Rect& area, std::string_view id, double& position,
                 int* key_steps = nullptr);

}  // namespace hourglass::ui
