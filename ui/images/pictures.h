// What the panels draw of the store's arrays: pictures of images, and the sprite of a point.
// Rebuilt only when the arrays have changed.
#pragma once

#include <imgui.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "ui/images/tile_atlas.h"
#include "ui/kit/texture.h"
#include "ui/latent_map/map_points.h"
#include "ui/state/requests.h"
#include "ui/state/store.h"

namespace hourglass::ui {

enum class ImageRow { kOriginal, kCorrupted, kReconstructed, kDifference };

// |a - b| of images of `channels` channels of `plane` pixels each: one grey value per pixel, the
// mean over the channels. What one of the two lacks at its end is left out.
session::Bytes difference_bytes(const session::Bytes& a, const session::Bytes& b,
                                std::int64_t channels, std::int64_t plane);

// Images side by side in one texture. Grey images are white with the ink in the alpha channel, so
// that the colours of paper and ink are chosen when they are drawn; colour images are opaque.
class ImageAtlas {
 public:
  // `bytes` holds count x channels x rows x columns, of 0 to 255; too few bytes give no pictures.
  void update(std::uint64_t revision, const session::Bytes* bytes, std::int64_t count,
              const session::DataReady& shape);
  // The same of numbers in [0, 1], as many images as there are numbers for.
  void update(std::uint64_t revision, std::span<const float> images,
              const session::DataReady& shape);
  // The grey difference of two such arrays.
  void update_difference(std::uint64_t revision, const session::Bytes* a, const session::Bytes* b,
                         std::int64_t count, const session::DataReady& shape);

  std::uint64_t revision() const { return revision_; }
  int count() const { return count_; }
  bool grey() const { return grey_; }
  ImTextureRef ref() { return texture_.ref(); }
  // The corners of image `index` in texture coordinates.
  void corners(int index, ImVec2& from, ImVec2& to) const;

 private:
  Texture texture_;
  std::uint64_t revision_ = 0;
  int count_ = 0, across_ = 1, rows_ = 0, columns_ = 0;
  bool grey_ = true;
};

// Some channels of every layer that gives images, as small pictures in one texture: white, with the
// magnitude in the alpha channel, each layer's largest being opaque.
class MapAtlas {
 public:
  static constexpr int kMaxMaps = 16;  // of one layer

  void update(std::uint64_t revision, const session::NetworkInfo& network,
              const session::Floats* activations);
  // How many pictures there are of layer `layer`.
  int count(int layer) const;
  // Their corners in texture coordinates.
  void corners(int layer, int map, ImVec2& from, ImVec2& to) const;
  ImTextureRef ref() { return texture_.ref(); }

 private:
  struct Row {
    int first_y = 0, count = 0, width = 0, height = 0;
  };
  std::vector<Row> rows_;  // one per layer
  Texture texture_;
  std::uint64_t revision_ = 0;
};

// Where each part of Snapshot::activations begins: the input, each layer's output, and the end.
// Empty if there are none of this network.
std::vector<std::size_t> activation_offsets(const session::NetworkInfo& network,
                                            const session::Floats* activations);

class Pictures {
 public:
  // The sample whose activations are shown, and what the network makes of it.
  ImageAtlas& sample(const Store& store);
  MapAtlas& maps(const Store& store);

  ImageAtlas& row(ImageRow row, const Store& store);
  // The images that the engine has answered with.
  ImageAtlas& asked(Query what, const Requests& requests, const Store& store);

  // The newest tiles of the weights, in the palette's colours.
  TileAtlas& tiles(const Store& store, const Palette& colors);

  // A white disc of `diameter` pixels with a soft edge, in the middle of a square texture; `extent`
  // is that square's side in pixels.
  ImTextureRef disc(float diameter, float& extent);

  // What is built of the points of the latent map.
  MapPoints& map() { return map_; }
  const MapPoints& map() const { return map_; }

 private:
  ImageAtlas rows_[4];
  std::array<ImageAtlas, static_cast<std::size_t>(Query::kCount)> asked_;
  TileAtlas tiles_;
  ImageAtlas sample_;
  MapAtlas maps_;
  Texture disc_;
  MapPoints map_;
  float disc_diameter_ = 0;
};

}  // namespace hourglass::ui
