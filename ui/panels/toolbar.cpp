// Preset, data set, run, pause, step, epoch, reset, seed; language and theme.
#include <imgui.h>

#include <algorithm>

#include "ui/controls.h"
#include "ui/number_text.h"
#include "ui/panels/panel.h"
#include "ui/setting_widget.h"

namespace hourglass::ui {
namespace {

bool running(const PanelContext& context) {
  return context.store.status.phase == session::Phase::kRunning;
}

Button run_button(const PanelContext& context, bool labelled) {
  const Texts& texts = context.texts;
  const bool on = running(context);
  const std::string& label = texts.get(on ? "toolbar.pause" : "toolbar.run");
  return {.id = "run",
          .label = labelled ? std::string_view(label) : std::string_view(),
          .icon = on ? Icon::kPause : Icon::kPlay,
          .kind = ButtonKind::kPrimary,
          .help_title = label,
          .help = texts.get(on ? "toolbar.pause.help" : "toolbar.run.help")};
}

Button plain_button(const PanelContext& context, std::string_view id, Icon icon, bool labelled) {
  const Texts& texts = context.texts;
  const std::string key = "toolbar." + std::string(id);
  const std::string& label = texts.get(key);
  return {.id = id,
          .label = labelled ? std::string_view(label) : std::string_view(),
          .icon = icon,
          .help_title = label,
          .help = texts.get(key + ".help")};
}

void draw_brand(PanelContext& context, Rect area, bool named) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const float side = m.px(22);
  draw_icon(*ImGui::GetWindowDrawList(), Icon::kHourglass,
            {area.x + side / 2, area.y + area.h / 2}, side, theme.color(theme.colors.train));
  if (!named) return;
  area.cut_left(side + m.px(6));
  draw_text(context, area, context.texts.get("app.title"), theme.color(theme.colors.text),
            {m.brand, true});
}

void draw_preset(PanelContext& context, const Rect& area) {
  std::vector<Choice> items;
  int selected = -1;
  for (const std::string& name : context.presets) {
    if (name == context.view.preset) selected = static_cast<int>(items.size());
    const std::string key = "preset." + name;
    items.push_back(
        {name, context.texts.get(key + ".label"), context.texts.get(key + ".help")});
  }
  const int chosen = draw_choice(context, area, "preset", selected, items,
                                 context.texts.get("preset.changed.label"));
  draw_help(context, context.texts.get("toolbar.preset"), context.texts.get("toolbar.preset.help"));
  if (chosen < 0) return;
  context.view.map = {};
  context.view.drafts.clear();
  // A preset names the data of its source, but the data has a list of its own beside this one: it stays.
  const std::string data = text_setting(context.store, "data.set", "strokes");
  context.send(session::LoadPreset{context.presets[static_cast<std::size_t>(chosen)]});
  context.send(session::SetSetting{"data.set", data});
}

void draw_actions(PanelContext& context, Rect& line, bool labelled) {
  const Metrics& m = context.theme.metrics;
  const auto place = [&](const Button& button, float width) {
    const bool pressed = draw_button(context, line.cut_left(width), button);
    line.cut_left(m.gap);
    return pressed;
  };
  // The same width whether it reads Run or Pause: what is beside it must not move.
  const Button run = run_button(context, true);
  Button other = run;
  other.label = context.texts.get(running(context) ? "toolbar.run" : "toolbar.pause");
  const float run_width = std::max(button_width(context, run), button_width(context, other));
  if (place(run, run_width)) {
    if (running(context)) {
      context.send(session::Pause{});
    } else {
      context.send(session::Run{});
    }
  }
  const auto action = [&](std::string_view id, Icon icon) {
    const Button button = plain_button(context, id, icon, labelled);
    return place(button, button_width(context, button));
  };
  if (action("step", Icon::kStep)) context.send(session::Step{1});
  if (action("epoch", Icon::kEpoch)) context.send(session::FinishEpoch{});
  if (action("reset", Icon::kReset)) context.send(session::Reset{});
}

void draw_seed(PanelContext& context, Rect& line, float field_width) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const std::string& label = context.texts.get("toolbar.seed");
  const float width = text_width(context, label, {m.small});
  draw_text(context, line.cut_left(width + m.px(6)), label, theme.color(theme.colors.muted),
            {m.small});
  draw_setting_field(context, line.cut_left(field_width), "train.seed");
  line.cut_left(m.gap);
  if (draw_button(context, line.cut_left(m.control),
                  plain_button(context, "new_seed", Icon::kDice, false))) {
    context.send(session::NewSeed{});
  }
}

float seed_width(const PanelContext& context, float field_width) {
  const Metrics& m = context.theme.metrics;
  return text_width(context, context.texts.get("toolbar.seed"), {m.small}) + m.px(6) +
         field_width + m.gap + m.control;
}

// From the right end of the line.
void draw_preferences(PanelContext& context, Rect& line) {
  const Texts& texts = context.texts;
  const Metrics& m = context.theme.metrics;
  const bool dark = context.view.theme == ThemeKind::kDark;
  if (draw_button(context, line.cut_right(m.control),
                  {.id = "theme",
                   .icon = dark ? Icon::kSun : Icon::kMoon,
                   .kind = ButtonKind::kBare,
                   .help = texts.get("toolbar.theme.help")})) {
    context.view.theme = dark ? ThemeKind::kLight : ThemeKind::kDark;
  }
  line.cut_right(m.px(2));
  const bool chinese = texts.language() == Language::kChinese;
  const Button language{.id = "language",
                        .label = chinese ? "EN" : "中文",
                        .kind = ButtonKind::kBare,
                        .help = texts.get("toolbar.language.help")};
  if (draw_button(context, line.cut_right(button_width(context, language) - m.px(4)), language)) {
    context.view.language = chinese ? Language::kEnglish : Language::kChinese;
  }
  line.cut_right(m.gap);
}

float actions_width(const PanelContext& context, bool labelled) {
  const Metrics& m = context.theme.metrics;
  float width = std::max(button_width(context, run_button(context, true)), m.control);
  for (const auto& [id, icon] : {std::pair{"step", Icon::kStep}, {"epoch", Icon::kEpoch},
                                 {"reset", Icon::kReset}}) {
    width += m.gap + button_width(context, plain_button(context, id, icon, labelled));
  }
  return width;
}

void draw_in_one_line(PanelContext& context, Rect line) {
  const Metrics& m = context.theme.metrics;
  draw_preferences(context, line);
  const bool wide = context.layout.form == Form::kWide;
  const float brand = wide ? m.px(28) + text_width(context, context.texts.get("app.title"),
                                                   {m.brand, true}) + m.px(18)
                           : m.px(32);
  const float field = m.px(72);
  const float fixed = brand + 4 * m.gap + m.px(24) + seed_width(context, field);
  const auto combos = [&](bool labelled) {
    return line.w - fixed - actions_width(context, labelled);
  };
  // Labels where the two lists keep a comfortable width, else signs alone.
  const bool labelled = combos(true) >= m.px(250);
  const float list = std::min(m.px(160), combos(labelled) / 2);
  draw_brand(context, line.cut_left(brand), wide);
  draw_preset(context, line.cut_left(list));
  line.cut_left(m.gap);
  draw_setting_choice(context, line.cut_left(list), "data.set");
  line.cut_left(m.gap + m.px(12));
  draw_actions(context, line, labelled);
  line.cut_left(m.px(12));
  draw_seed(context, line, field);
}

void draw_in_two_lines(PanelContext& context, Rect area) {
  const Metrics& m = context.theme.metrics;
  Rect first = area.cut_top(m.control);
  area.cut_top(m.gap);
  Rect second = area.cut_top(m.control);
  draw_preferences(context, first);
  draw_brand(context, first.cut_left(m.px(28)), false);
  const float list = std::min(m.px(220), (first.w - m.gap) / 2);
  draw_preset(context, first.cut_left(list));
  first.cut_left(m.gap);
  draw_setting_choice(context, first.cut_left(list), "data.set");

  const float left = second.w - actions_width(context, false) - m.gap - seed_width(context, 0);
  draw_actions(context, second, false);
  draw_seed(context, second, std::clamp(left, m.px(28), m.px(90)));
}

}  // namespace

void draw_toolbar(PanelContext& context) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Rect& area = context.area;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(top_left(area), bottom_right(area), theme.color(theme.colors.card));
  list.AddLine({area.x, area.bottom() - 0.5f}, {area.right(), area.bottom() - 0.5f},
               theme.color(theme.colors.card_edge));
  const bool phone = context.layout.form == Form::kPhone;
  register_widget(context, "panel:toolbar", area);
  if (phone) {
    draw_in_two_lines(context, area.inset(m.gutter, m.gap));
  } else {
    draw_in_one_line(context, area.inset(m.gutter + m.px(4), m.px(10)));
  }
}

}  // namespace hourglass::ui
