// The pictures of the network panel, made of the activations.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <vector>

#include "ui/images/pictures.h"
#include "ui/kit/texture.h"
#include "ui/state/store.h"

namespace hourglass::ui {

// Some channels of every layer that gives images, as small pictures in one texture: white, with the
// magnitude in the alpha channel, each layer's largest being opaque.
class FeatureMapAtlas {
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

class NetworkPictures {
 public:
  // The sample whose activations are shown, and what the network makes of it.
  ImageAtlas& sample(const Store& store);
  FeatureMapAtlas& maps(const Store& store);

 private:
  ImageAtlas sample_;
  FeatureMapAtlas maps_;
};

}  // namespace hourglass::ui
