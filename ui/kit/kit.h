// What every control gets to draw itself with.
#pragma once

#include "ui/kit/geometry.h"
#include "ui/kit/input.h"
#include "ui/kit/mirror.h"
#include "ui/kit/theme.h"
#include "ui/kit/widgets.h"

namespace hourglass::ui {

struct Kit {
  const Theme& theme;
  Widgets& widgets;
  InputState& input;
  bool& animating;           // set it to ask for another frame soon
  Mirror* mirror = nullptr;  // where this frame is noted, if it is
};

}  // namespace hourglass::ui
