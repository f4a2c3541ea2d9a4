// The page of help: what this is, and the keys.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

// Opens it where context.view.help_wanted is set, and draws it over everything until it is closed.
void draw_help_page(PanelContext& context);

}  // namespace hourglass::ui
