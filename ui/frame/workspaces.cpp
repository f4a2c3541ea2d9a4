#include "ui/frame/workspaces.h"

#include <imgui.h>

#include <algorithm>
#include <string>

#include "ui/frame/panels.h"
#include "ui/kit/controls.h"
#include "ui/state/lesson_view.h"

namespace hourglass::ui {
namespace {

struct Segment {
  Workspace workspace;
  std::string_view name;  // text key, and of its help with ".help"
};
constexpr Segment kSegments[] = {{Workspace::kTraining, "workspace.training"},
                                 {Workspace::kApplications, "workspace.applications"}};

float segment_width(const PanelContext& context) {
  float widest = 0;
  for (const Segment& segment : kSegments) {
    widest = std::max(widest, text_width(context, context.texts.get(segment.name), {0, true}));
  }
  return widest + context.theme.metrics.px(22);
}

void draw_segment(PanelContext& context, const Rect& area, const Segment& segment) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  const bool chosen = context.view.workspace == segment.workspace;
  if (draw_area(context, area, segment.name)) {
    context.view.workspace = segment.workspace;
    context.animating = true;  // the cards of the other one are drawn in the next frame
  }
  mirror_item(context, {.role = MirrorRole::kTab, .on = chosen});
  const bool hovered = ImGui::IsItemHovered();
  if (chosen) {
    const Rect inside = area.inset(m.px(2), m.px(2));
    ImGui::GetWindowDrawList()->AddRectFilled(top_left(inside), bottom_right(inside),
                                              theme.color(c.card), m.radius - m.px(1));
  }
  const std::string& label = context.texts.get(segment.name);
  draw_text(context, area, label, theme.color(chosen || hovered ? c.text : c.muted),
            {fitting_size(context, label, area.w - m.px(8), m.text), chosen, Align::kCenter});
  draw_help(context, label, context.texts.get(std::string(segment.name) + ".help"));
}

void draw_toggle(PanelContext& context, const Rect& area) {
  const bool away = context.view.workspace == Workspace::kApplications;
  const Segment& other = kSegments[away ? 0 : 1];
  if (draw_button(context, area,
                  {.id = other.name,
                   .icon = Icon::kGrid,
                   .help_title = context.texts.get(other.name),
                   .help = context.texts.get(std::string(other.name) + ".help"),
                   .on = away})) {
    context.view.workspace = other.workspace;
    context.animating = true;
  }
}

}  // namespace

bool workspaces_shown(const session::LessonRules& rules) {
  return !rules.hides("toolbar.workspace") && workspace_shown(rules, Workspace::kTraining) &&
         workspace_shown(rules, Workspace::kApplications);
}

float workspaces_width(const PanelContext& context) {
  if (!workspaces_shown(lesson_rules(context))) return 0;
  return static_cast<float>(std::size(kSegments)) * segment_width(context);
}

void draw_workspaces(PanelContext& context, const Rect& area) {
  if (!workspaces_shown(lesson_rules(context))) return;
  const Theme& theme = context.theme;
  if (area.w < 2 * theme.metrics.control) {
    draw_toggle(context, area);
    return;
  }
  Rect rest = area;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(top_left(area), bottom_right(area), theme.color(theme.colors.field),
                     theme.metrics.radius);
  list.AddRect(top_left(area), bottom_right(area), theme.color(theme.colors.card_edge),
               theme.metrics.radius);
  const float width = area.w / static_cast<float>(std::size(kSegments));
  for (const Segment& segment : kSegments) draw_segment(context, rest.cut_left(width), segment);
}

std::string_view& chosen_tab(const PanelContext& context) {
  ViewState& view = context.view;
  return view.workspace == Workspace::kApplications ? view.application : view.tab;
}

}  // namespace hourglass::ui
