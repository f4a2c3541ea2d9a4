// The latent plane on the screen: what is in view, and how it follows the points or the person.
#pragma once

#include <span>
#include <vector>

#include "ui/kit/geometry.h"
#include "ui/latent_map/map_state.h"

namespace hourglass::ui {

// What is known of the points as a whole. Not finite points are left out.
struct MapSummary {
  double left = 0, right = 0, bottom = 0, top = 0;  // of the points; right < left if there are none
  struct Center {
    std::int32_t label;
    double x, y;
  };
  std::vector<Center> centers;  // of each class that has points, by label

  // Whether all points are one, but for rounding: a code that tells nothing apart. Where classes
  // lie has no meaning there.
  bool is_one_place() const;
};

// `points` holds x and y of each point; `labels` one class per point, or nothing.
MapSummary summarize_map(std::span<const float> points, std::span<const std::int32_t> labels);

// Point of the plane -> point of the screen, and back. y points up on the plane.
struct MapTransform {
  Rect area;
  double center_x, center_y, scale;

  float screen_x(double x) const;
  float screen_y(double y) const;
  double plane_x(float x) const;
  double plane_y(float y) const;
};

// The transform of `view` in `area`. A view that follows is first brought to show all points, with
// some margin; it grows at once when points leave it, and shrinks only when they fill less than two
// thirds, so that it does not tremble while the network trains.
MapTransform map_transform(MapView& view, const MapSummary& summary, const Rect& area);

// Zooms by `factor` so that what is under (x, y) on the screen stays there. The view no longer
// follows.
void zoom_map(MapView& view, const MapTransform& transform, float x, float y, double factor);
void pan_map(MapView& view, float dx, float dy);

}  // namespace hourglass::ui
