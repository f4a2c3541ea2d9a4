// What of the front end as a whole concerns lessons.
#include <utility>

#include "ui/frame/app.h"
#include "ui/lesson/lesson_state.h"
#include "ui/lesson/refusal.h"
#include "ui/state/undo.h"
#include "ui/teacher/teacher_state.h"

namespace hourglass::ui {

std::string App::open_lesson(std::string_view json, std::string_view saved,
                             std::string_view student) {
  TeacherState& teacher = states_->get<TeacherState>();
  if (teacher.open) {
    std::string refusal = edit_lesson(teacher, json);
    if (refusal.empty()) close_lesson();  // a preview
    note_input();
    return refusal;
  }
  session::LessonReading reading = session::read_lesson(json);
  if (!reading.error.empty()) return std::move(reading.error);
  begin_lesson(states_->get<LessonState>(), states_->get<LessonView>(), std::move(reading.lesson),
               saved, student);
  note_input();
  return {};
}

void App::close_lesson() {
  LessonState& state = states_->get<LessonState>();
  if (!state.progress) return;
  end_lesson(state, states_->get<LessonView>());
  note_input();
}

void App::teach(std::string_view draft) {
  close_lesson();
  begin_teaching(states_->get<TeacherState>(), settings(), draft);
  note_input();
}

std::string App::lesson_result() const {
  const LessonState& state = states_->get<LessonState>();
  return state.progress ? state.progress->result() : std::string();
}

void App::set_lesson_list(std::string_view json, std::string_view error) {
  LessonState& state = states_->get<LessonState>();
  take_lesson_list(state, json);
  state.list_error = error;
  note_input();
}

void App::offer_lesson(std::string_view name) {
  LessonState& state = states_->get<LessonState>();
  if (!state.progress) state.offered = name;
  note_input();
}

std::string App::refusal(const session::Command& command) const {
  return refusal_sentence(states_->get<LessonView>().rules, store_, texts_, command);
}

void App::send_allowed(session::Command command) {
  std::string sentence = refusal(command);
  if (sentence.empty()) {
    states_->get<Undo>().note(store_, command);
    options_.send(std::move(command));
    return;
  }
  // Told when the frame is done: what is being drawn reads what a failure changes.
  refused_.push_back({command.id, std::move(sentence)});
}

void App::tell_lesson() {
  for (session::Failure& failure : std::exchange(refused_, {})) {
    view_.pending_values.clear();
    note_input();
    // Whoever holds a key down is told once.
    const bool told = !store_.notices.empty() && store_.notices.back().message == failure.message;
    if (failure.id != 0 || !told) receive(std::move(failure));
  }
  LessonState& state = states_->get<LessonState>();
  if (const std::string wanted = std::exchange(state.wanted, {}); !wanted.empty()) {
    note_input();
    if (options_.want_lesson) options_.want_lesson(wanted == "?" ? std::string() : wanted);
  }
  if (!std::exchange(state.changed, false) || !options_.on_lesson) return;
  const bool teaches = states_->get<TeacherState>().open;
  options_.on_lesson(lesson_result(), teaches          ? "+"
                                      : state.progress ? state.progress->saved()
                                                       : std::string());
}

}  // namespace hourglass::ui
