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
  draw_icon(*ImGui::GetWindowDrawList(), Icon::kHourglass, {area.x + side / 2, area.y + area.h / 2},
            side, theme.color(theme.colors.train));
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
    items.push_back({name, context.texts.get(key + ".label"), context.texts.get(key + ".help")});
  }
  const int chosen = draw_choice(context, area, "preset", selected, items,
                                 context.texts.get("preset.changed.label"));
  draw_help(context, context.texts.get("toolbar.preset"), context.texts.get("toolbar.preset.help"));
  if (chosen < 0) return;
  context.view.map = {};
  context.view.drafts.clear();
  // A preset names the data of its source, but the data has a list of its own beside this one: it
  // stays.
  const std::string data = text_setting(context.store, "data.set", "strokes");
  context.send(session::LoadPreset{context.presets[static_cast<std::size_t>(chosen)]});
  context.send(session::SetSetting{"data.set", data});
}

// What of the actions is written out.
enum class Labels { kAll, kRun, kNone };

// The same width whether it reads Run or Pause: what is beside it must not move.
float run_width(const PanelContext& context, Labels labels) {
  if (labels == Labels::kNone) return context.theme.metrics.control;
  const Button run = run_button(context, true);
  Button other = run;
  other.label = context.texts.get(running(context) ? "toolbar.run" : "toolbar.pause");
  return std::max(button_width(context, run), button_width(context, other));
}

struct Action {
  std::string_view id;
  Icon icon;
};
constexpr Action kActions[] = {
    {"step", Icon::kStep}, {"epoch", Icon::kEpoch}, {"reset", Icon::kReset}};

float actions_width(const PanelContext& context, Labels labels) {
  float width = run_width(context, labels);
  for (const Action& action : kActions) {
    width += context.theme.metrics.gap +
             button_width(context,
                          plain_button(context, action.id, action.icon, labels == Labels::kAll));
  }
  return width;
}

void draw_actions(PanelContext& context, Rect& line, Labels labels) {
  const Metrics& m = context.theme.metrics;
  if (draw_button(context, line.cut_left(run_width(context, labels)),
                  run_button(context, labels != Labels::kNone))) {
    if (running(context)) {
      context.send(session::Pause{});
    } else {
      context.send(session::Run{});
    }
  }
  for (const Action& action : kActions) {
    line.cut_left(m.gap);
    const Button button = plain_button(context, action.id, action.icon, labels == Labels::kAll);
    if (!draw_button(context, line.cut_left(button_width(context, button)), button)) continue;
    if (action.icon == Icon::kStep) context.send(session::Step{1});
    if (action.icon == Icon::kEpoch) context.send(session::FinishEpoch{});
    if (action.icon == Icon::kReset) context.send(session::Reset{});
  }
}

void draw_seed(PanelContext& context, Rect& line, float field_width) {
  const Metrics& m = context.theme.metrics;
  draw_setting_field(context, line.cut_left(field_width), "train.seed");
  line.cut_left(m.gap);
  if (draw_button(context, line.cut_left(m.control),
                  plain_button(context, "new_seed", Icon::kDice, false))) {
    context.send(session::NewSeed{});
  }
}

Button language_button(const PanelContext& context) {
  return {.id = "language",
          .label = context.texts.language() == Language::kChinese ? "EN" : "中文",
          .kind = ButtonKind::kBare,
          .help = context.texts.get("toolbar.language.help")};
}

float language_width(const PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  return std::max(m.control, text_width(context, language_button(context).label) + m.px(14));
}

float preferences_width(const PanelContext& context) {
  return context.theme.metrics.control + language_width(context);
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
  const bool chinese = texts.language() == Language::kChinese;
  if (draw_button(context, line.cut_right(language_width(context)), language_button(context))) {
    context.view.language = chinese ? Language::kEnglish : Language::kChinese;
  }
  line.cut_right(m.gap);
}

void draw_lists(PanelContext& context, Rect& line, float width) {
  draw_preset(context, line.cut_left(width));
  line.cut_left(context.theme.metrics.gap);
  draw_setting_choice(context, line.cut_left(width), "data.set");
}

void draw_in_one_line(PanelContext& context, Rect line) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  draw_preferences(context, line);
  const bool wide = context.layout.form == Form::kWide;
  const float brand =
      wide ? m.px(28) + text_width(context, context.texts.get("app.title"), {m.brand, true}) +
                 m.px(18)
           : m.px(32);
  const std::string& seed = context.texts.get("toolbar.seed");
  const float seed_label = text_width(context, seed, {m.small}) + m.px(6);
  const float field = m.px(72);
  const float fixed = brand + 3 * m.gap + m.px(24) + seed_label + field + m.control;
  const auto left_for_lists = [&](Labels labels) {
    return line.w - fixed - actions_width(context, labels);
  };
  // Labels where the two lists keep a comfortable width, else signs alone.
  const Labels labels = left_for_lists(Labels::kAll) >= m.px(250) ? Labels::kAll : Labels::kRun;
  draw_brand(context, line.cut_left(brand), wide);
  draw_lists(context, line, std::min(m.px(160), left_for_lists(labels) / 2));
  line.cut_left(m.gap + m.px(12));
  draw_actions(context, line, labels);
  line.cut_left(m.px(12));
  draw_text(context, line.cut_left(seed_label), seed, theme.color(theme.colors.muted), {m.small});
  draw_seed(context, line, field);
}

// How the toolbar breaks on a narrow window: two lines, three, or three with signs only.
struct Breaks {
  int lines;
  Labels labels;
};

Breaks breaks(const PanelContext& context, float width) {
  const Metrics& m = context.theme.metrics;
  const float inside = width - 2 * m.gutter;
  const float list = m.px(96), seed = m.px(58) + m.gap + m.control;
  const float actions = actions_width(context, Labels::kRun);
  if (m.px(28) + 2 * list + 2 * m.gap + preferences_width(context) <= inside &&
      actions + m.gap + seed <= inside) {
    return {2, Labels::kRun};
  }
  return {3, actions <= inside ? Labels::kRun : Labels::kNone};
}

void draw_in_lines(PanelContext& context, Rect area) {
  const Metrics& m = context.theme.metrics;
  const Breaks how = breaks(context, context.area.w);
  const auto next = [&] {
    const Rect line = area.cut_top(m.control);
    area.cut_top(m.gap);
    return line;
  };
  Rect first = next(), second = next();
  if (how.lines == 2) {
    draw_preferences(context, first);
    draw_brand(context, first.cut_left(m.px(28)), false);
  }
  draw_lists(context, first, (first.w - m.gap) / 2);
  draw_actions(context, second, how.labels);
  Rect third = second;
  if (how.lines == 2) {
    third.cut_left(m.gap);
  } else {
    third = next();
    draw_preferences(context, third);
  }
  draw_seed(context, third, std::min(m.px(110), third.w - m.gap - m.control));
}

}  // namespace

float toolbar_height(const PanelContext& context, Form form, float width) {
  const Metrics& m = context.theme.metrics;
  if (form != Form::kPhone) return m.control + 2 * m.px(10);
  const int lines = breaks(context, width).lines;
  return static_cast<float>(lines) * (m.control + m.gap) + m.gap;
}

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
    draw_in_lines(context, area.inset(m.gutter, m.gap));
  } else {
    draw_in_one_line(context, area.inset(m.gutter + m.px(4), m.px(10)));
  }
}

}  // namespace hourglass::ui
