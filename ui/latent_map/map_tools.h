// What a person does to the latent map: tools, and the pointer, wheel and keys on the map itself.
#pragma once

#include "ui/latent_map/map_geometry.h"
#include "ui/latent_map/map_layout.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// The buttons of the arrangement: tools, toggles, zoom, and "show all" while not all is in view.
void draw_map_tools(PanelContext& context, const MapArrangement& at, const MapTransform& map);

// The map as an item: zooms, pans, draws paths and outlines, selects, and notes what the pointer is
// over. Draws nothing. Call it before what lies over the map, which then has the pointer where it
// is.
void use_map(PanelContext& context, const MapTransform& map);

// What two fingers have done over the map, whose place is `area`. To be called before its transform
// is made.
void pinch_map(PanelContext& context, const Rect& area);

// Takes the outline that was drawn as the selection: the points inside it that are shown.
void select_inside(const Store& store, MapState& state, std::span<const MapPlace> outline);
void clear_selection(MapState& state);

}  // namespace hourglass::ui
