// The model drawn as what it is: layers as bars whose lengths are their widths.
#include "ui/panels/panel.h"

namespace hourglass::ui {

void draw_hourglass(PanelContext& context) { (void)context; }

}  // namespace hourglass::ui
