// Noise on the images on display, and noise on the training images: kind and level of each, and a
// link that ties the two.
#include <imgui.h>

#include <algorithm>

#include "ui/kit/controls.h"
#include "ui/settings/noise_link.h"
#include "ui/settings/setting_widget.h"
#include "ui/state/lesson_view.h"
#include "ui/state/panel.h"

namespace hourglass::ui {
namespace {

constexpr const char* kPairs[][2] = {{"view.noise.kind", "noise.kind"},
                                     {"view.noise.level", "noise.level"}};

void draw_group(PanelContext& context, Rect area, std::string_view title, std::string_view kind,
                std::string_view level) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  Rect line = area.cut_top(m.label);
  const Rect number = line.cut_right(m.px(64));
  const std::string& words = context.texts.get(title);
  draw_text(context, line, words, theme.color(theme.colors.muted),
            {fitting_size(context, words, line.w, m.small)});
  draw_setting_choice(context, area.cut_top(m.control), kind);
  area.cut_top(m.px(2));
  const Rect slider = area.cut_top(m.slider());
  draw_setting_slider(context, slider, level);
  draw_setting_number(context, number, level);
  // Without a kind there is nothing to be strong or weak, until somebody moves it.
  if (shown_value(context, session::find_setting(kind)) == session::Value(std::string("none"))) {
    for (const Rect& faded : {slider, number}) {
      ImGui::GetWindowDrawList()->AddRectFilled(top_left(faded), bottom_right(faded),
                                                theme.color(theme.colors.card, 0.6f));
    }
  }
}

// Noise that was changed past the link, by a preset for one, has broken it.
void check_link(PanelContext& context) {
  if (!context.state<NoiseLink>().on) return;
  for (const auto& [shown, trained] : kPairs) {
    if (context.view.pending_values.contains(shown) ||
        context.view.pending_values.contains(trained))
      return;
  }
  for (const auto& [shown, trained] : kPairs) {
    if (shown_value(context, session::find_setting(shown)) !=
        shown_value(context, session::find_setting(trained))) {
      context.state<NoiseLink>().on = false;
    }
  }
}

void toggle_link(PanelContext& context) {
  context.state<NoiseLink>().on = !context.state<NoiseLink>().on;
  if (!context.state<NoiseLink>().on) return;
  std::vector<std::pair<std::string, session::Value>> values;
  for (const auto& [shown, trained] : kPairs) {
    values.emplace_back(trained, shown_value(context, session::find_setting(shown)));
  }
  change_settings(context, std::move(values));
}

}  // namespace

void draw_noise(PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  const Texts& texts = context.texts;
  Rect inside = context.area;
  check_link(context);
  const float group = m.label + m.control + m.px(2) + m.slider();
  draw_group(context, inside.cut_top(group), "noise.view", "view.noise.kind", "view.noise.level");
  draw_group(context, inside.cut_top(group), "noise.train", "noise.kind", "noise.level");
  inside.cut_top(m.gap);
  const Button link{.id = "noise_link",
                    .label = texts.get("noise.link"),
                    .icon = Icon::kLink,
                    .help_title = texts.get("noise.link"),
                    .help = texts.get("noise.link.help"),
                    .on = context.state<NoiseLink>().on,
                    .disabled = lesson_rules(context).locks("noise.kind") ||
                                lesson_rules(context).locks("noise.level")};
  const Rect line = inside.cut_top(noise_link_height(m));
  if (draw_button(context, line, link)) toggle_link(context);
}

}  // namespace hourglass::ui
