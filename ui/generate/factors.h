// What is known of a held-out image, moved: a slider for each factor, and what the code then
// draws.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

// The line in which the image is chosen.
float chooser_height(const PanelContext& context);
void draw_chooser(PanelContext& context, Rect area);

// The height of the rest in that width: 0 where no factors are known.
float factors_height(const PanelContext& context, float width);
void draw_factors(PanelContext& context, Rect area);

}  // namespace hourglass::ui
