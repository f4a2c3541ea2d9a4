#include "ui/kit/scrolling.h"

#include <cmath>

namespace hourglass::ui {
namespace {

bool can_scroll(const ImGuiWindow& window, float direction) {
  constexpr float kSlack = 0.5f;  // less than a point is rounding
  if (window.ScrollMax.y <= kSlack) return false;
  if (window.Flags & ImGuiWindowFlags_NoScrollWithMouse) return false;
  if (direction > 0) return window.Scroll.y < window.ScrollMax.y - kSlack;
  if (direction < 0) return window.Scroll.y > kSlack;
  return true;
}

ImGuiWindow* parent(const ImGuiWindow& window) {
  return window.Flags & ImGuiWindowFlags_ChildWindow ? window.ParentWindow : nullptr;
}

ImGuiWindow* window_at(float x, float y) {
  ImGuiWindow* window = nullptr;
  ImGui::FindHoveredWindowEx({x, y}, false, &window, nullptr);
  return window;
}

}  // namespace

ImGuiWindow* window_to_scroll(ImGuiWindow* window, float direction) {
  while (window && !can_scroll(*window, direction)) window = parent(*window);
  return window;
}

ImGuiWindow* window_to_scroll(float x, float y, float direction) {
  return window_to_scroll(window_at(x, y), direction);
}

void chain_wheel() {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.MouseWheel == 0 || io.KeyCtrl || io.KeyShift) return;
  // Somebody else uses the wheel, such as the map.
  if (!ImGui::TestKeyOwner(ImGuiKey_MouseWheelY, ImGuiKeyOwner_NoOwner)) return;
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  ImGuiWindow* chosen = g.WheelingWindow ? g.WheelingWindow : window_to_scroll(g.HoveredWindow, 0);
  if (!chosen || can_scroll(*chosen, -io.MouseWheel)) return;
  ImGuiWindow* around = parent(*chosen);
  ImGuiWindow* target = around ? window_to_scroll(around, -io.MouseWheel) : nullptr;
  if (!target) return;
  const float step =
      std::floor(std::fmin(5 * target->FontRefSize, target->InnerRect.GetHeight() * 0.67f));
  ImGui::SetScrollY(target, target->Scroll.y - io.MouseWheel * step);
}

void scroll_by_finger(const Widgets& widgets, ImGuiID slider) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.MouseSource != ImGuiMouseSource_TouchScreen || !ImGui::IsMouseDragging(0, 8)) return;
  if (io.MouseDelta.y == 0) return;
  const ImVec2 start = io.MouseClickedPos[0];
  if (slider != 0 || widgets.takes(kDrag, start.x, start.y)) return;
  const bool sideways = std::fabs(io.MousePos.x - start.x) >= std::fabs(io.MousePos.y - start.y);
  if (sideways && widgets.takes(kDragSideways, start.x, start.y)) return;
  ImGuiWindow* target = window_to_scroll(start.x, start.y, -io.MouseDelta.y);
  if (!target) return;
  // What it was pressed on is not clicked when the finger is lifted.
  ImGui::ClearActiveID();
  ImGui::SetScrollY(target, target->Scroll.y - io.MouseDelta.y);
}

}  // namespace hourglass::ui
