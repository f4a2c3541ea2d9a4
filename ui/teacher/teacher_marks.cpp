#include "ui/teacher/teacher_marks.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <utility>

#include "core/session/lesson/marks.h"
#include "ui/kit/controls.h"
#include "ui/kit/signs.h"
#include "ui/state/lesson_view.h"
#include "ui/teacher/teacher_state.h"

namespace hourglass::ui {
namespace {

using session::LessonMark;

constexpr float kClickRest = 6;  // points by which a click may move

bool is_making(const PanelContext& context) {
  const TeacherState& state = context.state<TeacherState>();
  return state.open && !state.previews;
}

// The smallest widget at that place, or null.
const std::pair<const std::string, Rect>* widget_at(const PanelContext& context, ImVec2 place) {
  const std::pair<const std::string, Rect>* found = nullptr;
  for (const auto& each : context.widgets.all()) {
    const Rect& rect = each.second;
    if (!rect.contains(place.x, place.y)) continue;
    if (!found || rect.w * rect.h < found->second.w * found->second.h) found = &each;
  }
  return found;
}

// A click on what leads somewhere else leads there first. Returns whether it did.
bool leads_elsewhere(PanelContext& context, std::string_view widget) {
  LessonView& view = context.state<LessonView>();
  if (widget.starts_with("tab:") && view.front != widget.substr(4)) {
    for (const std::string_view panel : session::lesson_panels()) {
      if (panel == widget.substr(4)) view.to_front = panel;
    }
    return true;
  }
  if (!widget.starts_with("workspace.")) return false;
  const Workspace workspace =
      widget == "workspace.training" ? Workspace::kTraining : Workspace::kApplications;
  return std::exchange(context.view.workspace, workspace) != workspace;
}

void take_click(PanelContext& context, TeacherState& state, ImVec2 place) {
  context.animating = true;
  const auto* const widget = widget_at(context, place);
  if (!widget) return;
  if (leads_elsewhere(context, widget->first)) {
    state.note = "teach.mark.front";
    return;
  }
  const std::string control = marked_control(widget->first);
  if (control.empty()) {
    state.note = "teach.mark.none";
    return;
  }
  state.touch();
  const LessonMark mark = session::next_mark(state.step().rules, control);
  for (session::LessonStep& step : state.lesson.steps) {
    if (!state.alone || &step == &state.step()) session::set_mark(step.rules, control, mark);
  }
  state.note = mark == LessonMark::kFree     ? "teach.mark.is_free"
               : mark == LessonMark::kLocked ? "teach.mark.is_locked"
                                             : "teach.mark.is_hidden";
}

void draw_one_mark(const PanelContext& context, ImDrawList& list, const Rect& rect, LessonMark mark,
                   bool hovered) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Palette& c = theme.colors;
  const Rgb color = mark == LessonMark::kHidden   ? c.heat
                    : mark == LessonMark::kLocked ? c.accent
                                                  : c.muted;
  const bool marks = context.state<TeacherState>().marks;
  if (mark == LessonMark::kHidden) {
    list.AddRectFilled(top_left(rect), bottom_right(rect), theme.color(c.card, 0.6f), m.radius);
  }
  if (mark != LessonMark::kFree || marks) {
    list.AddRect(top_left(rect), bottom_right(rect),
                 theme.color(color, mark == LessonMark::kFree && !hovered ? 0.35f : 1), m.radius, 0,
                 hovered && marks ? m.px(2) : 1);
  }
  if (mark == LessonMark::kFree) return;
  const float side = std::min(m.px(20), rect.h);
  const ImVec2 center{rect.right() - side / 2, rect.y + std::min(side, rect.h) / 2};
  list.AddRectFilled({center.x - side / 2, center.y - side / 2},
                     {center.x + side / 2, center.y + side / 2}, theme.color(c.card), m.radius);
  list.AddRect({center.x - side / 2, center.y - side / 2},
               {center.x + side / 2, center.y + side / 2}, theme.color(color), m.radius);
  const auto draw = mark == LessonMark::kHidden ? draw_hidden_sign : draw_lock_sign;
  draw(list, center, side * 0.72f, theme.color(color));
}

}  // namespace

MarkGuard::MarkGuard(const PanelContext& context)
    : marks_(is_making(context) && context.state<TeacherState>().marks) {
  if (!marks_) return;
  ImGui::PushStyleVar(ImGuiStyleVar_DisabledAlpha, 1);
  ImGui::BeginDisabled();
}

MarkGuard::~MarkGuard() {
  if (!marks_) return;
  ImGui::EndDisabled();
  ImGui::PopStyleVar();
}

std::string marked_control(std::string_view widget) {
  constexpr std::string_view kSetting = "setting:", kTab = "tab:", kPanel = "panel:";
  if (widget.starts_with(kSetting)) {
    const std::string_view key = widget.substr(kSetting.size());
    return std::string(key.substr(0, key.find(':')));
  }
  const bool panel = widget.starts_with(kPanel);
  if (panel || widget.starts_with(kTab)) {
    const std::string_view id = widget.substr(widget.find(':') + 1);
    const auto panels = session::lesson_panels();
    return std::ranges::find(panels, id) == panels.end() ? std::string()
                                                         : std::string(kPanel) + std::string(id);
  }
  if (widget == "speed") return "toolbar.speed";
  if (widget.starts_with("workspace.")) return "toolbar.workspace";
  if (widget.starts_with("timeline")) return "timeline";
  for (const std::string_view command : session::kLessonCommands) {
    if (widget == command) return "command:" + std::string(command);
  }
  return {};
}

void draw_marks(PanelContext& context, const Rect& playground) {
  TeacherState& state = context.state<TeacherState>();
  if (!is_making(context) || ImGui::GetCurrentContext()->OpenPopupStack.Size > 0) return;
  const ImGuiIO& io = ImGui::GetIO();
  const bool inside = playground.contains(io.MousePos.x, io.MousePos.y);
  const bool rested = io.MouseDragMaxDistanceSqr[0] < kClickRest * kClickRest;
  if (state.marks && inside && rested && ImGui::IsMouseReleased(0)) {
    take_click(context, state, io.MouseClickedPos[0]);
  }
  const auto* const hovered = inside ? widget_at(context, io.MousePos) : nullptr;
  ImDrawList& list = *ImGui::GetForegroundDrawList();
  list.PushClipRect(top_left(playground), bottom_right(playground));
  // Large ones first: what lies in a panel is marked over its veil.
  for (const bool panels : {true, false}) {
    for (const auto& [id, rect] : context.widgets.all()) {
      if (id.starts_with("panel:") != panels) continue;
      const std::string control = marked_control(id);
      // Of a slider with a field, the slider has the mark.
      if (control.empty() || id.ends_with(":field")) continue;
      const LessonMark mark = session::mark_of(state.step().rules, control);
      if (panels && mark == LessonMark::kFree) continue;
      draw_one_mark(context, list, rect, mark, hovered && hovered->first == id);
    }
  }
  list.PopClipRect();
}

}  // namespace hourglass::ui
