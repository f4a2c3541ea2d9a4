// Images of codes that were drawn, and the way from one of them to another.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

// The height that they need at least in that width, and drawing them: with more, larger.
float samples_height(const PanelContext& context, float width);
void draw_samples(PanelContext& context, Rect area);

}  // namespace hourglass::ui
