// Panels that share one card: a strip of tabs in place of the title, and the chosen panel below it.
#include <imgui.h>

#include <algorithm>
#include <array>

#include "ui/kit/controls.h"
#include "ui/state/panel.h"

namespace hourglass::ui {
namespace {

struct TabInfo {
  Tab tab;
  std::string_view id;    // of the tab among the widgets, and "panel:ID" of what it shows
  std::string_view name;  // key of its text
  void (*draw)(PanelContext&);
};
constexpr std::array kTabs = {
    TabInfo{Tab::kMap, "latent", "tab.map", draw_latent},
    TabInfo{Tab::kLoss, "curves", "tab.loss", draw_curves},
    TabInfo{Tab::kWeights, "weights", "tab.weights", draw_weights},
    TabInfo{Tab::kCode, "code", "tab.code", draw_code},
    TabInfo{Tab::kTraining, "training", "tab.training", draw_training},
};

// One tab; returns whether it was pressed.
bool draw_tab(PanelContext& context, const Rect& area, const TabInfo& info, bool chosen) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  ImGui::SetCursorScreenPos(top_left(area));
  const std::string id = "tab:" + std::string(info.id);
  const bool pressed =
      ImGui::InvisibleButton(id.c_str(), {area.w, area.h}, ImGuiButtonFlags_EnableNav);
  register_item(context, id);
  const bool hovered = ImGui::IsItemHovered();
  const Rgb ink = chosen || hovered ? c.text : c.muted;
  draw_text(context, area, context.texts.get(info.name), theme.color(ink),
            {m.text, chosen, Align::kCenter});
  if (chosen) {
    ImGui::GetWindowDrawList()->AddRectFilled({area.x + m.px(6), area.bottom() - m.px(3)},
                                              {area.right() - m.px(6), area.bottom()},
                                              theme.color(c.accent), m.px(1.5f));
  }
  draw_help(context, context.texts.get(info.name),
            context.texts.get(std::string(info.name) + ".help"));
  return pressed;
}

}  // namespace

void draw_tabs(PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  const bool with_map = context.layout.map_in_tabs;
  // Kept for when the window is narrow again.
  const Tab shown = context.view.tab == Tab::kMap && !with_map ? Tab::kLoss : context.view.tab;
  Rect heading;
  Rect inside = draw_card(context, "tabs", context.area, "", heading);
  heading = {context.area.x + m.padding / 2, context.area.y + m.px(6), context.area.w - m.padding,
             std::max(m.header, m.control)};
  inside = {inside.x, heading.bottom() + m.px(4), inside.w,
            context.area.bottom() - m.padding - heading.bottom() - m.px(4)};

  const float most = heading.w / static_cast<float>(with_map ? 5 : 4);
  for (const TabInfo& info : kTabs) {
    if (info.tab == Tab::kMap && !with_map) continue;
    const float wanted =
        text_width(context, context.texts.get(info.name), {m.text, true}) + m.px(20);
    if (draw_tab(context, heading.cut_left(std::min(wanted, most)), info, info.tab == shown)) {
      context.view.tab = info.tab;
    }
  }
  for (const TabInfo& info : kTabs) {
    if (info.tab != shown) continue;
    register_widget(context, "panel:" + std::string(info.id), inside);
    context.area = inside;
    context.heading = heading;
    info.draw(context);
  }
}

}  // namespace hourglass::ui
