// Preset, data set, run, pause, step, epoch, reset, speed, seed; help, language and theme.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

// In a low window the row with Run stays, and the rest moves with the cards.
enum class ToolbarPart { kAll, kRow, kRest };

void draw_toolbar(PanelContext& context, ToolbarPart part);

// How high a part will be in `width`, 0 where it has nothing: it breaks into as many lines as it
// needs.
float toolbar_height(const PanelContext& context, Form form, float width, ToolbarPart part);

}  // namespace hourglass::ui
