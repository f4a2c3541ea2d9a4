// Cards over the edge of the latent map, made of images that the engine was asked for.
#pragma once

#include "ui/latent_map/map_geometry.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// The images along the path, the selected samples, and what the pointer is over, decoded, beside
// the nearest real sample.
void draw_map_cards(PanelContext& context, const MapTransform& map);

}  // namespace hourglass::ui
