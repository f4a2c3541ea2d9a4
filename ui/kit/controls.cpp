#include "ui/kit/controls.h"

#include <imgui.h>
#include <imgui_internal.h>
#include <misc/cpp/imgui_stdlib.h>

#include <algorithm>
#include <cmath>

#include "ui/kit/glyphs.h"
#include "ui/kit/line_break.h"

namespace hourglass::ui {
namespace {

ImFont& font_of(const Kit& kit, const TextStyle& style) {
  return style.bold ? *kit.theme.fonts.bold : *kit.theme.fonts.regular;
}

float size_of(const Kit& kit, const TextStyle& style) {
  return glyph_size(style.size > 0 ? style.size : kit.theme.metrics.text);
}

bool by_finger() { return ImGui::GetIO().MouseSource == ImGuiMouseSource_TouchScreen; }

bool finger_has_moved() {
  return ImGui::GetIO().MouseDragMaxDistanceSqr[0] > kFingerRest * kFingerRest;
}

// A finger that moves off the item drawn last means to move the page under it.
void let_page_move() {
  if (by_finger() && ImGui::IsItemActive() && finger_has_moved()) ImGui::ClearActiveID();
}

ImU32 field_color(const Kit& kit, bool hovered, bool held, bool on) {
  const Palette& c = kit.theme.colors;
  return kit.theme.color(held || on ? c.field_on : hovered ? c.field_hover : c.field);
}

}  // namespace

float text_width(const Kit& kit, std::string_view text, const TextStyle& style) {
  return std::ceil(glyphs_width(font_of(kit, style), size_of(kit, style), text));
}

float draw_text(const Kit& kit, const Rect& area, std::string_view text, ImU32 color,
                const TextStyle& style) {
  if (text.empty()) return 0;
  ImFont& font = font_of(kit, style);
  const float size = size_of(kit, style);
  float width = text_width(kit, text, style);
  std::string shortened;
  if (width > area.w + 0.5f) {
    const float dots = text_width(kit, "…", style);
    shortened = std::string(text.substr(0, glyphs_fitting(font, size, area.w - dots, text)));
    while (!shortened.empty() && shortened.back() == ' ') shortened.pop_back();
    shortened += "…";
    text = shortened;
    width = text_width(kit, text, style);
  }
  float x = area.x;
  if (style.align == Align::kCenter) x += (area.w - width) / 2;
  if (style.align == Align::kRight) x += area.w - width;
  draw_glyphs(*ImGui::GetWindowDrawList(), font, size, {x, area.y + (area.h - size) / 2}, color,
              text);
  return width;
}

float fitting_size(const Kit& kit, std::string_view text, float width, float size) {
  const float wide = text_width(kit, text, {size});
  if (wide <= width) return size;
  const float least = std::min(size, std::max(10.0f, size * 0.66f));
  return std::max(least, std::floor(size * width / wide));
}

float draw_paragraph(const Kit& kit, float x, float y, float width, std::string_view text,
                     ImU32 color, float size, bool draw) {
  ImFont& font = *kit.theme.fonts.regular;
  size = glyph_size(size);
  const char* at = text.data();
  const char* end = at + text.size();
  const float line_height = size * 1.35f;
  float height = 0;
  const auto char_width = [&](char32_t c) { return glyph_advance(font, size, c); };
  while (at < end) {
    const std::string_view rest(at, static_cast<std::size_t>(end - at));
    const char* line_end = at + first_line(rest, width, char_width);
    if (draw) {
      draw_glyphs(*ImGui::GetWindowDrawList(), font, size,
                  {x, std::floor(y + height + (line_height - size) / 2)}, color,
                  {at, static_cast<std::size_t>(line_end - at)});
    }
    height += line_height;
    at = line_end;
    while (at < end && *at == ' ') ++at;
    if (at < end && *at == '\n') ++at;
  }
  return height;
}

Rect draw_card(const Kit& kit, std::string_view name, const Rect& area, std::string_view title,
               Rect& heading) {
  const Theme& theme = kit.theme;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(top_left(area), bottom_right(area), theme.color(theme.colors.card),
                     m.card_radius);
  list.AddRect(top_left(area), bottom_right(area), theme.color(theme.colors.card_edge),
               m.card_radius);
  register_widget(kit, "panel:" + std::string(name), area);

  Rect inside = area.inset(m.padding, m.padding);
  heading = inside.cut_top(m.header);
  heading.h -= m.px(6);
  TextStyle style{m.heading, true};
  float most = heading.w * 0.65f;
  // Large text on a phone: three buttons of 40 points come first, and a title may be a little
  // smaller.
  if (m.touch) most = std::min(most, std::max(m.px(24), heading.w - 3 * 40 - 3 * m.gap));
  const float least = m.touch ? std::min(m.small, std::max(13.0f, m.small * 0.65f)) : m.small;
  const float wide = text_width(kit, title, style);
  if (wide > most) style.size = std::max(least, std::floor(m.heading * most / wide));
  Rect line = heading;
  line.w = std::max(most, std::min(wide, heading.w));
  heading.cut_left(draw_text(kit, line, title, theme.color(theme.colors.text), style) +
                   m.gap * 1.5f);
  return inside;
}

void draw_subtitle(const Kit& kit, const Rect& heading, std::string_view text) {
  const TextStyle style{kit.theme.metrics.small};
  if (text_width(kit, text, style) > heading.w) return;
  draw_text(kit, heading, text, kit.theme.color(kit.theme.colors.muted), style);
}

float button_width(const Kit& kit, const Button& button) {
  const Metrics& m = kit.theme.metrics;
  if (button.label.empty()) return m.control;
  const float icon = button.icon == Icon::kNone ? 0 : m.text + m.px(7);
  return icon + text_width(kit, button.label, {0, button.kind == ButtonKind::kPrimary}) + m.px(24);
}

bool draw_area(Kit& kit, const Rect& area, std::string_view id) {
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
  } else if (button.kind == ButtonKind::kPlain || hovered || button.on) {
    list.AddRectFilled(top_left(area), bottom_right(area),
                       field_color(kit, hovered, held, button.on), m.radius);
  }
  if (button.kind == ButtonKind::kBare && !hovered && !button.on) ink = theme.color(c.muted);
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
              button.on ? theme.color(c.accent) : ink);
  }
  if (!button.label.empty()) {
    TextStyle placed = style;
    if (button.icon != Icon::kNone) placed.align = Align::kLeft;
    draw_text(kit, inside, button.label, ink, placed);
  }
  if (!button.help.empty()) draw_help(kit, button.help_title, button.help);
  return pressed && !button.disabled;
}

int draw_choice(Kit& kit, const Rect& area, std::string_view id, int selected,
                const std::vector<Choice>& items, std::string_view otherwise) {
  const Theme& theme = kit.theme;
  const Metrics& m = theme.metrics;
  int chosen = -1;
  ImGui::SetCursorScreenPos(top_left(area));
  ImGui::SetNextItemWidth(area.w);
  float widest = area.w;
  for (const Choice& item : items) {
    widest = std::max(widest, text_width(kit, item.label) + m.px(44));
  }
  const bool explained = std::any_of(items.begin(), items.end(),
                                     [](const Choice& item) { return !item.help.empty(); });
  if (explained) widest = std::max(widest, m.px(320));
  const ImGuiIO& io = ImGui::GetIO();
  widest = std::min(widest, io.DisplaySize.x - 2 * m.gutter);
  // Above or below the list, whichever has more room.
  const float above = area.y, below = io.DisplaySize.y - area.bottom();
  const float highest = std::min(m.px(explained ? 520 : 420), std::max(above, below) - m.gutter);
  ImGui::SetNextWindowSizeConstraints({widest, 0}, {widest, std::max(m.px(120), highest)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(m.px(5), m.px(5)));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  const std::string name = "##" + std::string(id);
  const bool open = ImGui::BeginCombo(name.c_str(), "", ImGuiComboFlags_NoArrowButton);
  if (open) {
    for (int i = 0; i < static_cast<int>(items.size()); ++i) {
      const Choice& item = items[static_cast<std::size_t>(i)];
      const ImVec2 at = ImGui::GetCursorScreenPos();
      const float width = ImGui::GetContentRegionAvail().x;
      const float help_height =
          item.help.empty()
              ? 0
              : draw_paragraph(kit, 0, 0, width - m.px(20), item.help, 0, m.small, false) + m.px(8);
      const float height = m.control + help_height;
      ImGui::PushID(i);
      if (ImGui::Selectable("##item", i == selected, 0, {width, height})) chosen = i;
      if (i == selected && ImGui::IsWindowAppearing()) ImGui::SetItemDefaultFocus();
      ImGui::PopID();
      register_item(kit, std::string(id) + ":" + std::string(item.value));
      const Rect line{at.x + m.px(10), at.y, width - m.px(20), m.control};
      draw_text(kit, line, item.label, theme.color(theme.colors.text), {0, i == selected});
      if (help_height > 0) {
        draw_paragraph(kit, line.x, at.y + m.control - m.px(4), line.w, item.help,
                       theme.color(theme.colors.muted), m.small);
      }
      if (explained && i > 0) {
        ImGui::GetWindowDrawList()->AddLine({line.x, at.y + 0.5f}, {line.right(), at.y + 0.5f},
                                            theme.color(theme.colors.card_edge));
      }
    }
    ImGui::EndCombo();
  }
  ImGui::PopStyleVar(2);
  if (!open) let_page_move();
  register_item(kit, id);
  Rect inside = area.inset(m.px(10), 0);
  const Rect sign = inside.cut_right(m.px(14));
  draw_icon(*ImGui::GetWindowDrawList(), Icon::kChevron, {sign.x + sign.w / 2, sign.y + sign.h / 2},
            m.px(12), theme.color(theme.colors.muted));
  inside.w -= m.px(4);
  const bool any = selected >= 0 && selected < static_cast<int>(items.size());
  draw_text(kit, inside, any ? items[static_cast<std::size_t>(selected)].label : otherwise,
            theme.color(theme.colors.text));
  return chosen;
}

bool draw_slider(Kit& kit, const Rect& area, std::string_view id, double& position,
                 int* key_steps) {
  const Theme& theme = kit.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  InputState& input = kit.input;
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  if (window->SkipItems || area.empty()) return false;
  ImGuiContext& g = *ImGui::GetCurrentContext();
  const ImGuiIO& io = g.IO;
  ImGui::SetCursorScreenPos(top_left(area));
  const std::string name = "##" + std::string(id);
  const ImGuiID item = window->GetID(name.c_str());
  const ImRect box(top_left(area), bottom_right(area));
  // A finger may miss the line: 40 points are its own wherever nothing else is.
  ImRect reach = box;
  if (input.touch && area.h < 40) reach.Expand(ImVec2(0, (40 - area.h) / 2));
  ImGui::ItemSize(box);
  if (!ImGui::ItemAdd(reach, item, &box)) return false;
  register_widget(kit, id, area);
  take_gestures(kit, area, kDragSideways);

  const float radius = m.px(8), track = m.px(2);
  const float from = area.x + radius, to = area.right() - radius;
  const auto knob = [&] {
    return from + (to - from) * static_cast<float>(std::clamp(position, 0.0, 1.0));
  };
  const double before = position;
  const bool hovered = ImGui::ItemHoverable(reach, item, g.LastItemData.ItemFlags);
  if (hovered && ImGui::IsMouseClicked(0, ImGuiInputFlags_None, item)) {
    ImGui::SetKeyOwner(ImGuiKey_MouseLeft, item);
    ImGui::SetActiveID(item, window);
    ImGui::SetFocusID(item, window);
    ImGui::FocusWindow(window);
    // Taken by the knob it keeps its distance, taken elsewhere the knob comes.
    const float off = io.MousePos.x - knob();
    g.SliderGrabClickOffset = std::fabs(off) <= radius + m.px(4) ? off : 0;
    input.finger_slider = by_finger() ? 0 : item;
  }
  if (g.ActiveId == item && g.ActiveIdSource == ImGuiInputSource_Mouse) {
    const bool lifted = !io.MouseDown[0];
    // Where a finger goes first says what it means; until then, or if it rests, nothing moves.
    if (input.finger_slider != item && finger_has_moved()) {
      const ImVec2 start = io.MouseClickedPos[0];
      const bool sideways =
          std::fabs(io.MousePos.x - start.x) >= std::fabs(io.MousePos.y - start.y);
      if (sideways) {
        input.finger_slider = item;
      } else {
        ImGui::ClearActiveID();
      }
    }
    const bool tapped = lifted && input.finger_slider != item;
    if (g.ActiveId == item && (tapped || (!lifted && input.finger_slider == item))) {
      position = std::clamp(
          static_cast<double>((io.MousePos.x - g.SliderGrabClickOffset - from) / (to - from)), 0.0,
          1.0);
    }
    if (lifted && g.ActiveId == item) ImGui::ClearActiveID();
  }
  bool keyed = false;
  if (g.NavId == item && g.NavWindow == window && !io.KeyCtrl &&
      !(g.LastItemData.ItemFlags & ImGuiItemFlags_Disabled)) {
    // Owned keys do not move the focus.
    ImGui::SetKeyOwner(ImGuiKey_LeftArrow, item);
    ImGui::SetKeyOwner(ImGuiKey_RightArrow, item);
    const int steps =
        (static_cast<int>(ImGui::IsKeyPressed(ImGuiKey_RightArrow, ImGuiInputFlags_Repeat, item)) -
         static_cast<int>(ImGui::IsKeyPressed(ImGuiKey_LeftArrow, ImGuiInputFlags_Repeat, item))) *
        (io.KeyShift ? 10 : 1);
    if (steps != 0) {
      keyed = true;
      input.used_item = item;
      if (key_steps) {
        *key_steps = steps;
      } else {
        position = std::clamp(position + steps * 0.01, 0.0, 1.0);
      }
    }
  }
  const bool changed = position != before || (keyed && key_steps);
  if (changed) ImGui::MarkItemEdited(item);

  ImDrawList& list = *window->DrawList;
  const bool active = g.ActiveId == item;
  const float x = knob(), y = area.y + area.h / 2;
  list.AddRectFilled({from - track, y - track}, {to + track, y + track}, theme.color(c.field_on),
                     track);
  list.AddRectFilled({from - track, y - track}, {x, y + track}, theme.color(c.accent), track);
  if (hovered || active) {
    list.AddCircleFilled({x, y}, radius + m.px(4), theme.color(c.accent, active ? 0.28f : 0.16f));
  }
  list.AddCircleFilled({x, y}, radius, theme.color(c.accent));
  list.AddCircleFilled({x, y}, radius - m.px(2.5f), theme.color(c.card));
  ImGui::RenderNavCursor(box, item);
  return changed;
}

bool draw_field(Kit& kit, const Rect& area, std::string_view id, std::string& value, bool frame) {
  const Theme& theme = kit.theme;
  const Metrics& m = theme.metrics;
  InputState& input = kit.input;
  const bool mine = input.edited_key == id;
  std::string& text = mine ? input.edited_text : value;
  const float side = frame ? m.px(10) : m.px(4);
  ImGui::SetCursorScreenPos(top_left(area));
  ImGui::SetNextItemWidth(area.w);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding,
                      ImVec2(side, std::max(0.0f, (area.h - m.text) / 2)));
  const float width = text_width(kit, text);
  if (!frame) {
    // Right-aligned at rest: the padding pushes a short number to the edge.
    const float pad = std::max(side, area.w - width - side);
    ImGui::PushStyleVarX(ImGuiStyleVar_FramePadding, mine ? side : pad);
    if (!mine) ImGui::PushStyleColor(ImGuiCol_FrameBg, IM_COL32_BLACK_TRANS);
  }
  const std::string name = "##" + std::string(id);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const int vertices = list.VtxBuffer.Size;
  ImGui::InputText(name.c_str(), &text, ImGuiInputTextFlags_AutoSelectAll);
  align_glyphs(list, vertices, ImGui::GetItemRectMin().y + ImGui::GetStyle().FramePadding.y);
  if (!frame) {
    if (!mine) ImGui::PopStyleColor();
    ImGui::PopStyleVar();
  }
  ImGui::PopStyleVar();
  register_item(kit, id);
  const bool finished = ImGui::IsItemDeactivatedAfterEdit();
  if (ImGui::IsItemActivated() || (ImGui::IsItemActive() && !mine)) {
    input.edited_text = text;
    input.edited_key = id;
  } else if (mine && !ImGui::IsItemActive()) {
    if (finished) value = input.edited_text;
    input.edited_key.clear();
    input.edited_text.clear();
  }
  return finished;
}

void register_widget(const Kit& kit, std::string_view id, const Rect& area) {
  const ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 from = list.GetClipRectMin(), to = list.GetClipRectMax();
  kit.widgets.add(id, area, {from.x, from.y, to.x - from.x, to.y - from.y});
}

void take_gestures(const Kit& kit, const Rect& area, unsigned gestures) {
  const ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 from = list.GetClipRectMin(), to = list.GetClipRectMax();
  kit.widgets.add_gestures(gestures, area, {from.x, from.y, to.x - from.x, to.y - from.y});
}

void register_item(const Kit& kit, std::string_view id) {
  const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
  register_widget(kit, id, {from.x, from.y, to.x - from.x, to.y - from.y});
}

}  // namespace hourglass::ui
