#include "ui/kit/signs.h"

#include <algorithm>

namespace hourglass::ui {
namespace {

float stroke_of(float size) { return std::max(1.2f, size * 0.13f); }

}  // namespace

void draw_lock_sign(ImDrawList& list, ImVec2 center, float size, ImU32 color) {
  constexpr float kHalfTurn = 3.14159265f;
  const auto at = [&](float x, float y) {
    return ImVec2(center.x + x * size, center.y + y * size);
  };
  list.AddRectFilled(at(-0.34f, -0.06f), at(0.34f, 0.46f), color, size * 0.1f);
  list.PathArcTo(at(0, -0.1f), size * 0.22f, -kHalfTurn, 0, 16);
  list.PathStroke(color, 0, stroke_of(size));
}

void draw_check_sign(ImDrawList& list, ImVec2 center, float size, ImU32 color) {
  for (const ImVec2 point : {ImVec2{-0.34f, 0.02f}, ImVec2{-0.1f, 0.26f}, ImVec2{0.36f, -0.26f}}) {
    list.PathLineTo({center.x + point.x * size, center.y + point.y * size});
  }
  list.PathStroke(color, 0, stroke_of(size) * 1.15f);
}

void draw_hidden_sign(ImDrawList& list, ImVec2 center, float size, ImU32 color) {
  const auto at = [&](float x, float y) {
    return ImVec2(center.x + x * size, center.y + y * size);
  };
  for (const float side : {-1.0f, 1.0f}) {
    list.PathLineTo(at(-0.46f, 0));
    list.PathBezierCubicCurveTo(at(-0.2f, 0.4f * side), at(0.2f, 0.4f * side), at(0.46f, 0), 12);
    list.PathStroke(color, 0, stroke_of(size) * 0.8f);
  }
  list.AddCircleFilled(center, size * 0.13f, color, 12);
  list.AddLine(at(-0.36f, 0.4f), at(0.36f, -0.4f), color, stroke_of(size));
}

}  // namespace hourglass::ui
