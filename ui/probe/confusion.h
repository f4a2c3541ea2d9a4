// The confusion matrix: images in its cells, and all of those of the chosen one.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

float confusion_height(const PanelContext& context, float width);
void draw_confusion(PanelContext& context, Rect area);

// The chosen cell's images, or how to choose one.
float chosen_cell_height(const PanelContext& context, float width);
void draw_chosen_cell(PanelContext& context, Rect area);

}  // namespace hourglass::ui
