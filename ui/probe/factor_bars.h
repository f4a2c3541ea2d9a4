// What the code knows of each known factor, as bars.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

// 0 where no factors are known.
float factor_bars_height(const PanelContext& context);
void draw_factor_bars(PanelContext& context, Rect area);

}  // namespace hourglass::ui
