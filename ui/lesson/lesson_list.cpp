#include "ui/lesson/lesson_list.h"

#include <imgui.h>

#include <string>

#include "ui/kit/controls.h"
#include "ui/kit/page_popup.h"
#include "ui/lesson/lesson_parts.h"

namespace hourglass::ui {
namespace {

constexpr const char* kLessonsPopup = "lessons page";

// One lesson: its name, how long it takes, what it is about. Returns its height.
float draw_lesson_row(PanelContext& context, const PartPlace& place, const ListedLesson& lesson,
                      LessonState& state) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  const float side = m.px(14), edge = m.px(10);
  const std::string& about = local(context, lesson.about);
  const float text =
      draw_paragraph(context, 0, 0, place.width - 2 * side, about, 0, m.small, false);
  const float height = edge + m.label + (about.empty() ? 0 : m.px(2) + text) + edge;
  if (!place.draw) return height;
  const Rect area{place.x, place.y, place.width, height};
  const bool pressed = draw_area(context, area, "lessons:" + lesson.name);
  const bool hovered = ImGui::IsItemHovered();
  const bool here = state.progress && state.progress->lesson().name == lesson.name;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(top_left(area), bottom_right(area),
                     theme.color(hovered ? c.field_hover : c.field), m.radius);
  if (here || hovered) {
    list.AddRect(top_left(area), bottom_right(area), theme.color(c.accent), m.radius);
  }
  Rect line{area.x + side, area.y + edge, area.w - 2 * side, m.label};
  if (lesson.minutes > 0) {
    const std::string minutes =
        context.texts.format("lessons.minutes", {std::to_string(lesson.minutes)});
    draw_text(context, line.cut_right(text_width(context, minutes, {m.small})), minutes,
              theme.color(c.muted), {m.small});
    line.w -= m.gap;
  }
  draw_text(context, line, local(context, lesson.title), theme.color(c.text), {m.text, true});
  draw_paragraph(context, line.x, line.bottom() + m.px(2), area.w - 2 * side, about,
                 theme.color(c.muted), m.small);
  if (pressed) {
    state.wanted = lesson.name;
    ImGui::CloseCurrentPopup();
    context.animating = true;
  }
  return height;
}

// Lays the page out; with `place.draw` false it only measures. Returns its height.
float draw_lesson_page(PanelContext& context, PartPlace place, LessonState& state) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const float top = place.y;
  if (place.draw) {
    draw_text(context, {place.x, place.y, place.width - m.control, m.control},
              texts.get("lessons.title"), theme.color(theme.colors.text), {m.heading, true});
  }
  place.y += m.control + m.px(2);
  place.y += draw_paragraph(context, place.x, place.y, place.width, texts.get("lessons.what"),
                            theme.color(theme.colors.muted), m.small, place.draw) +
             m.px(12);
  const Button make{.id = "lessons:make",
                    .label = texts.get("lessons.make"),
                    .icon = Icon::kPencil,
                    .help_title = texts.get("lessons.make"),
                    .help = texts.get("lessons.make.help")};
  if (place.draw &&
      draw_button(context, {place.x, place.y, button_width(context, make), m.control}, make)) {
    state.wanted = "+";
    ImGui::CloseCurrentPopup();
    context.animating = true;
  }
  place.y += m.control + m.px(12);
  if (state.list.empty()) {
    const std::string& words = !state.list_error.empty() ? state.list_error
                               : state.list_is_here      ? texts.get("lessons.none")
                                                         : texts.get("lessons.loading");
    place.y += draw_paragraph(context, place.x, place.y, place.width, words,
                              theme.color(theme.colors.text), m.text, place.draw);
  }
  for (const ListedLesson& lesson : state.list) {
    place.y += draw_lesson_row(context, place, lesson, state) + m.px(8);
  }
  return place.y - top;
}

}  // namespace

void draw_lesson_list(PanelContext& context) {
  LessonState& state = context.state<LessonState>();
  if (context.state<LessonView>().list_wanted) {
    ImGui::OpenPopup(kLessonsPopup);
    // What could not be brought is asked for again.
    if (state.list.empty()) state.wanted = "?";
  }
  context.state<LessonView>().list_wanted = false;
  draw_page_popup(context,
                  {.popup = kLessonsPopup,
                   .id = "panel:lessons",
                   .close_id = "lessons:close",
                   .width = 600,
                   .close_help = context.texts.get("message.dismiss")},
                  [&](float x, float y, float width, bool draw) {
                    return draw_lesson_page(context, {x, y, width, draw}, state);
                  });
}

}  // namespace hourglass::ui
