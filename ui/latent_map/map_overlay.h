// What lies behind and over the points of the latent map: pictures of places and of samples.
#pragma once

#include "ui/latent_map/map_geometry.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// Forgets what belonged to a data set that is no longer in use.
void follow_data(PanelContext& context);

// Behind the points: what the places of a regular grid decode to.
void draw_manifold(PanelContext& context, const MapTransform& map);

// Chooses the points that are drawn as their images, and asks for those. To be called before the
// points are drawn, which leave them out.
void place_map_thumbnails(PanelContext& context, const MapTransform& map);
void draw_map_thumbnails(PanelContext& context, const MapTransform& map);

// A ring around point `index`, or a frame where its image stands in for it; nothing if it is none.
void draw_point_ring(PanelContext& context, const MapTransform& map, std::int64_t index, Rgb color);

// Over the points: the sample in use, and the outline or the path that is being drawn.
void draw_map_marks(PanelContext& context, const MapTransform& map);

}  // namespace hourglass::ui
