// The page of help: what this is, and the keys.
#pragma once

#include "ui/panels/panel.h"

namespace hourglass::ui {

// Draws it over everything while context.view.help_open is set; it closes itself.
void draw_help_page(PanelContext& context);

}  // namespace hourglass::ui
