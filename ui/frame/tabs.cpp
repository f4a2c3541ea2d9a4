#include "ui/frame/tabs.h"

#include <imgui.h>

#include <algorithm>
#include <string>

#include "ui/frame/panels.h"
#include "ui/kit/controls.h"

namespace hourglass::ui {
namespace {

// One tab; returns whether it was pressed.
bool draw_tab(PanelContext& context, const Rect& area, const Panel& panel, bool chosen) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  ImGui::SetCursorScreenPos(top_left(area));
  const std::string id = "tab:" + std::string(panel.id);
  const bool pressed =
      ImGui::InvisibleButton(id.c_str(), {area.w, area.h}, ImGuiButtonFlags_EnableNav);
  register_item(context, id);
  const bool hovered = ImGui::IsItemHovered();
  const Rgb ink = chosen || hovered ? c.text : c.muted;
  draw_text(context, area, context.texts.get(panel.tab), theme.color(ink),
            {m.text, chosen, Align::kCenter});
  if (chosen) {
    ImGui::GetWindowDrawList()->AddRectFilled({area.x + m.px(6), area.bottom() - m.px(3)},
                                              {area.right() - m.px(6), area.bottom()},
                                              theme.color(c.accent), m.px(1.5f));
  }
  draw_help(context, context.texts.get(panel.tab),
            context.texts.get(std::string(panel.tab) + ".help"));
  return pressed;
}

}  // namespace

void draw_tabs(PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  const std::vector<const Panel*> tabs = panels_in_tabs(context.layout);
  // A choice that is not among them is kept for when the window is narrow again.
  const Panel* shown = tabs.front();
  for (const Panel* panel : tabs) {
    if (panel->id == context.view.tab) shown = panel;
  }
  Rect heading;
  Rect inside = draw_card(context, "tabs", context.area, "", heading);
  heading = {context.area.x + m.padding / 2, context.area.y + m.px(6), context.area.w - m.padding,
             std::max(m.header, m.control)};
  inside = {inside.x, heading.bottom() + m.px(4), inside.w,
            context.area.bottom() - m.padding - heading.bottom() - m.px(4)};

  const float most = heading.w / static_cast<float>(tabs.size());
  for (const Panel* panel : tabs) {
    const float wanted =
        text_width(context, context.texts.get(panel->tab), {m.text, true}) + m.px(20);
    if (draw_tab(context, heading.cut_left(std::min(wanted, most)), *panel, panel == shown)) {
      context.view.tab = panel->id;
    }
  }
  register_widget(context, "panel:" + std::string(shown->id), inside);
  context.area = inside;
  context.heading = heading;
  shown->draw(context);
}

}  // namespace hourglass::ui
