#include "ui/latent_map/point_quads.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace hourglass::ui {

float point_radius(std::size_t count, const Rect& area, const Metrics& m) {
  const float room =
      std::sqrt(area.w * area.h / static_cast<float>(std::max<std::size_t>(count, 1)));
  return std::clamp(room * 0.22f, m.px(1.5f), m.px(3.5f));
}

void PointQuads::clear(std::size_t count) {
  vertices_.clear();
  vertices_.reserve(4 * count);
}

void PointQuads::put(const MapTransform& map, float half, double at_x, double at_y, ImU32 color) {
  const float x = map.screen_x(at_x), y = map.screen_y(at_y);
  const Rect& area = map.area;
  // Written so that what is not finite is nowhere.
  if (!(x > area.x - half && x < area.right() + half && y > area.y - half &&
        y < area.bottom() + half)) {
    return;
  }
  vertices_.push_back({{x - half, y - half}, {0, 0}, color});
  vertices_.push_back({{x + half, y - half}, {1, 0}, color});
  vertices_.push_back({{x + half, y + half}, {1, 1}, color});
  vertices_.push_back({{x - half, y + half}, {0, 1}, color});
}

void PointQuads::draw(ImDrawList& list, const Rect& area, ImTextureRef sprite) const {
  if (vertices_.empty()) return;
  // One reservation and plain copies: ten thousand points a frame must cost next to nothing.
  list.PushClipRect({area.x, area.y}, {area.right(), area.bottom()}, true);
  list.PushTexture(sprite);
  const auto quads = static_cast<int>(count());
  list.PrimReserve(6 * quads, 4 * quads);
  std::memcpy(list._VtxWritePtr, vertices_.data(), vertices_.size() * sizeof(ImDrawVert));
  ImDrawIdx* index = list._IdxWritePtr;
  auto first = static_cast<ImDrawIdx>(list._VtxCurrentIdx);
  for (int i = 0; i < quads; ++i, index += 6, first += 4) {
    index[0] = first;
    index[1] = first + 1;
    index[2] = first + 2;
    index[3] = first;
    index[4] = first + 2;
    index[5] = first + 3;
  }
  list._VtxWritePtr += 4 * quads;
  list._IdxWritePtr = index;
  list._VtxCurrentIdx += static_cast<unsigned int>(4 * quads);
  list.PopTexture();
  list.PopClipRect();
}

}  // namespace hourglass::ui
