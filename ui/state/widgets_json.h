// The places of the visible widgets, for tests and programs outside.
#pragma once

#include <string>

#include "ui/kit/widgets.h"

namespace hourglass::ui {

// {"run":[x,y,width,height],...} in points, to a tenth of a point.
std::string widgets_json(const Widgets& widgets);

}  // namespace hourglass::ui
