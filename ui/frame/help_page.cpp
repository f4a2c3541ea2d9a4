#include "ui/frame/help_page.h"

#include <imgui.h>

#include <algorithm>

#include "ui/frame/shortcuts.h"
#include "ui/kit/controls.h"
#include "ui/kit/page_popup.h"

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
  draw_page_popup(context,
                  {.popup = kHelpPopup,
                   .id = "panel:help",
                   .close_id = "help:close",
                   .width = 560,
                   .close_help = context.texts.get("message.dismiss")},
                  [&](float x, float y, float width, bool draw) {
                    return draw_page(context, x, y, width, draw);
                  });
}

}  // namespace hourglass::ui
