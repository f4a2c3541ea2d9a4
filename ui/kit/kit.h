// What every control gets to draw itself with.
#pragma once

#include "ui/kit/geometry.h"
#include "ui/kit/input.h"
#include "ui/kit/theme.h"
#include "ui/kit/widgets.h"

namespace hourglass::ui {

struct Kit {
  const Theme& theme;
  Widgets& widgets;
  InputState& input;
  bool& animating;  // set it to ask for another frame soon
};

}  // namespace hourglass::ui
