// A row of what PCA makes of the images on display, at the network's code size.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

// Sees to it that there is PCA of the data, and that it is asked about the images on display, with
// the noise on them.
void follow_pca(PanelContext& context);

// Draws the row off the top of `rest` and returns where its pictures are. While there are none it
// says what is being done.
Rect draw_pca_row(PanelContext& context, Rect& rest);

// Its errors on the images on display, in their order, while the row is shown; null while it is not
// or they are not known.
const session::Floats* pca_errors(const PanelContext& context);

}  // namespace hourglass::ui
