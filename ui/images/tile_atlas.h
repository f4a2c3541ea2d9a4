// Signed pictures side by side: what units look for and what they draw.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <vector>

#include "ui/kit/texture.h"
#include "ui/kit/theme.h"
#include "ui/state/store.h"

namespace hourglass::ui {

// The colour of a byte of Snapshot::tiles: 128 is the palette's paper, 255 its positive and 1 (or
// 0) its negative end, and between them the way is straight.
Rgb diverging_color(std::uint8_t value, const Palette& colors);

class TileAtlas {
 public:
  // Takes the snapshot's tiles over when the revision or the palette is another than last time.
  // Tiles of three channels keep their red, green and blue, 0 being grey; of any other number of
  // channels it is the mean that is shown. Tiles that no picture can be made of give none.
  void update(std::uint64_t revision, const session::Snapshot& snapshot, const Palette& colors);

  int count() const { return count_; }
  bool colored() const { return colored_; }
  // Width of a tile by its height.
  float aspect() const { return aspect_; }
  // Whether tile `index` holds nothing but zeros.
  bool blank(int index) const { return blank_[static_cast<std::size_t>(index)]; }
  ImTextureRef ref() { return texture_.ref(); }
  // The corners of tile `index` in texture coordinates.
  void corners(int index, ImVec2& from, ImVec2& to) const;

 private:
  Texture texture_;
  std::uint64_t revision_ = 0;
  Rgb paper_ = 0;
  int count_ = 0, across_ = 1, width_ = 0, height_ = 0;
  float aspect_ = 1;
  bool colored_ = false;
  std::vector<bool> blank_;
};

// How `count` tiles are arranged.
struct TileGrid {
  int columns = 0;
  float cell = 0;    // side of a tile's place
  float height = 0;  // of all lines
  bool scrolls = false;
};

// The largest places, between `least` and `most`, with which all tiles fit into width x height;
// where even the smallest do not, they keep to the width less `bar` and scroll.
TileGrid arrange_tiles(int count, float width, float height, float least, float most, float spacing,
                       float bar);

}  // namespace hourglass::ui
