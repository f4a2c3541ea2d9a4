// Where the run stands, in one line: what does not fit is left out from the end.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

void draw_status(PanelContext& context);

}  // namespace hourglass::ui
