#include "ui/lesson/lesson_card.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "ui/kit/controls.h"
#include "ui/kit/rich_text.h"
#include "ui/kit/scroll_area.h"
#include "ui/lesson/lesson_parts.h"

namespace hourglass::ui {
namespace {

constexpr float kColumnFrom = 1080;  // width of a window that has room for a column, at scale 1

float lesson_margin(const Metrics& m) { return m.px(18); }

// The steps as a row of segments: those behind are filled, the one on show is longer.
void draw_lesson_steps(PanelContext& context, const Rect& area,
                       const session::LessonProgress& progress) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  const std::size_t steps = progress.steps().size();
  register_widget(context, "lesson:steps", area);
  const float space = std::min(m.px(4), area.w / static_cast<float>(4 * steps));
  // The one on show counts twice.
  const float parts = static_cast<float>(steps) + (progress.finished() ? 0 : 1);
  const float one = (area.w - space * static_cast<float>(steps - 1)) / parts;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float x = area.x;
  for (std::size_t i = 0; i < steps; ++i) {
    const bool here = i == progress.at();
    const bool passed = progress.steps()[i].done && progress.steps()[i].entered;
    const float width = here ? 2 * one : one;
    const ImU32 color =
        theme.color(passed || here ? c.accent : c.field_on, here && !passed ? 0.55f : 1);
    list.AddRectFilled({x, area.y}, {x + width, area.bottom()}, color, area.h / 2);
    x += width + space;
  }
}

// Text of the step, task, goal, hints and what is said at its end.
float draw_lesson_step(PanelContext& context, PartPlace place, LessonState& state) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  const session::LessonStep& step = state.progress->step();
  const bool done = state.progress->progress().done;
  const float top = place.y;
  const auto add = [&](float height, float space) { place.y += height + space; };

  const float title = std::floor(m.heading * 1.15f);
  const std::string& name = local(context, step.title);
  // A title of several lines is broken as bold words are.
  add(draw_rich_text(context, place.x, place.y, place.width, "**" + name + "**",
                     theme.color(c.text), title, place.draw),
      m.px(8));
  add(draw_rich_text(context, place.x, place.y, place.width, local(context, step.text),
                     theme.color(c.text), reading_size(m), place.draw),
      m.px(14));
  if (!step.task.empty()) {
    if (place.draw) register_widget(context, "lesson:task", {place.x, place.y, place.width, 1});
    add(draw_boxed_text(context, place, local(context, step.task), c.accent,
                        done ? BoxSign::kCheck : BoxSign::kPlay),
        m.px(12));
  }
  add(draw_goal(context, place, state), 0);
  if (!done || state.progress->progress().hints > 0) add(draw_hints(context, place, state), 0);
  if (done && step.goal.kind != session::GoalKind::kNone && !step.done.empty()) {
    if (place.draw) register_widget(context, "lesson:done", {place.x, place.y, place.width, 1});
    add(draw_boxed_text(context, place, local(context, step.done), c.accent, BoxSign::kCheck),
        m.px(12));
  }
  return place.y - top;
}

float draw_lesson_body(PanelContext& context, PartPlace place, LessonState& state) {
  return state.progress->finished() ? draw_results(context, place, state)
                                    : draw_lesson_step(context, place, state);
}

float header_height(const Metrics& m) { return m.control; }

// Which lesson this is, where one stands in it, and the ways out.
void draw_lesson_header(PanelContext& context, Rect line, LessonState& state, bool sheet) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const session::LessonProgress& progress = *state.progress;
  if (draw_button(context, line.cut_right(m.control),
                  {.id = "lesson:close",
                   .icon = Icon::kClose,
                   .kind = ButtonKind::kBare,
                   .help_title = texts.get("lesson.close"),
                   .help = texts.get("lesson.close.help")})) {
    end_lesson(state, context.state<LessonView>());
    context.animating = true;
    return;
  }
  if (sheet && draw_button(context, line.cut_right(m.control),
                           {.id = "lesson:fold",
                            .icon = state.folded ? Icon::kPrevious : Icon::kChevron,
                            .kind = ButtonKind::kBare,
                            .help_title = texts.get(state.folded ? "lesson.unfold" : "lesson.fold"),
                            .help = texts.get("lesson.fold.help")})) {
    state.folded = !state.folded;
    context.animating = true;
  }
  line.w -= m.gap;
  if (!progress.finished()) {
    const std::string where =
        texts.format("lesson.step",
                     {std::to_string(progress.at() + 1), std::to_string(progress.steps().size())});
    const float width = text_width(context, where, {m.small});
    // Folded, or where there is no room for both, where one stands says more than the name.
    draw_text(context, line.cut_right(width), where, theme.color(theme.colors.muted), {m.small});
    line.w -= m.gap;
  }
  const std::string& title = state.folded && !progress.finished()
                                 ? local(context, progress.step().title)
                                 : local(context, progress.lesson().title);
  if (line.w > m.px(30)) {
    draw_text(context, line, title,
              theme.color(state.folded ? theme.colors.text : theme.colors.accent), {m.small, true});
  }
}

// Back and Next.
void draw_lesson_footer(PanelContext& context, Rect line, LessonState& state) {
  const Metrics& m = context.theme.metrics;
  const Texts& texts = context.texts;
  const session::LessonProgress& progress = *state.progress;
  const bool last = progress.at() + 1 == progress.steps().size();
  const bool open = progress.progress().done;
  const Button next{.id = "lesson:next",
                    .label = texts.get(last ? "lesson.finish" : "lesson.next"),
                    .icon = Icon::kNext,
                    .kind = open ? ButtonKind::kPrimary : ButtonKind::kPlain,
                    .help_title = texts.get(last ? "lesson.finish" : "lesson.next"),
                    .help = texts.get(open ? "lesson.next.help" : "lesson.next.waits"),
                    .disabled = !open};
  const float width = std::max(button_width(context, next), m.px(110));
  const Button back{.id = "lesson:back",
                    .label = texts.get("lesson.back"),
                    .icon = Icon::kPrevious,
                    .kind = ButtonKind::kBare};
  if (progress.at() > 0 && draw_button(context, line.cut_left(button_width(context, back)), back)) {
    last_step(state, context.state<LessonView>());
    context.animating = true;
    return;
  }
  if (draw_button(context, line.cut_right(std::min(width, line.w)), next)) {
    next_step(state, context.state<LessonView>());
    context.animating = true;
  }
}

// From the top of the card to its content, and from there to its bottom.
float above_content(const Metrics& m) {
  return m.px(8) + header_height(m) + m.px(4) + m.px(6) + m.px(12);
}
float below_content(const Metrics& m) { return m.px(8) + m.control + m.px(12); }

}  // namespace

LessonRoom lesson_room(const PanelContext& context, float width, float height) {
  LessonState& state = context.state<LessonState>();
  if (!state.progress) return {};
  const Metrics& m = context.theme.metrics;
  if (width >= m.px(kColumnFrom)) {
    return {.column = std::clamp(width * 0.25f, m.px(300), m.px(400))};
  }
  const float folded = m.px(8) + header_height(m) + m.px(8) + m.control + m.px(8);
  if (state.folded) return {.sheet = std::min(folded, height * 0.4f)};
  PanelContext measured = context;
  const float inside = std::min(width, m.px(720)) - 2 * lesson_margin(m);
  const float content = draw_lesson_body(measured, {0, 0, inside, false}, state);
  const float wanted = above_content(m) + content + below_content(m);
  return {.sheet = std::floor(std::min(wanted, height * 0.46f))};
}

void draw_lesson(PanelContext& context) {
  LessonState& state = context.state<LessonState>();
  if (!state.progress || context.area.empty()) return;
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Rect area = context.area;
  const bool sheet = area.y > 0;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(top_left(area), bottom_right(area), theme.color(theme.colors.card));
  if (sheet) {
    list.AddRectFilled({area.x, area.y}, {area.right(), area.y + m.px(2)},
                       theme.color(theme.colors.accent));
  } else {
    list.AddLine({area.right() - 0.5f, area.y}, {area.right() - 0.5f, area.bottom()},
                 theme.color(theme.colors.card_edge));
  }
  register_widget(context, "panel:lesson", area);
  if (context.mirror && state.progress) {
    context.mirror->add_heading(area, local(context, state.progress->lesson().title));
  }
  // Lines that are wider than one can read are no help: a wide sheet has its words in the middle.
  const float width = std::min(area.w, sheet ? m.px(720) : area.w);
  Rect inside{std::floor(area.x + (area.w - width) / 2), area.y, width, area.h};
  inside = {inside.x + lesson_margin(m), inside.y, inside.w - 2 * lesson_margin(m), inside.h};
  inside.cut_top(m.px(8));
  draw_lesson_header(context, inside.cut_top(header_height(m)), state, sheet);
  if (!state.progress) return;
  inside.cut_top(m.px(4));
  const bool folded = sheet && state.folded;
  if (!folded) {
    draw_lesson_steps(context, inside.cut_top(m.px(6)), *state.progress);
    inside.cut_top(m.px(12));
  }
  if (!state.progress->finished()) {
    inside.cut_bottom(m.px(folded ? 8 : 12));
    draw_lesson_footer(context, inside.cut_bottom(m.control), state);
    inside.cut_bottom(m.px(8));
  }
  if (folded || !state.progress) return;
  const float bar = ImGui::GetStyle().ScrollbarSize + m.px(4);
  float content = draw_lesson_body(context, {0, 0, inside.w, false}, state);
  if (content > inside.h) content = draw_lesson_body(context, {0, 0, inside.w - bar, false}, state);
  if (state.shown_new && content > inside.h) ImGui::SetNextWindowScroll({0, 0});
  state.shown_new = false;
  const ScrollArea scroll(context, inside, "lesson:content", content);
  draw_lesson_body(context, {scroll.inside.x, scroll.inside.y, scroll.inside.w, true}, state);
}

void draw_lesson_ring(PanelContext& context) {
  if (context.state<LessonView>().spoken_of.empty()) return;
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const auto& widgets = context.widgets.all();
  auto found = widgets.find("panel:" + std::string(context.state<LessonView>().spoken_of));
  if (found == widgets.end()) return;
  // A panel among the tabs is marked with its card.
  const auto tabs = widgets.find("panel:tabs");
  if (tabs != widgets.end() && tabs->second.contains(found->second.x, found->second.y)) {
    found = tabs;
  }
  const Rect ring = found->second;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRect({ring.x - m.px(3), ring.y - m.px(3)},
               {ring.right() + m.px(3), ring.bottom() + m.px(3)},
               theme.color(theme.colors.accent, 0.22f), m.card_radius + m.px(3), 0, m.px(4));
  list.AddRect(top_left(ring), bottom_right(ring), theme.color(theme.colors.accent), m.card_radius,
               0, m.px(2));
  register_widget(context, "lesson:ring", ring);
}

}  // namespace hourglass::ui
