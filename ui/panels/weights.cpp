// What each first-layer unit looks for, and what each code unit draws.
#include "ui/panels/panel.h"

namespace hourglass::ui {

void draw_weights(PanelContext& context) { (void)context; }

}  // namespace hourglass::ui
