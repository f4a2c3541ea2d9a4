// The names of classes among their points, readable without telling colours apart.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "ui/latent_map/map_geometry.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// Draws the name of each class at its centre. One that would lie over another, or over a rectangle
// of `taken`, makes way a little or is left out. `shown` says which classes are on show.
void draw_class_tags(PanelContext& context, const MapTransform& map,
                     std::span<const MapSummary::Center> centers, std::vector<Rect> taken,
                     const std::function<bool(std::int32_t)>& shown);

}  // namespace hourglass::ui
