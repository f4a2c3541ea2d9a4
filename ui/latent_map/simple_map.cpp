#include "ui/latent_map/simple_map.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "ui/kit/controls.h"

namespace hourglass::ui {
namespace {

constexpr double kZoomOfKey = 1.4, kZoomOfWheel = 1.2;

void use_simple_keys(const PanelContext& context, const MapTransform& transform, MapView& view) {
  const ImGuiIO& io = ImGui::GetIO();
  if (!ImGui::IsItemFocused() || io.WantTextInput || io.KeyCtrl || io.KeyAlt || io.KeySuper) return;
  const ImGuiID id = ImGui::GetItemID();
  const float step = context.theme.metrics.px(30);
  const auto arrow = [&](ImGuiKey key, float dx, float dy) {
    // Else the arrow would also move the keyboard's focus to the next widget.
    ImGui::SetKeyOwner(key, id);
    if (ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id)) pan_map(view, dx, dy);
  };
  arrow(ImGuiKey_LeftArrow, step, 0);
  arrow(ImGuiKey_RightArrow, -step, 0);
  arrow(ImGuiKey_UpArrow, 0, step);
  arrow(ImGuiKey_DownArrow, 0, -step);
  const auto pressed = [](ImGuiKey key, ImGuiKey keypad) {
    return ImGui::IsKeyPressed(key) || ImGui::IsKeyPressed(keypad);
  };
  const Rect& area = transform.area;
  const float x = area.x + area.w / 2, y = area.y + area.h / 2;
  if (pressed(ImGuiKey_Equal, ImGuiKey_KeypadAdd)) zoom_map(view, transform, x, y, kZoomOfKey);
  if (pressed(ImGuiKey_Minus, ImGuiKey_KeypadSubtract)) {
    zoom_map(view, transform, x, y, 1 / kZoomOfKey);
  }
  if (pressed(ImGuiKey_0, ImGuiKey_Keypad0)) view = {};
}

}  // namespace

bool use_simple_map(PanelContext& context, const MapTransform& transform, std::string_view id,
                    const SimpleMap& map) {
  const Rect& area = transform.area;
  ImGui::SetCursorScreenPos(top_left(area));
  ImGui::SetNextItemAllowOverlap();
  ImGui::InvisibleButton(("##" + std::string(id)).c_str(),
                         {std::max(1.0f, area.w), std::max(1.0f, area.h)},
                         ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_EnableNav);
  register_item(context, id);
  mirror_item(context, {.role = MirrorRole::kPicture});
  take_gestures(context, area, kDrag | kWheel);
  ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
  const ImGuiIO& io = ImGui::GetIO();
  const bool hovered = ImGui::IsItemHovered(), active = ImGui::IsItemActive();
  if (hovered && io.MouseWheel != 0) {
    zoom_map(map.view, transform, io.MousePos.x, io.MousePos.y,
             std::pow(kZoomOfWheel, static_cast<double>(io.MouseWheel)));
  }
  if (hovered && ImGui::IsMouseDoubleClicked(0)) map.view = {};
  const float moved = context.theme.metrics.touch ? 8.0f : 4.0f;
  const bool drags = active && ImGui::IsMouseDragging(0, moved);
  if (drags) pan_map(map.view, io.MouseDelta.x, io.MouseDelta.y);
  const bool over = (hovered || active) && ImGui::IsMousePosValid();
  if (over) {
    map.hovering = !drags;
    map.hover = {transform.plane_x(io.MousePos.x), transform.plane_y(io.MousePos.y)};
  } else if (!context.theme.metrics.touch || ImGui::IsMouseClicked(0)) {
    // What a finger has tapped stays until it taps elsewhere.
    map.hovering = false;
  }
  const float way =
      std::hypot(io.MousePos.x - io.MouseClickedPos[0].x, io.MousePos.y - io.MouseClickedPos[0].y);
  const bool clicked = ImGui::IsItemDeactivated() && ImGui::IsMouseReleased(0) && way < moved;
  use_simple_keys(context, transform, map.view);
  return clicked;
}

void pinch_simple_map(const PanelContext& context, const Rect& area, MapView& view) {
  if (view.scale <= 0) return;
  for (const Pinch& pinch : context.input.pinches) {
    if (!area.contains(pinch.x, pinch.y)) continue;
    zoom_map(view, {area, view.center_x, view.center_y, view.scale}, pinch.x, pinch.y,
             static_cast<double>(pinch.factor));
    pan_map(view, pinch.dx, pinch.dy);
  }
}

}  // namespace hourglass::ui
