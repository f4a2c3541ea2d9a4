// Which points and places of the latent plane a pointer, a path or an outline means. Pure
// functions.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "ui/latent_map/map_geometry.h"

namespace hourglass::ui {

// Whether point i may be chosen; an empty one allows all.
using MapFilter = std::function<bool(std::size_t)>;

// Whether (x, y) lies inside the closed outline. Where the outline crosses itself, what it goes
// around is inside, however often (nonzero winding rule: D. Sunday, "Inclusion of a Point in a
// Polygon", 2001). An outline of fewer than three corners has no inside.
bool inside_outline(std::span<const MapPlace> outline, double x, double y);

// The indices of the points, x and y of each, inside the outline that the filter allows, in rising
// order. Points that are not finite are inside nothing.
std::vector<std::uint32_t> points_inside(std::span<const float> points,
                                         std::span<const MapPlace> outline,
                                         const MapFilter& allowed);

// The corners of the box between two opposite ones.
std::vector<MapPlace> box_outline(const MapPlace& from, const MapPlace& to);

// The point nearest to (x, y) on the plane within `reach` of it, or -1.
std::int64_t nearest_point(std::span<const float> points, double x, double y, double reach,
                           const MapFilter& allowed);

// `count` places (at least 2) from one to the other, both ends among them, x and y of each.
std::vector<float> interpolated_places(const MapPlace& from, const MapPlace& to, int count);

// The middles of `columns` x `rows` equal cells of the visible part of the plane, row by row from
// the top left of the screen.
std::vector<float> grid_places(const MapTransform& map, int columns, int rows);

// Points that have room for a picture of `side` on the screen: those of `kept` that still have it,
// in their order, then others by their index, at most `most`. No two pictures overlap, and all lie
// within the map's area. What was shown stays while it can, so that pictures do not flicker.
std::vector<std::uint32_t> place_thumbnails(std::span<const float> points, const MapTransform& map,
                                            float side, std::size_t most,
                                            std::span<const std::uint32_t> kept,
                                            const MapFilter& allowed);

}  // namespace hourglass::ui
