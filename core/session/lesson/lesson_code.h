// The code of what came of a lesson: sixteen letters and digits that a student pastes into a quiz
// and a teacher checks against the lesson's file (docs/lessons.md). It is no signature: whoever
// reads the file and this source can make the code of any result.
//
// Its symbols are those of a Reed-Solomon code over the field of 31 elements (Reed and Solomon,
// "Polynomial codes over certain finite fields", 1960) with two check symbols, whose distance is
// 3: every code in which one or two symbols are others, or two are exchanged, is found to be wrong.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/session/lesson/lesson.h"

namespace hourglass::session {

inline constexpr int kMaxCodeAttempts = 255, kMaxCodeHints = 63;
inline constexpr std::size_t kMaxStudentBytes = 120;

// What of a result is in its code.
struct LessonOutcome {
  int steps = 1, steps_done = 0;  // 0 <= steps_done <= steps <= kMaxLessonSteps
  int score = 0;                  // 0 to 100
  int attempts = 0;               // answers given; kMaxCodeAttempts is so many or more
  int hints = 0;                  // asked for; likewise

  bool operator==(const LessonOutcome&) const = default;
};

// The code of `outcome`, "XXXX-XXXX-XXXX-XXXX", in the lesson of that name and check word ("" for
// none). `student` is a name or number; "" for none. Of it, capital letters and blanks do not
// matter. Numbers beyond their limits count as these.
std::string lesson_code(std::string_view lesson, std::string_view check, std::string_view student,
                        const LessonOutcome& outcome);

// A code that somebody has handed in.
class LessonCode {
 public:
  // Reads a code, in small letters or capitals; all but letters and digits is skipped. Throws
  // Error, one sentence that says what is wrong with it.
  explicit LessonCode(std::string_view text);

  std::string text() const;  // "XXXX-XXXX-XXXX-XXXX"
  const LessonOutcome& outcome() const { return outcome_; }
  // Whether it can be of the lesson of that name: one name in 961 is taken for another.
  bool is_of(std::string_view lesson) const;
  // Whether it was made with this name of a lesson, this check word and these results: of others,
  // one in 961 is.
  bool fits(std::string_view lesson, std::string_view check) const;
  // Whether it was made for anybody, and whether for that name or number: of other names, one in
  // 29,790 is.
  bool has_student() const;
  bool is_of_student(std::string_view student) const;

 private:
  std::array<std::uint8_t, 16> symbols_{};
  LessonOutcome outcome_;
};

}  // namespace hourglass::session
