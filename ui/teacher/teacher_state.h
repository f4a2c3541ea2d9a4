// Teacher mode: a lesson in the making, beside the playground that it is about.
//
// Whoever makes it edits a session::Lesson. After each change its file is written and read by
// the parser, whose sentence about what is wrong stands at the field that it names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/session/lesson/lesson.h"
#include "core/session/settings/settings.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

struct TeacherState {
  bool open = false;
  bool previews = false;  // the lesson runs as a learner sees it
  bool marks = false;     // clicks on controls mark them
  bool folded = false;    // of the sheet: header and footer are there alone

  // The goal of each step is a kAll of what it waits for, of nothing where it waits for nothing.
  session::Lesson lesson;
  std::size_t at = 0;  // the step on show
  bool named = false;  // its name came with a file, and does not follow the title
  bool alone = false;  // marks are of the step on show, not of all

  std::vector<session::Lesson> past;  // the newest last
  std::string edited;                 // the field whose changes are one step of the past
  std::string focus;                  // the field that gets the keyboard as soon as it can
  bool replaced = false;              // by another lesson, whose words a field under edit has not
  int focus_frames = 0;               // in which it has asked for it

  std::string error;                   // the parser's sentence about the lesson as it is, or ""
  std::string error_place;             // "steps[0].text"
  std::string note;                    // text key: what was said of the last click on a control
  std::uint64_t wants_checkpoint = 0;  // the command that is to bring one, or 0
  std::size_t checkpoint_for = 0;      // the step that it is for
  bool changed = false;                // since it was looked at and kept
  float content = 0;                   // height of the card's content in the last frame

  session::LessonStep& step() { return lesson.steps[at]; }
  // What is set where the step on show begins: where the first does, the lesson does.
  session::LessonStart& start(std::size_t step) {
    return step == 0 ? lesson.start : lesson.steps[step].start;
  }
  // To be called before a change; those of the same field, one after the other, are one.
  void touch(std::string_view field = {});
  void undo();
};

// Opens teacher mode: with the draft that was kept last, if it can be read, else with a lesson of
// one empty step that begins with the present settings.
void begin_teaching(TeacherState& state, const session::Settings& present, std::string_view draft);
// Takes a lesson's file in place of what is there. Returns "", or the sentence that says why not.
std::string edit_lesson(TeacherState& state, std::string_view json);

// The lesson for others: with the titles that nobody has written, and a name.
session::Lesson finished_lesson(const TeacherState& state);
// As it is kept from one time to the next, also while words are missing.
std::string lesson_draft(const TeacherState& state);
// The draft that lesson_draft() has written.
bool read_draft(TeacherState& state, std::string_view draft);

// Adds a step behind the one on show. It begins with the present settings where these are others
// than the lesson has come to, and goes on with what is there where they are not.
void add_step(TeacherState& state, const session::Settings& present);
// What of the present settings a step has to set: nothing, where the lesson has come to them.
session::LessonStart present_start(const session::Lesson& lesson, std::size_t step,
                                   const session::Settings& present);

// Takes the checkpoint that was asked for; false for any other event.
bool take_teacher_event(TeacherState& state, session::Event& event);

// Once a frame: the parser looks at what has changed, and the program is asked to keep the draft.
void keep_draft(PanelContext& context);

}  // namespace hourglass::ui
