#include "ui/frame/help_page.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "ui/frame/shortcuts.h"
#include "ui/kit/controls.h"

namespace hourglass::ui {
namespace {

constexpr const char* kHelpPopup = "help page";

float draw_keys(PanelContext& context, float x, float y, float width, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const std::vector<Shortcut>& shortcuts = all_shortcuts();
  float names = 0;
  for (const Shortcut& shortcut : shortcuts) {
    names =
        std::max(names, text_width(context, shortcut_label(context, shortcut), {m.small, true}));
  }
  names += m.px(16);
  const float row = m.label + m.px(6);
  const int columns = width >= m.px(440) ? 2 : 1;
  const int rows = (static_cast<int>(shortcuts.size()) + columns - 1) / columns;
  if (!draw) return static_cast<float>(rows) * row;
  const float column = width / static_cast<float>(columns);
  for (int i = 0; i < static_cast<int>(shortcuts.size()); ++i) {
    const Shortcut& shortcut = shortcuts[static_cast<std::size_t>(i)];
    Rect line{x + static_cast<float>(i / rows) * column, y + static_cast<float>(i % rows) * row,
              column - m.gap, row};
    const Rect cap = line.cut_left(names).inset(0, m.px(2));
    ImGui::GetWindowDrawList()->AddRectFilled(top_left(cap), bottom_right(cap),
                                              theme.color(theme.colors.field), m.px(5));
    draw_text(context, cap, shortcut_label(context, shortcut), theme.color(theme.colors.text),
              {m.small, true, Align::kCenter});
    line.cut_left(m.px(10));
    draw_text(context, line, texts.get(shortcut.name), theme.color(theme.colors.text), {m.small});
  }
  return static_cast<float>(rows) * row;
}

// Lays the page out from (x, y); with `draw` false it only measures. Returns its height.
float draw_page(PanelContext& context, float x, float y, float width, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const float top = y;
  if (draw) {
    draw_text(context, {x, y, width - m.control, m.control}, texts.get("keys.title"),
              theme.color(theme.colors.text), {m.heading, true});
  }
  y += m.control + m.px(4);
  y += draw_paragraph(context, x, y, width, texts.get("keys.what"), theme.color(theme.colors.text),
                      m.text, draw);
  y += m.px(10);
  y += draw_paragraph(context, x, y, width,
                      texts.get(context.input.touch ? "keys.touch" : "keys.hover"),
                      theme.color(theme.colors.muted), m.small, draw);
  y += m.px(12);
  if (draw) {
    draw_text(context, {x, y, width, m.label}, texts.get("keys.shortcuts"),
              theme.color(theme.colors.text), {m.text, true});
  }
  y += m.label + m.px(6);
  y += draw_keys(context, x, y, width, draw);
  return y - top;
}

}  // namespace

void draw_help_page(PanelContext& context) {
  ViewState& view = context.view;
  if (view.help_wanted) ImGui::OpenPopup(kHelpPopup);
  view.help_wanted = false;
  if (!ImGui::IsPopupOpen(kHelpPopup)) return;
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const float margin = m.px(20);
  const float width = std::min(m.px(560), screen.x - 2 * m.gutter);
  const float inside = width - 2 * margin;
  const float content = draw_page(context, 0, 0, inside, false) + 2 * margin;
  const float height = std::min(content, screen.y - 2 * m.gutter);
  ImGui::SetNextWindowPos(
      {std::floor((screen.x - width) / 2), std::floor((screen.y - height) / 2)});
  ImGui::SetNextWindowSize({width, height});
  ImGui::PushStyleVar(ImGuiStyleVar_PopupRounding, m.card_radius);
  const bool open = ImGui::BeginPopup(
      kHelpPopup, ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize |
                      ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoTitleBar |
                      ImGuiWindowFlags_NoBackground);
  ImGui::PopStyleVar();
  if (!open) {
    context.animating = true;  // without it
    return;
  }
  const Rect card{ImGui::GetWindowPos().x, ImGui::GetWindowPos().y, width, height};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PushClipRect({0, 0}, screen, false);
  list.AddRectFilled({0, 0}, screen, packed(0, 0.45f));
  list.AddRectFilled(top_left(card), bottom_right(card), theme.color(theme.colors.card),
                     m.card_radius);
  list.AddRect(top_left(card), bottom_right(card), theme.color(theme.colors.card_edge),
               m.card_radius);
  register_widget(context, "panel:help", card);
  list.PopClipRect();

  const float y = card.y + margin - ImGui::GetScrollY();
  draw_page(context, card.x + margin, y, inside, true);
  const Rect cross{card.right() - margin - m.control + m.px(8), y, m.control, m.control};
  if (draw_button(context, cross,
                  {.id = "help:close",
                   .icon = Icon::kClose,
                   .kind = ButtonKind::kBare,
                   .help = context.texts.get("message.dismiss")})) {
    ImGui::CloseCurrentPopup();
    context.animating = true;
  }
  ImGui::SetCursorScreenPos({card.x, y - margin + content - 1});
  ImGui::Dummy({1, 1});
  ImGui::EndPopup();
}

}  // namespace hourglass::ui
