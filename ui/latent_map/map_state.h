// What the person does with the latent map.
#pragma once

#include <cstdint>
#include <vector>

namespace hourglass::ui {

// The part of the latent plane on show. `scale` is points of the screen per unit of the plane.
struct MapView {
  bool follow = true;  // all points stay in view as they move
  double center_x = 0, center_y = 0;
  double scale = 0;  // 0: not yet known
};

// What a drag on the map does.
enum class MapTool { kPath, kPan, kBox, kLasso };

struct MapPlace {
  double x = 0, y = 0;  // in the map's own coordinates
};

// What the drag under way on the map does.
enum class MapDrag { kNone, kPathFrom, kPathTo, kPan, kSelect };

struct MapState {
  MapView view;
  MapTool tool = MapTool::kPath;
  MapDrag drag = MapDrag::kNone;
  int factor = -1;                        // of the data that colours the points; -1: their class
  std::vector<bool> hidden;               // classes that the legend has switched off, by label
  float factor_low = 0, factor_high = 1;  // shown part of the factor's range, as shares of it
  bool manifold = false;                  // decoded images behind the points
  bool thumbnails = false;                // held-out images in place of some points
  bool path_drawn = false;
  MapPlace path_from, path_to;          // of the decoded images between two places
  bool selecting = false;               // a box or lasso is being drawn
  std::vector<MapPlace> outline;        // of the box (two corners) or lasso under the pointer
  std::vector<std::uint32_t> selected;  // indices of held-out samples, in rising order
  std::uint64_t selections = 0;         // counts changes of `selected`
  bool hovering = false;
  MapPlace hover;
  bool inspector_left = false;  // the corner of what the pointer is over
  std::uint64_t data = 0;       // the revision of the data that all this belongs to
};

}  // namespace hourglass::ui
