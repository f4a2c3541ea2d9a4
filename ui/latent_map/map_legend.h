// What the colours of the latent map mean, and switches for which of them are shown.
#pragma once

#include "ui/latent_map/map_geometry.h"
#include "ui/latent_map/map_layout.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// The name of a factor in the language on show, or the data set's own.
std::string factor_name(const PanelContext& context, const session::FactorInfo& factor);

// How high the legend is in `width`; 0 if there is nothing to tell.
float map_legend_height(const PanelContext& context, const MapSummary& summary, float width);

// Draws it: a button for each class, which a click switches off and on and a double click or a long
// press leaves alone on show; or the range of a factor between two handles.
void draw_map_legend(PanelContext& context, const Rect& area, const MapSummary& summary);

// The choice of what colours the points.
void draw_map_color(PanelContext& context, const Rect& area);

}  // namespace hourglass::ui
