// Noise on the images on display, and noise on the training images: kind and level of each.
#include <imgui.h>

#include "ui/controls.h"
#include "ui/panels/panel.h"
#include "ui/setting_widget.h"

namespace hourglass::ui {
namespace {

void draw_group(PanelContext& context, Rect area, std::string_view title, std::string_view kind,
                std::string_view level) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  draw_text(context, area.cut_top(m.label), context.texts.get(title),
            theme.color(theme.colors.muted), {m.small});
  draw_setting_choice(context, area.cut_top(m.control), kind);
  area.cut_top(m.gap);
  const Rect slider = area.cut_top(slider_height(m));
  // Without a kind there is nothing to be strong or weak.
  const session::Value present = shown_value(context, session::find_setting(kind));
  const bool off = present == session::Value(std::string("none"));
  ImGui::BeginDisabled(off);
  draw_setting(context, slider, level);
  ImGui::EndDisabled();
  if (off) {
    ImGui::GetWindowDrawList()->AddRectFilled(top_left(slider), bottom_right(slider),
                                              theme.color(theme.colors.card, 0.6f));
  }
}

}  // namespace

void draw_noise(PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  Rect inside = context.area;
  const float group = m.label + m.control + m.gap + slider_height(m);
  draw_group(context, inside.cut_top(group), "noise.view", "view.noise.kind", "view.noise.level");
  inside.cut_top(2 * m.gap);
  draw_group(context, inside.cut_top(group), "noise.train", "noise.kind", "noise.level");
}

}  // namespace hourglass::ui
