#include "ui/teacher/teacher_card.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "core/base/json.h"
#include "ui/kit/controls.h"
#include "ui/kit/scroll_area.h"
#include "ui/lesson/lesson_state.h"
#include "ui/save/save_state.h"
#include "ui/teacher/form.h"
#include "ui/teacher/teacher_goals.h"
#include "ui/teacher/teacher_sections.h"

namespace hourglass::ui {
namespace {

constexpr float kTeacherColumnFrom =
    1080;                              // width of a window that has room for a column, at scale 1
constexpr std::uint64_t kSaveJob = 2;  // the front end's number of it; there is one
constexpr std::string_view kSavedLesson[] = {"lesson", "lesson_link", "lesson_embed"};

float teacher_margin(const Metrics& m) { return m.px(16); }
float preview_bar(const Metrics& m) { return m.control + m.px(16); }

void ask_to_save_lesson(PanelContext& context, const TeacherState& state, std::string_view what) {
  const session::Lesson lesson = finished_lesson(state);
  SaveState& save = context.state<SaveState>();
  save.working = what;
  save.error.clear();
  save.saved.clear();
  const Json arguments = {
      {"what", what}, {"name", lesson.name}, {"text", session::lesson_json(lesson)}};
  context.send(session::StartJob{"save", json_text(arguments), kSaveJob});
}

void begin_preview(PanelContext& context, TeacherState& state) {
  state.previews = true;
  state.marks = false;
  begin_lesson(context.state<LessonState>(), context.state<LessonView>(), finished_lesson(state),
               {});
  context.animating = true;
}

void draw_teacher_header(PanelContext& context, Rect line, TeacherState& state, bool sheet) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  if (draw_button(context, line.cut_right(m.control),
                  {.id = "teach:close",
                   .icon = Icon::kClose,
                   .kind = ButtonKind::kBare,
                   .help_title = texts.get("teach.close"),
                   .help = texts.get("teach.close.help")})) {
    state.open = state.marks = false;
    context.state<LessonState>().changed = true;
    context.animating = true;
  }
  if (sheet && draw_button(context, line.cut_right(m.control),
                           {.id = "teach:fold",
                            .icon = state.folded ? Icon::kPrevious : Icon::kChevron,
                            .kind = ButtonKind::kBare,
                            .help_title = texts.get(state.folded ? "lesson.unfold" : "lesson.fold"),
                            .help = texts.get("lesson.fold.help")})) {
    state.folded = !state.folded;
    context.animating = true;
  }
  if (!state.past.empty() && draw_button(context, line.cut_right(m.control),
                                         {.id = "teach:undo",
                                          .icon = Icon::kTakeBack,
                                          .kind = ButtonKind::kBare,
                                          .help_title = texts.get("toolbar.undo"),
                                          .help = texts.get("teach.undo.help")})) {
    state.undo();
    context.animating = true;
  }
  draw_text(context, line, texts.get("teach.title"), theme.color(theme.colors.accent),
            {m.text, true});
}

void draw_export(LessonForm& form, TeacherState& state) {
  PanelContext& context = form.context;
  const Theme& theme = context.theme;
  SaveState& save = context.state<SaveState>();
  form.heading("teach.export");
  const std::string file = finished_lesson(state).name + ".json";
  form.say(context.texts.format("teach.export.what", {file}), theme.colors.muted);
  const bool ready = state.error.empty();
  if (save.can_link) {
    if (form.button({.id = "teach:link",
                     .label = form.text("save.link"),
                     .help_title = form.text("save.link"),
                     .help = form.text("teach.link.help"),
                     .disabled = !ready})) {
      ask_to_save_lesson(context, state, kSavedLesson[1]);
    }
    if (form.button({.id = "teach:embed",
                     .label = form.text("save.embed"),
                     .help_title = form.text("save.embed"),
                     .help = form.text("teach.embed.help"),
                     .disabled = !ready},
                    true)) {
      ask_to_save_lesson(context, state, kSavedLesson[2]);
    }
  }
}

// What came of the last file or copy.
std::string told_save(const PanelContext& context, bool& failed) {
  const SaveState& save = context.state<SaveState>();
  const auto kind = std::ranges::find(kSavedLesson, save.done);
  failed = false;
  if (kind == std::end(kSavedLesson)) return {};
  failed = !save.error.empty();
  if (failed) return save.error;
  if (save.saved.empty()) return {};
  const Texts& texts = context.texts;
  if (kind != std::begin(kSavedLesson)) {
    return texts.get(*kind == kSavedLesson[1] ? "save.link.done" : "save.embed.done");
  }
  return save.place.empty() ? texts.format("save.saved", {save.saved})
                            : texts.format("save.saved_to", {save.saved, save.place});
}

void draw_teacher_body(LessonForm& form, TeacherState& state) {
  PanelContext& context = form.context;
  form.words({.id = "teach:title",
              .place = "title",
              .label = "teach.lesson",
              .hint = form.text("teach.lesson.hint"),
              .needed = true},
             state.lesson.title);
  form.gap(4);
  draw_step_list(form, state);
  const std::string place = "steps[" + std::to_string(state.at) + "]";
  form.words({.id = "teach:step:title",
              .place = place + ".title",
              .label = "teach.step",
              .hint = context.texts.format("teach.step.hint", {std::to_string(state.at + 1)})},
             state.step().title);
  form.words({.id = "teach:text",
              .place = place + ".text",
              .label = "teach.text",
              .hint = form.text("teach.text.hint"),
              .several = true,
              .needed = true},
             state.step().text);
  form.words({.id = "teach:task", .place = place + ".task", .label = "teach.task"},
             state.step().task);
  form.label("teach.show");
  const std::string_view panel =
      draw_panel_choice(context, form.line(form.metrics().control), "teach:show", state.step().show,
                        form.text("teach.show.none"));
  if (!panel.empty()) {
    state.touch();
    state.step().show = panel == "none" ? std::string_view() : panel;
  }
  form.problem(place + ".show");
  draw_start(form, state);
  form.heading("teach.goals");
  draw_goals(form, place);
  if (!state.step().goal.goals.empty()) {
    form.words({.id = "teach:done", .place = place + ".done", .label = "teach.done"},
               state.step().done);
  }
  form.heading("teach.hints");
  draw_hint_fields(form, state, place);
  draw_locks(form, state);
  draw_export(form, state);
}

// What is missing, or what came of the last file.
void draw_teacher_state(PanelContext& context, const Rect& line, const TeacherState& state) {
  const Palette& c = context.theme.colors;
  bool failed = false;
  std::string words = told_save(context, failed);
  if (!state.error.empty()) {
    const std::string_view place = state.error_place;
    failed = false;
    words = context.texts.get(place == "title"            ? "teach.missing.title"
                              : place.ends_with("].text") ? "teach.missing.text"
                                                          : "teach.missing");
  }
  register_widget(context, failed ? "teach:failed" : "teach:state", line);
  draw_text(context, line, words, context.theme.color(failed ? c.heat : c.muted),
            {fitting_size(context, words, line.w, context.theme.metrics.small)});
}

void draw_teacher_footer(PanelContext& context, Rect line, TeacherState& state) {
  const Metrics& m = context.theme.metrics;
  const Texts& texts = context.texts;
  const bool ready = state.error.empty();
  const float third = (line.w - 2 * m.gap) / 3;
  if (draw_button(context, line.cut_left(third),
                  {.id = "teach:mark",
                   .label = texts.get("teach.mark"),
                   .help_title = texts.get("teach.mark"),
                   .help = texts.get("teach.mark.help"),
                   .on = state.marks})) {
    state.marks = !state.marks;
    state.note.clear();
    context.animating = true;
  }
  line.cut_left(m.gap);
  const std::string& help = ready ? texts.get("teach.preview.help") : state.error;
  if (draw_button(context, line.cut_left(third),
                  {.id = "teach:preview",
                   .label = texts.get("teach.preview"),
                   .help_title = texts.get("teach.preview"),
                   .help = help,
                   .disabled = !ready})) {
    begin_preview(context, state);
  }
  line.cut_left(m.gap);
  if (draw_button(context, line,
                  {.id = "teach:save",
                   .label = texts.get("teach.save"),
                   .kind = ready ? ButtonKind::kPrimary : ButtonKind::kPlain,
                   .help_title = texts.get("teach.save"),
                   .help = ready ? texts.get("teach.save.help") : state.error,
                   .disabled = !ready})) {
    ask_to_save_lesson(context, state, kSavedLesson[0]);
  }
}

void draw_making(PanelContext& context, TeacherState& state) {
  if (std::exchange(state.replaced, false)) {
    context.input.edited_key.clear();
    context.input.edited_text.clear();
    ImGui::ClearActiveID();
  }
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Rect area = context.area;
  const bool sheet = area.y > 0;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(top_left(area), bottom_right(area), theme.color(theme.colors.card));
  const Rect edge = sheet ? Rect{area.x, area.y, area.w, m.px(2)}
                          : Rect{area.right() - m.px(2), area.y, m.px(2), area.h};
  list.AddRectFilled(top_left(edge), bottom_right(edge), theme.color(theme.colors.accent));
  register_widget(context, "panel:teacher", area);
  if (context.mirror) context.mirror->add_heading(area, context.texts.get("teach.title"));
  // Whether a page can copy links is asked once.
  SaveState& save = context.state<SaveState>();
  if (!std::exchange(save.greeted, true)) {
    context.send(session::StartJob{"save", R"({"what":"hello"})", kSaveJob});
  }
  const float width = std::min(area.w, sheet ? m.px(720) : area.w);
  Rect inside{std::floor(area.x + (area.w - width) / 2) + teacher_margin(m), area.y,
              width - 2 * teacher_margin(m), area.h};
  inside.cut_top(m.px(8));
  draw_teacher_header(context, inside.cut_top(m.control), state, sheet);
  inside.cut_bottom(m.px(10));
  draw_teacher_footer(context, inside.cut_bottom(m.control), state);
  inside.cut_bottom(m.px(6));
  if (state.marks) {
    const float legend = draw_mark_legend(context, inside, state, false);
    draw_mark_legend(context, inside.cut_bottom(legend), state, true);
  }
  if (sheet && state.folded) return;
  if (!state.marks) draw_teacher_state(context, inside.cut_bottom(m.label), state);
  inside.cut_bottom(m.px(2));
  const ScrollArea scroll(context, inside, "teach:content", state.content);
  LessonForm form(context, state, {scroll.inside.x, scroll.inside.y, scroll.inside.w, 0});
  draw_teacher_body(form, state);
  const float content = form.y - scroll.inside.y;
  if (content != state.content) context.animating = true;
  state.content = content;
}

}  // namespace

LessonRoom teacher_room(const PanelContext& context, float width, float height) {
  const TeacherState& state = context.state<TeacherState>();
  const Metrics& m = context.theme.metrics;
  if (!state.open || state.previews) {
    LessonRoom room = lesson_room(context, width, height);
    if (state.open && room.sheet > 0) room.sheet += preview_bar(m);
    return room;
  }
  if (width >= m.px(kTeacherColumnFrom)) {
    return {.column = std::clamp(width * 0.27f, m.px(320), m.px(420))};
  }
  const float inside = std::min(width, m.px(720)) - 2 * teacher_margin(m);
  const float legend = state.marks ? draw_mark_legend(context, {0, 0, inside, 0}, state, false) : 0;
  const float folded = m.px(8) + m.control + m.px(6) + legend + m.control + m.px(10);
  return {.sheet = std::floor(state.folded ? std::min(folded, height * 0.4f) : height * 0.52f)};
}

void draw_teacher(PanelContext& context) {
  TeacherState& state = context.state<TeacherState>();
  // A lesson that was ended by its own cross leads back, too.
  if (!context.state<LessonState>().progress) state.previews = false;
  if (!state.open || context.area.empty()) return draw_lesson(context);
  if (!state.previews) return draw_making(context, state);
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const bool sheet = context.area.y > 0;
  Rect bar = sheet ? context.area.cut_top(preview_bar(m)) : context.area.cut_bottom(preview_bar(m));
  const Rect lesson = context.area;
  draw_lesson(context);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(top_left(bar), bottom_right(bar), theme.color(theme.colors.field));
  register_widget(context, "teach:previewing", bar);
  bar = bar.inset(m.px(12), m.px(8));
  const Button back{.id = "teach:back",
                    .label = context.texts.get("teach.back"),
                    .icon = Icon::kPencil,
                    .help_title = context.texts.get("teach.back"),
                    .help = context.texts.get("teach.back.help")};
  if (draw_button(context, bar.cut_right(std::min(button_width(context, back), bar.w)), back)) {
    end_lesson(context.state<LessonState>(), context.state<LessonView>());
    state.previews = false;
    context.animating = true;
  }
  bar.w -= m.gap;
  draw_text(context, bar, context.texts.get("teach.previews"), theme.color(theme.colors.muted),
            {m.small});
  context.area = lesson;
}

}  // namespace hourglass::ui
