// A map that the person zooms, moves and points at, and no more: those of applications.
#pragma once

#include <string_view>

#include "ui/latent_map/map_geometry.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// What is kept of it between frames.
struct SimpleMap {
  MapView& view;
  bool& hovering;
  MapPlace& hover;  // what the pointer is over
};

// The map as an item of that id: it zooms, moves, and notes what the pointer is over. Returns
// whether a place was clicked, which is then map.hover. Draws nothing.
bool use_simple_map(PanelContext& context, const MapTransform& transform, std::string_view id,
                    const SimpleMap& map);

// Zooms and moves by what two fingers did. To be called before the transform is made.
void pinch_simple_map(const PanelContext& context, const Rect& area, MapView& view);

}  // namespace hourglass::ui
