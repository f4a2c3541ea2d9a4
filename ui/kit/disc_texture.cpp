#include "ui/kit/disc_texture.h"

#include <algorithm>
#include <cmath>

namespace hourglass::ui {

ImTextureRef DiscTexture::get(float diameter, float& extent) {
  diameter = std::clamp(diameter, 1.0f, 64.0f);
  const int side = static_cast<int>(std::ceil(diameter)) + 2;
  extent = static_cast<float>(side);
  if (!texture_.ready() || diameter != diameter_) {
    diameter_ = diameter;
    texture_.update(side, side, [&](std::span<std::uint8_t> pixels) {
      const float middle = static_cast<float>(side) / 2;
      for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
          const float dx = static_cast<float>(x) + 0.5f - middle;
          const float dy = static_cast<float>(y) + 0.5f - middle;
          const float cover = diameter / 2 + 0.5f - std::sqrt(dx * dx + dy * dy);
          std::uint8_t* out = pixels.data() + 4 * (y * side + x);
          out[0] = out[1] = out[2] = 255;
          out[3] = static_cast<std::uint8_t>(std::clamp(cover, 0.0f, 1.0f) * 255.0f + 0.5f);
        }
      }
    });
  }
  return texture_.ref();
}

}  // namespace hourglass::ui
