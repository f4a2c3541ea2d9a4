// The points of the latent map on the screen: which are shown, in which colour, and their vertices,
// which are kept as long as nothing that they depend on has changed.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <span>
#include <vector>

#include "ui/kit/mark.h"
#include "ui/kit/theme.h"
#include "ui/latent_map/map_geometry.h"
#include "ui/latent_map/point_quads.h"
#include "ui/latent_map/thumbnails.h"
#include "ui/state/store.h"

namespace hourglass::ui {

// The colour of share `t` of a factor's range, low to high: blue over grey to yellow, of rising
// lightness, told apart with every common kind of colour-blindness (after the idea of cividis:
// Nunez, Anderton and Renslow, "Optimizing colormaps with consideration for color vision
// deficiency", 2018). Values outside [0, 1] have the colour of the nearer end.
Rgb ramp_color(float t);

// The factor that colours the points, or -1 where that is the class. A factor that the data at hand
// do not know counts as none.
int colouring_factor(const Store& store, const MapState& state);

// Where the value of `factor` of point i lies in the factor's range, as a share of it; not a number
// where it is not known.
float factor_share(const Store& store, int factor, std::size_t i);

// Whether the legend lets point i be seen.
bool point_shown(const Store& store, const MapState& state, std::size_t i);

// Of whatever an answer about the plane depends on besides the places asked about.
Mark plane_mark(const Store& store);

class MapPoints {
 public:
  // What is known of the points as a whole; counted again when they have changed.
  const MapSummary& summary(const Store& store);

  // What the points look like. `half` is half the side of a point's square, `sprite` the texture
  // that fills it. Points in `replaced`, in rising order, are left out: something else is drawn
  // there.
  struct Look {
    MapTransform map;
    float half;
    ImTextureRef sprite;
    const Palette& colors;
    std::span<const std::uint32_t> replaced;
  };
  void draw(ImDrawList& list, const Store& store, const MapState& state, const Look& look);

  // How often the vertices were built, and how many points the last ones are.
  int builds() const { return builds_; }
  std::size_t drawn() const { return quads_.count(); }

  Thumbnails thumbnails;  // the held-out images on the map

 private:
  void build(const Store& store, const MapState& state, const Look& look);

  MapSummary summary_;
  std::uint64_t summary_mark_ = 0;
  PointQuads quads_;
  std::uint64_t mark_ = 0;
  int builds_ = 0;
};

}  // namespace hourglass::ui
