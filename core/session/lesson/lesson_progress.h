// How far somebody is in a lesson: the step, what was answered, how often, with how many hints. A
// state machine without a clock, an engine or a screen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/session/lesson/goal.h"
#include "core/session/lesson/lesson.h"

namespace hourglass::session {

struct StepProgress {
  bool entered = false;             // it was on show, and its start was applied
  bool done = false;                // its goal was met once; it stays so
  std::size_t hints = 0;            // asked for
  std::vector<GoalAnswer> answers;  // to leaves_of(goal)

  std::int64_t attempts() const;  // answers given, of all questions of the step
};

class LessonProgress {
 public:
  // At the first step, which is not entered yet. `lesson` has at least one.
  explicit LessonProgress(std::shared_ptr<const Lesson> lesson);

  const Lesson& lesson() const { return *lesson_; }
  // The step on show, from 0; as many as there are steps once the lesson is finished.
  std::size_t at() const { return at_; }
  bool finished() const { return at_ == steps_.size(); }
  bool begun() const { return steps_.front().entered; }
  const std::vector<StepProgress>& steps() const { return steps_; }
  // Of the step on show; not to be called when finished.
  const LessonStep& step() const { return lesson_->steps[at_]; }
  const StepProgress& progress() const { return steps_[at_]; }

  // Notes that the step on show is entered. True the first time: its start is to be applied.
  bool enter();
  // To the next step, or to the results, if this one's goal is met; to the one before. Whether it
  // did.
  bool next();
  bool back();
  // Begins anew, with nothing answered.
  void restart();

  // An answer to leaf number `leaf` of the step's goal; whether it is right. What has been answered
  // rightly, or predicted, is not answered again.
  bool choose(std::size_t leaf, int choice);
  bool enter_number(std::size_t leaf, double number);
  // One hint more, if there is one.
  bool take_hint();
  // Looks whether the goal is met by now. True if it has just become so.
  bool observe(const FactLookup& facts);

  std::int64_t attempts() const;  // of all steps
  std::size_t hints() const;
  std::size_t steps_done() const;

  // What came of step `at`, or of all of them: 0 to 1. A step that is not done counts 0. One that
  // is counts the mean of its questions, of which each counts 1 over the answers that were needed,
  // and without questions 1; predictions are none. All of them count the mean of those with a goal,
  // or where none has one, of all.
  double score(std::size_t at) const;
  double score() const;

  // The name or number of whoever goes through it, "" where it is not known: of a text that is
  // longer than kMaxStudentBytes (lesson_code.h) its beginning. The code of what came of it
  // (lesson_code.h).
  void set_student(std::string_view name);
  const std::string& student() const { return student_; }
  std::string code() const;

  // {"name", "step" (from 1; one more than "of" when finished), "of", "done", "attempts", "hints",
  // "score", "scores" (of the steps), "code" (when finished), "student" (if known),
  // "answers": [{"step", "part" (the leaf of its goal), "question", "answer", "right", "attempts",
  // "predict": true of a prediction}, ...]}: what a course is told.
  std::string result() const;

  // Where it stands, as text for restore(). False, and nothing changes, for a text that is none, or
  // of a lesson with another name or other steps.
  std::string saved() const;
  bool restore(std::string_view text);

 private:
  std::shared_ptr<const Lesson> lesson_;
  std::size_t at_ = 0;
  std::vector<StepProgress> steps_;
  std::string student_;
};

}  // namespace hourglass::session
