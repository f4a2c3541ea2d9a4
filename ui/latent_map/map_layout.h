// Where the parts of the latent map's panel go: tools, what the axes and colours mean, the legend,
// and the map itself, which gets all that is left.
#pragma once

#include <array>
#include <functional>

#include "ui/kit/geometry.h"
#include "ui/kit/theme.h"

namespace hourglass::ui {

struct MapNeeds {
  bool touch = false;  // targets for fingers, and buttons that zoom
  bool color = true;   // there is more than one way to colour the points
  bool axes = false;   // the plane can be chosen
  bool units = false;  // and it is that of two units, which are chosen as well
  // How high the legend is in a width; 0: there is none.
  std::function<float(float width)> legend_height;
};

// An empty rectangle: that part is not there.
struct MapArrangement {
  std::array<Rect, 4> tools;
  std::array<Rect, 2> toggles, zoom;
  Rect fit;  // kept free even while there is nothing to fit, so that nothing jumps
  Rect color, plane, unit_x, unit_y;
  Rect legend, map;
  Rect heading;  // what is left of the heading's line
};

// Tools go into the heading where they fit, else into lines above the map. Choices and the legend
// go below it. In an area that is much wider than high, columns stand left and right of the map
// instead.
MapArrangement arrange_map(const Rect& heading, const Rect& area, const MapNeeds& needs,
                           const Metrics& m);

}  // namespace hourglass::ui
