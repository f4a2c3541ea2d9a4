// The run as it was at earlier moments: a slider over its kept steps, played like a film.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

// Cuts the timeline off the lower end of `inside`; nothing where there is no moment but now,
// or where a lesson hides it.
void draw_timeline(PanelContext& context, Rect& inside);

// While it plays, puts the next moment on display once the last one is there. To be called with
// each frame, whether the timeline is drawn or not.
void play_timeline(PanelContext& context);

}  // namespace hourglass::ui
