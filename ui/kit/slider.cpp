#include "ui/kit/slider.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "ui/kit/finger.h"
#include "ui/kit/item.h"

namespace hourglass::ui {
namespace {

struct Track {
  float from, to, radius;  // between which the middle of the grab moves, and its size

  float grab(double position) const {
    return from + (to - from) * static_cast<float>(std::clamp(position, 0.0, 1.0));
  }
  double position(float x) const { return static_cast<double>((x - from) / (to - from)); }
};

void take_pointer(Kit& kit, ImGuiID item, const Track& track, bool hovered, double& position) {
  ImGuiContext& g = *ImGui::GetCurrentContext();
  const ImGuiIO& io = g.IO;
  InputState& input = kit.input;
  if (hovered && ImGui::IsMouseClicked(0, ImGuiInputFlags_None, item)) {
    ImGui::SetKeyOwner(ImGuiKey_MouseLeft, item);
    ImGui::SetActiveID(item, g.CurrentWindow);
    ImGui::SetFocusID(item, g.CurrentWindow);
    ImGui::FocusWindow(g.CurrentWindow);
    // Taken by the grab it keeps its distance, taken elsewhere the grab comes.
    const float off = io.MousePos.x - track.grab(position);
    g.SliderGrabClickOffset = std::fabs(off) <= track.radius + kit.theme.metrics.px(4) ? off : 0;
    input.finger_slider = by_finger() ? 0 : item;
  }
  if (g.ActiveId != item || g.ActiveIdSource != ImGuiInputSource_Mouse) return;
  const bool lifted = !io.MouseDown[0];
  // Where a finger goes first says what it means; until then, or if it rests, nothing moves.
  if (input.finger_slider != item && finger_has_moved()) {
    const ImVec2 start = io.MouseClickedPos[0];
    const bool sideways = std::fabs(io.MousePos.x - start.x) >= std::fabs(io.MousePos.y - start.y);
    if (sideways) {
      input.finger_slider = item;
    } else {
      ImGui::ClearActiveID();
    }
  }
  const bool tapped = lifted && input.finger_slider != item;
  if (g.ActiveId == item && (tapped || (!lifted && input.finger_slider == item))) {
    position = std::clamp(track.position(io.MousePos.x - g.SliderGrabClickOffset), 0.0, 1.0);
  }
  if (lifted && g.ActiveId == item) ImGui::ClearActiveID();
}

// How many steps the arrow keys have gone.
int take_keys(ImGuiID item) {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  if (g.NavId != item || g.NavWindow != g.CurrentWindow || g.IO.KeyCtrl ||
      (g.LastItemData.ItemFlags & ImGuiItemFlags_Disabled)) {
    return 0;
  }
  // Owned keys do not move the focus.
  ImGui::SetKeyOwner(ImGuiKey_LeftArrow, item);
  ImGui::SetKeyOwner(ImGuiKey_RightArrow, item);
  const auto pressed = [&](ImGuiKey key) {
    return static_cast<int>(ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, item));
  };
  return (pressed(ImGuiKey_RightArrow) - pressed(ImGuiKey_LeftArrow)) * (g.IO.KeyShift ? 10 : 1);
}

void draw_track(const Kit& kit, const Track& track, float x, float y, bool hovered, bool active) {
  const Theme& theme = kit.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float half = m.px(2);
  list.AddRectFilled({track.from - half, y - half}, {track.to + half, y + half},
                     theme.color(c.field_on), half);
  list.AddRectFilled({track.from - half, y - half}, {x, y + half}, theme.color(c.accent), half);
  if (hovered || active) {
    list.AddCircleFilled({x, y}, track.radius + m.px(4),
                         theme.color(c.accent, active ? 0.28f : 0.16f));
  }
  list.AddCircleFilled({x, y}, track.radius, theme.color(c.accent));
  list.AddCircleFilled({x, y}, track.radius - m.px(2.5f), theme.color(c.card));
}

}  // namespace

bool draw_slider(Kit& kit, const Rect& area, std::string_view id, double& position,
                 int* key_steps) {
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  if (window->SkipItems || area.empty()) return false;
  ImGui::SetCursorScreenPos(top_left(area));
  const std::string name = "##" + std::string(id);
  const ImGuiID item = window->GetID(name.c_str());
  const ImRect box(top_left(area), bottom_right(area));
  // A finger may miss the line: 40 points are its own wherever nothing else is.
  ImRect reach = box;
  if (kit.input.touch && area.h < 40) reach.Expand(ImVec2(0, (40 - area.h) / 2));
  ImGui::ItemSize(box);
  const bool visible = ImGui::ItemAdd(reach, item, &box);
  const double before = position;
  int asked = 0;  // steps
  if (kit.mirror) {
    kit.mirror->add_item(id, area);
    asked = kit.mirror->slide(position);
  }
  if (!visible && position == before && asked == 0) return false;
  register_widget(kit, id, area);
  take_gestures(kit, area, kDragSideways);

  const float radius = kit.theme.metrics.px(8);
  const Track track{area.x + radius, area.right() - radius, radius};
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  const bool hovered = ImGui::ItemHoverable(reach, item, g.LastItemData.ItemFlags);
  take_pointer(kit, item, track, hovered, position);
  const int steps = take_keys(item) + asked;
  if (steps != 0) {
    kit.input.used_item = item;
    if (key_steps) {
      *key_steps = steps;
    } else {
      position = std::clamp(position + steps * 0.01, 0.0, 1.0);
    }
  }
  const bool changed = position != before || (steps != 0 && key_steps);
  if (changed) ImGui::MarkItemEdited(item);
  draw_track(kit, track, track.grab(position), area.y + area.h / 2, hovered, g.ActiveId == item);
  ImGui::RenderNavCursor(box, item);
  return changed;
}

}  // namespace hourglass::ui
