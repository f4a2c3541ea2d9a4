// The sprite of a point: a white disc with a soft edge.
#pragma once

#include <imgui.h>

#include "ui/kit/texture.h"

namespace hourglass::ui {

class DiscTexture {
 public:
  // A disc of `diameter` pixels in the middle of a square texture; `extent` is that square's side
  // in pixels.
  ImTextureRef get(float diameter, float& extent);

 private:
  Texture texture_;
  float diameter_ = 0;
};

}  // namespace hourglass::ui
