// The page at the end of a lesson.
#include <imgui.h>

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/json.h"
#include "ui/kit/controls.h"
#include "ui/kit/rich_text.h"
#include "ui/kit/signs.h"
#include "ui/lesson/lesson_parts.h"

namespace hourglass::ui {
namespace {

struct ResultFigure {
  std::string number;
  std::string_view name;  // text key
};

void draw_result_figure(PanelContext& context, const Rect& area, const ResultFigure& figure) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  ImGui::GetWindowDrawList()->AddRectFilled(top_left(area), bottom_right(area),
                                            theme.color(theme.colors.field), m.radius);
  Rect inside = area.inset(m.px(6), m.px(8));
  draw_text(context, inside.cut_top(m.px(28)), figure.number, theme.color(theme.colors.text),
            {m.brand, true, Align::kCenter});
  const std::string& name = context.texts.get(figure.name);
  draw_text(context, inside, name, theme.color(theme.colors.muted),
            {fitting_size(context, name, inside.w, m.small), false, Align::kCenter});
}

float draw_result_figures(PanelContext& context, const PartPlace& place,
                          const session::LessonProgress& progress) {
  const Metrics& m = context.theme.metrics;
  const float height = m.px(64);
  if (!place.draw) return height;
  const ResultFigure figures[] = {
      {std::to_string(progress.steps_done()) + " / " + std::to_string(progress.steps().size()),
       "lesson.results.steps"},
      {std::to_string(progress.attempts()), "lesson.results.attempts"},
      {std::to_string(progress.hints()), "lesson.results.hints"}};
  Rect line{place.x, place.y, place.width, height};
  register_widget(context, "lesson:results", line);
  const float width = (place.width - 2 * m.gap) / 3;
  for (const ResultFigure& figure : figures) {
    draw_result_figure(context, line.cut_left(width), figure);
    line.cut_left(m.gap);
  }
  return height;
}

// Puts the code onto the clipboard, which whoever makes files can do: a canvas has none.
void copy_code(LessonState& state, std::string code) {
  const Json arguments = {{"what", "text"}, {"text", code}};
  state.copied = std::move(code);
  state.copy_error.clear();
  state.send({0, session::StartJob{"save", json_text(arguments), kCopyNumber}});
}

// The code of the result, which a course may ask for, and whose it is.
float draw_code(PanelContext& context, const PartPlace& at, LessonState& state) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  session::LessonProgress& progress = *state.progress;
  PartPlace place = at;
  const auto add_words = [&](std::string_view words, Rgb color, float space) {
    place.y += draw_paragraph(context, place.x, place.y, place.width, words, theme.color(color),
                              m.small, place.draw) +
               space;
  };
  add_words(texts.get("lesson.code"), c.muted, m.px(6));
  const std::string code = progress.code();
  if (place.draw) {
    Rect line{place.x, place.y, place.width, m.control};
    const bool is_copied = state.copied == code && state.copy_error.empty();
    const Button copy{.id = "lesson:copy",
                      .label = texts.get(is_copied ? "lesson.code.copied" : "lesson.code.copy")};
    if (draw_button(context, line.cut_right(button_width(context, copy)), copy)) {
      copy_code(state, code);
      context.animating = true;
    }
    line.w -= m.gap;
    ImGui::GetWindowDrawList()->AddRectFilled(top_left(line), bottom_right(line),
                                              theme.color(c.field), m.radius);
    register_widget(context, "lesson:code", line);
    draw_text(context, line, code, theme.color(c.text),
              {fitting_size(context, code, line.w - m.px(12), m.heading), true, Align::kCenter});
  }
  place.y += m.control + m.px(8);
  if (!state.copy_error.empty()) add_words(state.copy_error, c.heat, m.px(8));
  add_words(texts.get("lesson.code.student"), c.muted, m.px(4));
  if (place.draw) {
    std::string student = progress.student();
    const Rect line{place.x, place.y, place.width, m.control};
    if (draw_field(context, line, "lesson:student", student, true, true)) {
      progress.set_student(student);
      state.changed = true;
      context.animating = true;
    }
  }
  return place.y + m.control - at.y;
}

}  // namespace

float draw_results(PanelContext& context, const PartPlace& at, LessonState& state) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const session::LessonProgress& progress = *state.progress;
  PartPlace place = at;
  const float radius = m.px(26);
  place.y += m.px(8);
  if (place.draw) {
    const ImVec2 center{place.x + place.width / 2, place.y + radius};
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddCircleFilled(center, radius, theme.color(c.accent, 0.14f), 48);
    list.AddCircleFilled(center, radius * 0.72f, theme.color(c.accent), 40);
    draw_check_sign(list, center, radius * 0.8f, theme.color(c.on_accent));
    draw_text(context, {place.x, place.y + 2 * radius + m.px(8), place.width, m.px(30)},
              texts.get("lesson.results"), theme.color(c.text), {m.brand, true, Align::kCenter});
  }
  place.y += 2 * radius + m.px(46);
  place.y += draw_result_figures(context, place, progress) + m.px(16);
  place.y += draw_code(context, place, state) + m.px(16);

  struct Way {
    std::string_view id, name;
    Icon icon;
    ButtonKind kind;
  };
  constexpr Way kWays[] = {
      {"lesson:others", "lesson.others", Icon::kBookmark, ButtonKind::kPrimary},
      {"lesson:again", "lesson.again", Icon::kReset, ButtonKind::kPlain},
      {"lesson:leave", "lesson.leave", Icon::kHourglass, ButtonKind::kPlain}};
  for (const Way& way : kWays) {
    const Rect line{place.x, place.y, place.width, m.control};
    place.y += m.control + m.gap;
    if (!place.draw ||
        !draw_button(
            context, line,
            {.id = way.id, .label = texts.get(way.name), .icon = way.icon, .kind = way.kind})) {
      continue;
    }
    context.animating = true;
    if (way.icon == Icon::kBookmark) context.state<LessonView>().list_wanted = true;
    if (way.icon == Icon::kReset) {
      restart_lesson(state, context.state<LessonView>());
      return place.y - at.y;
    }
    if (way.icon == Icon::kHourglass) {
      end_lesson(state, context.state<LessonView>());
      return place.y - at.y;
    }
  }
  // What one may say of oneself: the way back to the last step.
  if (place.draw) {
    const Button back{.id = "lesson:back",
                      .label = texts.get("lesson.back"),
                      .icon = Icon::kPrevious,
                      .kind = ButtonKind::kBare};
    if (draw_button(context, {place.x, place.y, button_width(context, back), m.control}, back)) {
      last_step(state, context.state<LessonView>());
      context.animating = true;
    }
  }
  place.y += m.control;
  return place.y - at.y;
}

}  // namespace hourglass::ui
