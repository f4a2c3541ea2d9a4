// Images on either side of the threshold, and the anomalies that the network restores best.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

float examples_height(const PanelContext& context, float width);
void draw_examples(PanelContext& context, Rect area);

}  // namespace hourglass::ui
