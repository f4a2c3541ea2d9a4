#include "ui/frame/toolbar.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "ui/frame/toolbar_parts.h"
#include "ui/frame/workspaces.h"
#include "ui/kit/controls.h"
#include "ui/settings/setting_widget.h"
#include "ui/state/lesson_view.h"

namespace hourglass::ui {
namespace {

// The lists of presets and data; a lesson may hide either.
void draw_lists(PanelContext& context, Rect& line, float width) {
  if (!lesson_rules(context).hides("toolbar.preset")) {
    draw_preset(context, line.cut_left(width));
    line.cut_left(context.theme.metrics.gap);
  }
  if (!lesson_rules(context).hides("data.set")) {
    draw_setting_choice(context, line.cut_left(width), "data.set");
  }
}

void draw_in_one_line(PanelContext& context, Rect line) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  draw_preferences(context, line);
  const std::string& title = context.texts.get("app.title");
  const std::string& seed = context.texts.get("toolbar.seed");
  const float name = m.px(28) + text_width(context, title, {m.brand, true}) + m.px(18);
  const float label = text_width(context, seed, {m.small}) + m.px(6);

  // What goes first where it is tight: the words on the buttons, the name, then those of the seed.
  struct Fit {
    Labels labels;
    float brand, seed_label, field;
    bool brief;
    float workspaces, undo;
  };
  const float both = workspaces_width(context), undo = undo_width(context);
  const Fit fits[] = {{Labels::kAll, name, label, m.px(72), false, both, undo},
                      {Labels::kRun, name, label, m.px(72), false, both, undo},
                      {Labels::kRun, m.px(32), label, m.px(72), true, both, undo},
                      {Labels::kRun, m.px(32), 0, m.px(56), true, both, undo},
                      {Labels::kRun, m.px(32), 0, m.px(56), true, both, 0},
                      {Labels::kRun, 0, 0, m.px(56), true, both, 0},
                      {Labels::kNone, 0, 0, m.px(56), true, both, 0},
                      {Labels::kRun, 0, 0, m.px(56), true, m.control, 0},
                      {Labels::kNone, 0, 0, m.px(52), true, m.control, 0}};
  Fit fit{};
  float lists = 0, speed = 0;
  for (const Fit& one : fits) {
    fit = one;
    speed = speed_width(context, one.brief);
    lists = line.w - one.brand - one.workspaces - m.px(12) - actions_width(context, one.labels) -
            speed - one.seed_label - one.field - m.control - 4 * m.gap - m.px(24) - one.undo;
    if (lists >= m.px(one.labels == Labels::kAll ? 250 : 220)) break;
  }
  if (fit.undo > 0) draw_undo(context, line);
  if (fit.brand > 0) draw_brand(context, line.cut_left(fit.brand), fit.brand >= name);
  draw_workspaces(context, line.cut_left(fit.workspaces));
  line.cut_left(m.px(12));
  draw_lists(context, line, std::min(m.px(180), lists / 2));
  line.cut_left(m.gap + m.px(4));
  draw_actions(context, line, fit.labels);
  line.cut_left(m.gap);
  draw_speed(context, line.cut_left(speed));
  line.cut_left(m.px(12));
  if (lesson_rules(context).hides("toolbar.seed")) return;
  if (fit.seed_label > 0) {
    draw_text(context, line.cut_left(fit.seed_label), seed, theme.color(theme.colors.muted),
              {m.small});
  }
  draw_seed(context, line, fit.field);
}

// How the toolbar breaks on a narrow window. The speed stands beside the actions; where these take
// all of their line it stands beside the data, and the preset has a line of its own: three lists in
// one would show no word of what is chosen.
struct Breaks {
  int lines;
  Labels labels;
  bool speed_above = false;
};

Breaks breaks(const PanelContext& context, float width) {
  const Metrics& m = context.theme.metrics;
  const float inside = width - 2 * m.gutter;
  const float list = m.px(96), seed = m.px(58) + m.gap + m.control;
  const float speed = m.gap + speed_width(context, true);
  const float actions = actions_width(context, Labels::kRun);
  if (m.px(28) + 2 * list + 2 * m.gap + preferences_width(context) <= inside &&
      actions + speed + m.gap + seed <= inside) {
    return {2, Labels::kRun};
  }
  if (actions + speed <= inside) return {3, Labels::kRun};
  if (actions_width(context, Labels::kNone) + speed <= inside) return {3, Labels::kNone};
  return {4, actions <= inside ? Labels::kRun : Labels::kNone, true};
}

// The first line: what is trained, on what.
void draw_choices_line(PanelContext& context, Rect line, const Breaks& how) {
  const Metrics& m = context.theme.metrics;
  if (how.lines == 2) {
    draw_preferences(context, line);
    draw_brand(context, line.cut_left(m.px(28)), false);
  }
  draw_lists(context, line, (line.w - m.gap) / 2);
}

// The same in two lines, with the speed.
void draw_choices_lines(PanelContext& context, const Rect& first, Rect second) {
  const Metrics& m = context.theme.metrics;
  draw_preset(context, first);
  draw_speed(context, second.cut_right(std::min(speed_width(context, true), second.w / 2)));
  second.cut_right(m.gap);
  draw_setting_choice(context, second, "data.set");
}

void draw_seed_part(PanelContext& context, Rect line) {
  if (lesson_rules(context).hides("toolbar.seed")) return;
  const Metrics& m = context.theme.metrics;
  // Where the line has room a number without a name would be a riddle.
  const std::string& seed = context.texts.get("toolbar.seed");
  const float label = text_width(context, seed, {m.small}) + m.px(8);
  if (line.w - label - m.gap - m.control >= m.px(58)) {
    draw_text(context, line.cut_left(label), seed, context.theme.color(context.theme.colors.muted),
              {m.small});
  }
  draw_seed(context, line, std::min(m.px(110), line.w - m.gap - m.control));
}

// Run and its neighbours.
void draw_actions_line(PanelContext& context, Rect line, const Breaks& how) {
  const Metrics& m = context.theme.metrics;
  draw_actions(context, line, how.labels);
  line.cut_left(m.gap);
  if (how.speed_above) return;
  // In three lines nothing else is on this one.
  draw_speed(context, how.lines == 2 ? line.cut_left(speed_width(context, true)) : line);
  if (how.lines > 2) return;
  line.cut_left(m.gap);
  draw_seed_part(context, line);
}

void draw_in_lines(PanelContext& context, Rect area, ToolbarPart part) {
  const Metrics& m = context.theme.metrics;
  const Breaks how = breaks(context, context.area.w);
  const auto next = [&] {
    const Rect line = area.cut_top(m.control);
    area.cut_top(m.gap);
    return line;
  };
  if (part != ToolbarPart::kRow && how.speed_above) {
    const Rect first = next();
    draw_choices_lines(context, first, next());
  } else if (part != ToolbarPart::kRow) {
    draw_choices_line(context, next(), how);
  }
  if (part != ToolbarPart::kRest) draw_actions_line(context, next(), how);
  if (part == ToolbarPart::kRow || how.lines == 2) return;
  Rect third = next();
  draw_preferences(context, third);
  if (third.w - undo_width(context) >= m.px(66) + m.control) draw_undo(context, third);
  draw_seed_part(context, third);
}

}  // namespace

float toolbar_height(const PanelContext& context, Form form, float width, ToolbarPart part) {
  const Metrics& m = context.theme.metrics;
  if (form != Form::kPhone) return part == ToolbarPart::kRest ? 0 : m.control + 2 * m.px(10);
  const int all = breaks(context, width).lines;
  const int lines = part == ToolbarPart::kAll ? all : part == ToolbarPart::kRow ? 1 : all - 1;
  return static_cast<float>(lines) * (m.control + m.gap) + m.gap;
}

void draw_toolbar(PanelContext& context, ToolbarPart part) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Rect& area = context.area;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(top_left(area), bottom_right(area), theme.color(theme.colors.card));
  list.AddLine({area.x, area.bottom() - 0.5f}, {area.right(), area.bottom() - 0.5f},
               theme.color(theme.colors.card_edge));
  const bool phone = context.layout.form == Form::kPhone;
  register_widget(context, part == ToolbarPart::kRest ? "panel:toolbar_rest" : "panel:toolbar",
                  area);
  if (phone) {
    draw_in_lines(context, area.inset(m.gutter, m.gap), part);
  } else {
    draw_in_one_line(context, area.inset(m.gutter + m.px(4), m.px(10)));
  }
}

}  // namespace hourglass::ui
