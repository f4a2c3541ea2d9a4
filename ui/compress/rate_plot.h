// Bytes an image against what is lost, a curve for each way to store it.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

// A click looks at the nearest point.
void draw_rate_plot(PanelContext& context, Rect area);

}  // namespace hourglass::ui
