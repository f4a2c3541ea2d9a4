// The help of a control: when it is shown, where, and what it looks like.
#pragma once

#include <string_view>

#include "ui/kit/kit.h"

namespace hourglass::ui {

// Explains the item drawn last when the pointer rests on it, when it has had the keyboard's focus
// for a while, or when a finger has rested on it: then the help stays until the next touch, and
// lifting the finger is no click. `formula` is set apart from the words; it may have several lines.
void draw_help(Kit& kit, std::string_view title, std::string_view help,
               std::string_view footnote = {}, std::string_view formula = {});

}  // namespace hourglass::ui
