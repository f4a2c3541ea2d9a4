#include "ui/teacher/teacher_sections.h"

#include <imgui.h>

#include <algorithm>
#include <utility>

#include "core/session/lesson/marks.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/kit/signs.h"
#include "ui/lesson/lesson_state.h"
#include "ui/settings/setting_widget.h"
#include "ui/state/known_settings.h"

namespace hourglass::ui {
namespace {

// "Quick: Learning rate 0.5, Epochs 5".
std::string told_start(const PanelContext& context, const session::LessonStart& start) {
  const Texts& texts = context.texts;
  if (start.empty()) return texts.get("teach.start.none");
  std::string told =
      start.preset.empty() ? std::string() : texts.get("preset." + start.preset + ".label");
  for (const auto& [key, value] : start.settings) {
    if (!told.empty()) told += ", ";
    told += texts.setting_label(key);
    const session::Setting& setting = session::find_setting(key);
    if (setting.type == session::SettingType::kText) continue;
    const std::string text = setting.type == session::SettingType::kChoice
                                 ? texts.choice(std::get<std::string>(value))
                                 : field_text(setting, value);
    told += " " + text;
  }
  return told;
}

void ask_for_checkpoint(PanelContext& context, TeacherState& state) {
  LessonState& lesson = context.state<LessonState>();
  state.wants_checkpoint = ++lesson.last_command;
  state.checkpoint_for = state.at;
  lesson.send({state.wants_checkpoint, session::SaveCheckpoint{}});
}

}  // namespace

void draw_step_list(LessonForm& form, TeacherState& state) {
  const std::size_t steps = state.lesson.steps.size();
  bool beside = false;
  for (std::size_t i = 0; i < steps; ++i) {
    const std::string number = std::to_string(i + 1);
    if (form.button({.id = "teach:step:" + number, .label = number, .on = i == state.at}, beside)) {
      state.at = i;
      state.edited.clear();
    }
    beside = true;
  }
  if (steps < session::kMaxLessonSteps &&
      form.button({.id = "teach:step:add", .label = form.text("teach.step.add")}, true)) {
    add_step(state, known_settings(form.context.store));
  }
  if (steps < 2) return;
  const auto move = [&](std::string_view id, Icon icon, std::size_t to, std::string_view help) {
    if (!form.button({.id = id,
                      .icon = icon,
                      .kind = ButtonKind::kBare,
                      .help_title = form.text(help),
                      .help = form.text("teach.step.help"),
                      .disabled = to >= steps},
                     true)) {
      return;
    }
    state.touch();
    std::swap(state.lesson.steps[state.at], state.lesson.steps[to]);
    state.at = to;
  };
  move("teach:step:back", Icon::kPrevious, state.at - 1, "teach.step.back");
  move("teach:step:on", Icon::kNext, state.at + 1, "teach.step.on");
  if (form.button({.id = "teach:step:remove",
                   .icon = Icon::kClose,
                   .kind = ButtonKind::kBare,
                   .help_title = form.text("teach.step.remove"),
                   .help = form.text("teach.step.help")},
                  true)) {
    state.touch();
    state.lesson.steps.erase(state.lesson.steps.begin() + static_cast<std::ptrdiff_t>(state.at));
    state.at = std::min(state.at, state.lesson.steps.size() - 1);
  }
}

void draw_start(LessonForm& form, TeacherState& state) {
  PanelContext& context = form.context;
  session::LessonStart& start = state.start(state.at);
  form.heading("teach.start");
  form.say(told_start(context, start), context.theme.colors.text);
  if (form.button({.id = "teach:begin_here",
                   .label = form.text("teach.start.here"),
                   .help_title = form.text("teach.start.here"),
                   .help = form.text("teach.start.here.help")})) {
    state.touch();
    const bool trained = !start.checkpoint.empty();
    start = present_start(state.lesson, state.at, known_settings(context.store));
    if (state.at == 0) state.step().start = {};
    if (trained) ask_for_checkpoint(context, state);
  }
  const bool trained = !start.checkpoint.empty();
  if (form.button({.id = "teach:trained",
                   .label = form.text("teach.start.trained"),
                   .help_title = form.text("teach.start.trained"),
                   .help = form.text("teach.start.trained.help"),
                   .on = trained},
                  true)) {
    if (trained) {
      state.touch();
      start.checkpoint.clear();
    } else {
      ask_for_checkpoint(context, state);
    }
  }
  if (state.note == "teach.checkpoint.large") {
    form.say(form.text(state.note), context.theme.colors.heat);
  }
  if (trained) {
    const std::string size = fixed(static_cast<double>(start.checkpoint.size()) * 4 / 3e6, 2);
    form.say(context.texts.format("teach.start.size", {size}), context.theme.colors.muted);
  }
}

void draw_hint_fields(LessonForm& form, TeacherState& state, const std::string& place) {
  std::vector<session::LocalText>& hints = state.step().hints;
  std::size_t gone = hints.size();
  for (std::size_t i = 0; i < hints.size(); ++i) {
    const std::string number = std::to_string(i);
    Rect line = form.line(form.metrics().control);
    if (draw_button(form.context, line.cut_right(form.metrics().control),
                    {.id = "teach:hint:" + number + ":remove",
                     .icon = Icon::kClose,
                     .kind = ButtonKind::kBare,
                     .help_title = form.text("teach.remove"),
                     .help = form.text("teach.remove")})) {
      gone = i;
    }
    form.words_in(line,
                  {.id = "teach:hint:" + number, .place = {}, .hint = form.text("teach.hint")},
                  hints[i]);
    if (!hints[i].empty()) form.problem(place + ".hints[" + number + "]");
  }
  if (gone < hints.size()) {
    state.touch();
    hints.erase(hints.begin() + static_cast<std::ptrdiff_t>(gone));
  }
  if (form.button({.id = "teach:hint:more",
                   .label = form.text("teach.hint.more"),
                   .kind = ButtonKind::kBare})) {
    state.touch();
    state.focus = "teach:hint:" + std::to_string(hints.size());
    hints.emplace_back();
  }
}

void draw_locks(LessonForm& form, TeacherState& state) {
  form.heading("teach.locks");
  form.say(form.text("teach.locks.what"), form.context.theme.colors.muted);
  session::LessonRules rules = state.step().rules;
  bool changed = form.button({.id = "teach:lock_all",
                              .label = form.text("teach.lock_all"),
                              .help_title = form.text("teach.lock_all"),
                              .help = form.text("teach.lock_all.help"),
                              .on = session::locks_everything(rules)});
  if (changed) {
    session::lock_everything(rules);
    // What comes next are the exceptions.
    state.marks = true;
    state.note.clear();
  }
  if (form.button({.id = "teach:free_all", .label = form.text("teach.free_all")}, true)) {
    rules = {};
    changed = true;
  }
  if (changed) {
    state.touch();
    for (session::LessonStep& step : state.lesson.steps) {
      if (!state.alone || &step == &state.step()) step.rules = rules;
    }
  }
  if (state.lesson.steps.size() > 1 && form.button({.id = "teach:alone",
                                                    .label = form.text("teach.alone"),
                                                    .help_title = form.text("teach.alone"),
                                                    .help = form.text("teach.alone.help"),
                                                    .on = state.alone})) {
    state.alone = !state.alone;
  }
}

float draw_mark_legend(const PanelContext& context, const Rect& place, const TeacherState& state,
                       bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const std::string& words =
      context.texts.get(state.note.empty() ? std::string("teach.locks.click") : state.note);
  const float height = m.px(4) + m.label +
                       draw_paragraph(context, place.x, place.y + m.px(4) + m.label, place.w, words,
                                      theme.color(theme.colors.text), m.small, draw);
  if (!draw) return height;
  register_widget(context, "teach:legend", {place.x, place.y, place.w, height});
  Rect line{place.x, place.y, place.w, m.label};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const auto sign = [&](auto draw_sign, Rgb color, std::string_view key) {
    const Rect square = line.cut_left(m.px(22));
    draw_sign(list, ImVec2(square.x + m.px(8), square.y + square.h / 2), m.px(15),
              theme.color(color));
    line.cut_left(draw_text(context, line, context.texts.get(key), theme.color(theme.colors.text),
                            {m.small}) +
                  m.px(16));
  };
  sign(draw_lock_sign, theme.colors.accent, "teach.mark.locked");
  sign(draw_hidden_sign, theme.colors.heat, "teach.mark.hidden");
  return height;
}

}  // namespace hourglass::ui
