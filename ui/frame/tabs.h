// Panels that share one card: tabs in place of the title, and the chosen panel below them.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

void draw_tabs(PanelContext& context);

}  // namespace hourglass::ui
