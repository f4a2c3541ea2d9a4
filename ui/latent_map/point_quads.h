// Many points as one list of textured squares, whose vertices are kept as long as nothing that they
// depend on has changed.
#pragma once

#include <imgui.h>

#include <cstddef>
#include <vector>

#include "ui/kit/theme.h"
#include "ui/latent_map/map_geometry.h"

namespace hourglass::ui {

// Radius of a point in points of the screen: fewer points are drawn larger.
float point_radius(std::size_t count, const Rect& area, const Metrics& metrics);

class PointQuads {
 public:
  // Forgets the points, and keeps room for `count`.
  void clear(std::size_t count);
  // A point at (x, y) of the plane, with squares of side 2 * `half`; nothing where it is out of the
  // map's area or not finite.
  void put(const MapTransform& map, float half, double x, double y, ImU32 color);
  // `sprite` fills the squares.
  void draw(ImDrawList& list, const Rect& area, ImTextureRef sprite) const;
  std::size_t count() const { return vertices_.size() / 4; }

 private:
  std::vector<ImDrawVert> vertices_;
};

}  // namespace hourglass::ui
