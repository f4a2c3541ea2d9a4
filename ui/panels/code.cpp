// One slider per code unit, and the image that the code decodes to.
#include "ui/panels/panel.h"

namespace hourglass::ui {

void draw_code(PanelContext& context) { (void)context; }

}  // namespace hourglass::ui
