// What each first-layer unit looks for, what each code unit draws, and how active the layers are.
#pragma once

#include <string>

#include "ui/state/panel.h"

namespace hourglass::ui {

struct WeightsState {
  std::string kind = "inputs";  // of the setting view.tiles, while the panel is on show
  std::string asked;            // the value sent last and not yet confirmed, or ""
  int layer = -1;  // whose histogram is on show where there is room for one; -1: the code's
};

void draw_weights(PanelContext& context);

// Has the engine make the pictures that draw_weights() shows, and only while it is on show. Call it
// once a frame.
void request_tiles(PanelContext& context);

}  // namespace hourglass::ui
