// Rows of a table and what the network makes of them, feature by feature.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

// Whether the samples are rows of a table that can be named one by one.
bool shows_table(const PanelContext& context);

// Cards beside each other, as many as `area` has room for: of each sample a line for each feature
// with its name and two bars, what went in and what came out. The name tells both as shares of the
// feature's range in the data that are trained on.
void draw_table_cards(PanelContext& context, const Rect& area);

}  // namespace hourglass::ui
