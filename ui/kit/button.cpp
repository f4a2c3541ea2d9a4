#include "ui/kit/button.h"

#include <imgui.h>

#include <algorithm>
#include <string>

#include "ui/kit/finger.h"
#include "ui/kit/help.h"
#include "ui/kit/item.h"
#include "ui/kit/text.h"

namespace hourglass::ui {
namespace {

ImU32 field_color(const Kit& kit, bool hovered, bool held, bool on) {
  const Palette& c = kit.theme.colors;
  return kit.theme.color(held || on ? c.field_on : hovered ? c.field_hover : c.field);
}

}  // namespace

float button_width(const Kit& kit, const Button& button) {
  const Metrics& m = kit.theme.metrics;
  if (button.label.empty()) return m.control;
  const float icon = button.icon == Icon::kNone ? 0 : m.text + m.px(7);
  return icon + text_width(kit, button.label, {0, button.kind == ButtonKind::kPrimary}) + m.px(24);
}

bool draw_area(Kit& kit, const Rect& area, std::string_view id) {
  if (area.empty()) return false;
  ImGui::SetCursorScreenPos(top_left(area));
  ImGui::PushID("button");
  const std::string name(id);
  const bool pressed =
      ImGui::InvisibleButton(name.c_str(), {area.w, area.h}, ImGuiButtonFlags_EnableNav);
  let_page_move();
  ImGui::PopID();
  register_item(kit, id);
  return pressed;
}

bool draw_button(Kit& kit, const Rect& area, const Button& button) {
  const Theme& theme = kit.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  if (area.empty()) return false;
  ImGui::BeginDisabled(button.disabled);
  const bool pressed = draw_area(kit, area, button.id);
  ImGui::EndDisabled();
  const bool hovered = ImGui::IsItemHovered(), held = ImGui::IsItemActive();
  const bool on = button.on.value_or(false);
  mirror_item(kit, {.role = button.on ? MirrorRole::kSwitch : MirrorRole::kButton,
                    .name = button.label,
                    .on = on});

  ImDrawList& list = *ImGui::GetWindowDrawList();
  ImU32 ink = theme.color(c.text);
  if (button.kind == ButtonKind::kPrimary) {
    ink = theme.color(c.on_accent);
    list.AddRectFilled(top_left(area), bottom_right(area),
                       theme.color(hovered && !held ? c.accent_hover : c.accent), m.radius);
  } else if (button.disabled) {
    // An outline in place of a surface: nothing to press.
    list.AddRect(top_left(area), bottom_right(area), theme.color(c.card_edge), m.radius);
    ink = theme.color(c.muted, 0.55f);
  } else if (button.kind == ButtonKind::kPlain || hovered || on) {
    list.AddRectFilled(top_left(area), bottom_right(area), field_color(kit, hovered, held, on),
                       m.radius);
  }
  if (button.kind == ButtonKind::kBare && !hovered && !on) ink = theme.color(c.muted);
  Rect inside = area;
  const TextStyle style{0, button.kind == ButtonKind::kPrimary, Align::kCenter};
  if (button.icon != Icon::kNone) {
    const float side = m.text;
    float x = area.x + area.w / 2;
    if (!button.label.empty()) {
      const float all = side + m.px(7) + text_width(kit, button.label, style);
      x = area.x + std::max(m.px(6), (area.w - all) / 2) + side / 2;
      inside.cut_left(x + side / 2 + m.px(7) - area.x);
    }
    // A switch that is on says so by more than a shade of grey.
    draw_icon(list, button.icon, {x, area.y + area.h / 2}, std::min(side, area.w * 0.7f),
              on ? theme.color(c.accent) : ink);
  }
  if (!button.label.empty()) {
    TextStyle placed = style;
    if (button.icon != Icon::kNone) placed.align = Align::kLeft;
    draw_text(kit, inside, button.label, ink, placed);
  }
  if (!button.help.empty()) draw_help(kit, button.help_title, button.help);
  return pressed && !button.disabled;
}

}  // namespace hourglass::ui
