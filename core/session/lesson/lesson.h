// A lesson: a sequence of steps beside the playground, each with words, settings, a goal, and what
// of the playground may be changed meanwhile. A lesson is a file of JSON (docs/lessons.md) and can
// do nothing but set settings, load a checkpoint and send the commands of kLessonCommands.
//
// A file may come from anywhere: its size, the number and length of its parts and the depth of its
// goals are capped, and every sentence about what is wrong names the place: "steps[2].goal.of".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/session/protocol/messages.h"

namespace hourglass::session {

inline constexpr int kLessonVersion = 1;
inline constexpr std::size_t kMaxLessonBytes = std::size_t{4} << 20;
inline constexpr std::size_t kMaxLessonSteps = 100;
inline constexpr std::size_t kMaxLessonText = 8000;  // bytes of one text in one language
inline constexpr std::size_t kMaxLessonList = 64;    // choices, hints, names of a list
inline constexpr std::size_t kMaxGoalDepth = 4;      // goals within goals
inline constexpr std::size_t kMaxCheckWord = 100;    // bytes

// What the toolbar and the keyboard can do, and a step can have done when it begins.
inline constexpr std::string_view kLessonCommands[] = {"run",   "pause",    "step",   "epoch",
                                                       "reset", "new_seed", "preset", "open"};

// A text in the languages that the file has it in; at least one of them, or none of an absent text.
struct LocalText {
  std::string en, zh;

  bool empty() const { return en.empty() && zh.empty(); }
  // In Chinese or English; where that is missing, in the other.
  const std::string& in(bool chinese) const;
  bool operator==(const LocalText&) const = default;
};

// What is set when a lesson or a step begins, in this order.
struct LessonStart {
  std::string preset;  // "": the settings stay what they were
  std::vector<std::pair<std::string, Value>> settings;
  Bytes checkpoint;

  bool empty() const { return preset.empty() && settings.empty() && checkpoint.empty(); }
  bool operator==(const LessonStart&) const = default;
};

// What of the playground is there, and what of it may be changed.
struct LessonRules {
  std::optional<std::vector<std::string>> shown;     // panels; absent: all
  std::optional<std::vector<std::string>> commands;  // of kLessonCommands; absent: all
  std::vector<std::string> locked, unlocked;         // keys of settings, "PREFIX.*" or "*"
  std::vector<std::string> hidden;                   // likewise, and controls of kLessonControls

  bool shows_panel(std::string_view id) const;
  bool allows(std::string_view command) const;
  // "*" is every setting of the run and the noise on display; other settings of what is on display
  // are locked where they are named.
  bool locks(std::string_view key) const;
  bool hides(std::string_view key_or_control) const;
  bool operator==(const LessonRules&) const = default;
};

// Controls that a lesson may hide, beside those of settings.
inline constexpr std::string_view kLessonControls[] = {
    "toolbar.preset", "toolbar.speed", "toolbar.seed", "toolbar.workspace", "timeline"};

enum class GoalKind { kNone, kChoice, kNumber, kValue, kAll, kAny };

struct GoalChoice {
  LocalText text, reply;
  bool right = false;
  bool operator==(const GoalChoice&) const = default;
};

// What a step waits for. kNone waits for nothing.
struct Goal {
  GoalKind kind = GoalKind::kNone;
  LocalText question;               // kChoice, kNumber
  std::vector<GoalChoice> choices;  // kChoice
  bool predict = false;             // kChoice: any answer is kept, and none is wrong
  double low = 0, high = 0;         // kNumber: what is right
  std::string fact;                 // kValue: a name of facts.h
  std::optional<double> below, above;
  std::optional<Value> is;
  std::vector<Goal> goals;  // kAll, kAny
  bool operator==(const Goal&) const = default;
};

struct LessonStep {
  LocalText title, text, task, done;
  std::vector<LocalText> hints;
  LessonStart start;
  std::vector<std::string> commands;  // of kLessonCommands but "preset" and "open": what is done
  std::string show;                   // a panel, or ""
  Goal goal;
  LessonRules rules;  // the lesson's, as far as the step has none of its own
  bool operator==(const LessonStep&) const = default;
};

struct Lesson {
  std::string name;
  std::string check;  // a word that codes of results are made with (lesson_code.h), or ""
  LocalText title, about;
  int minutes = 0;  // 0: the file does not say
  LessonStart start;
  std::vector<LessonStep> steps;
  bool operator==(const Lesson&) const = default;
};

// Reads a lesson. Throws Error, one sentence that names the place in the file and what would be
// right there.
Lesson parse_lesson(std::string_view json);

// The file of a lesson: parse_lesson() makes an equal one of it, if what must be there is. A text
// that must be there and is not is written as an empty object, which parse_lesson() refuses by its
// place.
std::string lesson_json(const Lesson& lesson);

// What parse_lesson() does, without an exception: `error` is the sentence, or "".
struct LessonReading {
  Lesson lesson;
  std::string error;
};
LessonReading read_lesson(std::string_view json);

// Ids of the panels that a lesson may name, as the front end has them.
std::span<const std::string_view> lesson_panels();

// The lessons that are built into the program, each the JSON text of a file of assets/lessons/, in
// the order of their "place"; none on the web, where they are files beside the page.
std::span<const std::string_view> lesson_files();

}  // namespace hourglass::session
