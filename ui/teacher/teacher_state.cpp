#include "ui/teacher/teacher_state.h"

#include <imgui.h>

#include <algorithm>
#include <cstdio>
#include <span>
#include <utility>

#include "core/session/settings/preset_difference.h"
#include "core/session/settings/presets.h"
#include "ui/kit/mark.h"
#include "ui/lesson/lesson_state.h"

namespace hourglass::ui {
namespace {

using session::Goal;
using session::GoalKind;
using session::Lesson;
using session::LessonStart;
using session::LessonStep;
using session::LocalText;

constexpr std::size_t kMaxUndo = 30;
constexpr std::size_t kMaxSlug = 48;  // of a name that is made of a title
// More settings than that are told by a preset and what differs from it.
constexpr std::size_t kFewSettings = 4;
// In a draft: a text that must be there, which nobody has written yet.
constexpr std::string_view kUnwritten = " ";
constexpr std::string_view kWhere = "In the lesson, ";

LessonStep empty_step() {
  LessonStep step;
  step.goal.kind = GoalKind::kAll;
  return step;
}

// Calls `act` with each text that a lesson must have.
template <typename Act>
void for_needed(Goal& goal, const Act& act) {
  if (goal.kind == GoalKind::kChoice || goal.kind == GoalKind::kNumber) act(goal.question);
  for (session::GoalChoice& choice : goal.choices) act(choice.text);
  for (Goal& each : goal.goals) for_needed(each, act);
}
template <typename Act>
void for_needed(Lesson& lesson, const Act& act) {
  act(lesson.title);
  for (LessonStep& step : lesson.steps) {
    act(step.title);
    act(step.text);
    for_needed(step.goal, act);
  }
}

// As the file has it: without a list around one goal or none.
void unwrap(Goal& goal) {
  if (goal.kind != GoalKind::kAll || goal.goals.size() > 1) return;
  Goal only = goal.goals.empty() ? Goal{} : std::move(goal.goals.front());
  goal = std::move(only);
}
void wrap(Goal& goal) {
  if (goal.kind == GoalKind::kAll) return;
  Goal all;
  all.kind = GoalKind::kAll;
  if (goal.kind != GoalKind::kNone) all.goals.push_back(std::move(goal));
  goal = std::move(all);
}

std::string slug_of(const LocalText& title) {
  std::string slug;
  for (const char c : title.en) {
    const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool plain = (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9');
    if (plain) {
      slug += low;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  slug.resize(std::min(slug.size(), kMaxSlug));
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  if (!slug.empty()) return slug;
  // Of a title in other letters a number, which another title does not have.
  const std::string& words = title.in(true);
  char text[24];
  std::snprintf(text, sizeof text, "lesson-%08x",
                static_cast<unsigned>(Mark().add(std::span(words.data(), words.size())).value()));
  return text;
}

void apply_start_to(const LessonStart& start, session::Settings& settings) {
  for (const session::Preset& preset : session::presets()) {
    if (preset.name == start.preset) session::apply_preset(preset, settings);
  }
  for (const auto& [key, value] : start.settings) settings.set(key, value);
}

LessonStart whole_start(const session::Settings& settings) {
  session::PresetDifference difference = session::shared_difference(settings, true);
  return {std::move(difference.preset), std::move(difference.values), {}};
}

void edit_whole(TeacherState& state, Lesson lesson) {
  for (LessonStep& step : lesson.steps) wrap(step.goal);
  state.lesson = std::move(lesson);
  state.at = 0;
  state.replaced = true;
  const std::vector<LessonStep>& steps = state.lesson.steps;
  state.alone = std::ranges::any_of(
      steps, [&](const LessonStep& step) { return step.rules != steps.front().rules; });
  state.changed = true;
}

}  // namespace

void TeacherState::touch(std::string_view field) {
  changed = true;
  if (!field.empty() && field == edited) return;
  edited = field;
  past.push_back(lesson);
  if (past.size() > kMaxUndo) past.erase(past.begin());
}

void TeacherState::undo() {
  if (past.empty()) return;
  lesson = std::move(past.back());
  past.pop_back();
  replaced = true;
  at = std::min(at, lesson.steps.size() - 1);
  edited.clear();
  changed = true;
}

void begin_teaching(TeacherState& state, const session::Settings& present, std::string_view draft) {
  state.open = true;
  state.previews = state.marks = state.folded = false;
  state.note.clear();
  state.focus = "teach:title";
  if (!state.lesson.steps.empty() || read_draft(state, draft)) return;
  Lesson lesson;
  lesson.steps.push_back(empty_step());
  lesson.start = whole_start(present);
  edit_whole(state, std::move(lesson));
}

std::string edit_lesson(TeacherState& state, std::string_view json) {
  session::LessonReading reading = session::read_lesson(json);
  if (!reading.error.empty()) return std::move(reading.error);
  if (!state.lesson.steps.empty()) state.touch();
  edit_whole(state, std::move(reading.lesson));
  state.focus.clear();
  state.named = true;
  return {};
}

Lesson finished_lesson(const TeacherState& state) {
  Lesson lesson = state.lesson;
  if (!state.named) lesson.name = slug_of(lesson.title);
  for (std::size_t i = 0; i < lesson.steps.size(); ++i) {
    LessonStep& step = lesson.steps[i];
    unwrap(step.goal);
    const std::string number = std::to_string(i + 1);
    if (step.title.empty()) step.title = {"Step " + number, "第 " + number + " 步"};
  }
  return lesson;
}

std::string lesson_draft(const TeacherState& state) {
  Lesson lesson = state.lesson;
  if (!state.named) lesson.name = slug_of(lesson.title);
  for (LessonStep& step : lesson.steps) unwrap(step.goal);
  for_needed(lesson, [](LocalText& text) {
    if (text.empty()) text.en = kUnwritten;
  });
  return session::lesson_json(lesson);
}

bool read_draft(TeacherState& state, std::string_view draft) {
  session::LessonReading reading = session::read_lesson(draft);
  if (!reading.error.empty()) return false;
  for_needed(reading.lesson, [](LocalText& text) {
    if (text.en == kUnwritten) text.en.clear();
  });
  edit_whole(state, std::move(reading.lesson));
  state.named = state.lesson.name != slug_of(state.lesson.title);
  return true;
}

LessonStart present_start(const Lesson& lesson, std::size_t step,
                          const session::Settings& present) {
  LessonStart whole = whole_start(present);
  if (step == 0) return whole;
  session::Settings now, wanted;
  const std::string* preset = &lesson.start.preset;
  apply_start_to(lesson.start, now);
  for (std::size_t i = 0; i < step && i < lesson.steps.size(); ++i) {
    apply_start_to(lesson.steps[i].start, now);
    if (!lesson.steps[i].start.preset.empty()) preset = &lesson.steps[i].start.preset;
  }
  apply_start_to(whole, wanted);
  LessonStart few;
  for (const session::Setting& setting : session::settings_table()) {
    const session::Value& value = wanted.get(setting.key);
    if (value != now.get(setting.key)) few.settings.emplace_back(setting.key, value);
  }
  // The run goes on where few of its settings change.
  return *preset == whole.preset && few.settings.size() <= kFewSettings ? few : whole;
}

void add_step(TeacherState& state, const session::Settings& present) {
  state.touch();
  LessonStep step = empty_step();
  step.rules = state.step().rules;
  step.start = present_start(state.lesson, state.at + 1, present);
  ++state.at;
  state.lesson.steps.insert(state.lesson.steps.begin() + static_cast<std::ptrdiff_t>(state.at),
                            std::move(step));
  state.focus = "teach:step:title";
}

bool take_teacher_event(TeacherState& state, session::Event& event) {
  if (state.wants_checkpoint == 0) return false;
  if (auto* failure = std::get_if<session::Failure>(&event)) {
    if (failure->id == state.wants_checkpoint) state.wants_checkpoint = failure->id = 0;
    return false;  // the person is told
  }
  auto* reply = std::get_if<session::Reply>(&event);
  if (!reply || reply->id != state.wants_checkpoint) return false;
  state.wants_checkpoint = 0;
  if (state.checkpoint_for >= state.lesson.steps.size()) return true;
  // Base64 takes four bytes for three; the words need some, too.
  if (reply->checkpoint.size() > session::kMaxLessonBytes / 4 * 3 - 100'000) {
    state.note = "teach.checkpoint.large";
    return true;
  }
  state.touch();
  state.start(state.checkpoint_for).checkpoint = std::move(reply->checkpoint);
  return true;
}

void keep_draft(PanelContext& context) {
  TeacherState& state = context.state<TeacherState>();
  if (!state.open || !state.changed) return;
  // A trained network in it is much to be read at every key.
  if (!state.start(state.at).checkpoint.empty() && ImGui::IsAnyItemActive()) return;
  state.changed = false;
  context.animating = true;
  state.error = session::read_lesson(session::lesson_json(finished_lesson(state))).error;
  state.error_place.clear();
  if (state.error.starts_with(kWhere)) {
    const std::string_view rest = std::string_view(state.error).substr(kWhere.size());
    state.error_place = rest.substr(0, rest.find_first_of(" :"));
  }
  const std::string draft = lesson_draft(state);
  // What cannot be read again is not kept in place of what can.
  if (session::read_lesson(draft).error.empty()) {
    context.state<LessonState>().wanted = "+" + draft;
  }
}

}  // namespace hourglass::ui
