// What a variational code says: each unit's divergence from the prior, and one code taken apart
// into mean, deviation and noise.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

// The height in that width: 0 of any other code.
float posterior_height(const PanelContext& context, float width);
void draw_posterior(PanelContext& context, Rect area);

}  // namespace hourglass::ui
