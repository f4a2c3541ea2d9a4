// What is kept of the lesson under way, and of the list of lessons.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/session/lesson/lesson_progress.h"
#include "ui/state/lesson_view.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// The lesson's commands have numbers from here on: above those of the front end, below those of
// the page.
inline constexpr std::uint64_t kFirstLessonCommand = std::uint64_t{1} << 39;

// Of the job that puts the code of a result onto the clipboard: the import's is 1, that of files 2.
inline constexpr std::uint64_t kCopyNumber = 3;

struct ListedLesson {
  std::string name;
  session::LocalText title, about;
  int minutes = 0;
};

struct LessonState {
  std::optional<session::LessonProgress> progress;
  Send send;  // past the locks, which are for others
  std::uint64_t last_command = kFirstLessonCommand;
  // The command under way that the step's goal waits for, or 0: what the run was before it is no
  // matter of the step.
  std::uint64_t waits_for = 0;
  bool changed = false;    // since the program was told
  bool folded = false;     // of the sheet: only its first line is there
  bool shown_new = false;  // the step on show is another than before: it is read from its top
  std::vector<std::string> numbers;  // what stands in the fields of the step's questions
  std::string copied;                // the code that is on the clipboard, or is going there
  std::string copy_error;            // why it is not there, or ""

  std::vector<ListedLesson> list;
  bool list_is_here = false;
  std::string list_error;  // one sentence
  // What the program has to bring: a lesson to be opened, "?": the list, "+": teacher mode, or to
  // keep: "+" and the draft of a lesson that is being made.
  std::string wanted;
  std::string offered;  // the name of the one that a first visit is offered, or ""
};

// Begins the lesson at its first step or, with what saved() has said of it, where somebody was.
// `student` is the name of whoever goes through it, "" where it is not known.
void begin_lesson(LessonState& state, LessonView& view, session::Lesson lesson,
                  std::string_view saved, std::string_view student = {});
// Ends it: nothing is locked any more. What it has set stays.
void end_lesson(LessonState& state, LessonView& view);

// Moves to the next step or back, and begins anew.
void next_step(LessonState& state, LessonView& view);
void last_step(LessonState& state, LessonView& view);
void restart_lesson(LessonState& state, LessonView& view);

// Takes the answer to a command of the lesson, or the end of kCopyNumber. A failure is no answer
// that anybody else has seen: it is left in `event` for the person to be told, without a number.
bool take_lesson_event(LessonState& state, session::Event& event);

// Once a frame: whether the goal is met by now.
void watch_lesson(PanelContext& context);

// Reads the list of lessons that the program has brought: [{"name", "title", "about", "minutes"}].
void take_lesson_list(LessonState& state, std::string_view json);

}  // namespace hourglass::ui
