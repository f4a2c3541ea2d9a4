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
  draw_setting(context, area.cut_top(slider_height(m)), level);
}

}  // namespace

void draw_noise(PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  Rect heading;
  Rect inside = draw_card(context, "noise", context.area, context.texts.get("noise.title"), heading);
  const float group = m.label + m.control + m.gap + slider_height(m);
  draw_group(context, inside.cut_top(group), "noise.view", "view.noise.kind", "view.noise.level");
  inside.cut_top(2 * m.gap);
  draw_group(context, inside.cut_top(group), "noise.train", "noise.kind", "noise.level");
}

}  // namespace hourglass::ui
