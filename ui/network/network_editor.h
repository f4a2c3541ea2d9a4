// The window in which the layer that was clicked is edited.
#pragma once

#include "ui/network/network_edits.h"

namespace hourglass::ui {

// `anchor` is what the window is not to cover.
void draw_layer_editor(PanelContext& context, const ShownNetwork& shown, const Rect& anchor);

}  // namespace hourglass::ui
