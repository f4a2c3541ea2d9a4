#include "ui/frame/tabs.h"

#include <imgui.h>

#include <algorithm>
#include <string>

#include "ui/frame/panels.h"
#include "ui/frame/workspaces.h"
#include "ui/kit/controls.h"
#include "ui/state/lesson_view.h"
#include "ui/timeline/timeline.h"

namespace hourglass::ui {
namespace {

// One tab; returns whether it was pressed.
bool draw_tab(PanelContext& context, const Rect& area, const Panel& panel, bool chosen) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  if (area.empty()) return false;  // large text in a window of no width
  ImGui::SetCursorScreenPos(top_left(area));
  const std::string id = "tab:" + std::string(panel.id);
  const bool pressed =
      ImGui::InvisibleButton(id.c_str(), {area.w, area.h}, ImGuiButtonFlags_EnableNav);
  register_item(context, id);
  mirror_item(context, {.role = MirrorRole::kTab, .on = chosen});
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

float tab_width(const PanelContext& context, const Panel& panel) {
  const Metrics& m = context.theme.metrics;
  return text_width(context, context.texts.get(panel.tab), {m.text, true}) + m.px(20);
}

// How many tabs stand side by side in that width: all of them, or half.
std::size_t tabs_abreast(const PanelContext& context, const std::vector<const Panel*>& tabs,
                         float width) {
  if (context.view.workspace == Workspace::kTraining) return tabs.size();
  float all = 0;
  for (const Panel* panel : tabs) all += tab_width(context, *panel);
  return all <= width ? tabs.size() : (tabs.size() + 1) / 2;
}

}  // namespace

void draw_tabs(PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  const std::vector<const Panel*> tabs = panels_in_tabs(context.layout, lesson_rules(context));
  if (tabs.empty()) return;
  std::string_view& chosen = chosen_tab(context);
  // A choice that is not among them is kept for when the window is narrow again.
  const Panel* shown = tabs.front();
  for (const Panel* panel : tabs) {
    if (panel->id == chosen) shown = panel;
  }
  Rect heading;
  Rect inside = draw_card(context, "tabs", context.area, "", heading);
  if (context.mirror) context.mirror->add_heading(heading, context.texts.get(shown->tab));
  heading = {context.area.x + m.padding / 2, context.area.y + m.px(6), context.area.w - m.padding,
             std::max(m.header, m.control)};
  inside = {inside.x, heading.bottom() + m.px(4), inside.w,
            context.area.bottom() - m.padding - heading.bottom() - m.px(4)};

  // In two lines where one has no room for the words.
  const std::size_t abreast = tabs_abreast(context, tabs, heading.w);
  const Rect first = heading;
  Rect line = heading;
  for (std::size_t i = 0; i < tabs.size(); ++i) {
    if (i > 0 && i % abreast == 0) {
      line = first.moved(0, heading.h);
      inside.cut_top(heading.h);
    }
    const float most = first.w / static_cast<float>(std::min(abreast, tabs.size()));
    const float wide = abreast < tabs.size() ? most : std::min(tab_width(context, *tabs[i]), most);
    if (draw_tab(context, line.cut_left(wide), *tabs[i], tabs[i] == shown)) chosen = tabs[i]->id;
  }
  heading = line;
  if (context.view.workspace == Workspace::kApplications) inside.cut_top(m.px(8));
  context.state<LessonView>().front = shown->id;
  register_widget(context, "panel:" + std::string(shown->id), inside);
  if (shown->has_timeline) draw_timeline(context, inside);
  context.area = inside;
  context.heading = heading;
  draw_panel(context, *shown);
}

}  // namespace hourglass::ui
