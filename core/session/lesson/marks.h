// What a lesson leaves of a single control: free, locked or hidden. The rules of a lesson speak of
// patterns and lists (LessonRules); whoever makes a lesson points at one control after the other.
#pragma once

#include <string_view>

#include "core/session/lesson/lesson.h"

namespace hourglass::session {

enum class LessonMark { kFree, kLocked, kHidden };

// A control is called by the key of its setting, one of kLessonControls, "panel:ID"
// (lesson_panels()) or "command:NAME" (kLessonCommands). "command:run" is its button, which also
// pauses.
LessonMark mark_of(const LessonRules& rules, std::string_view control);

// Changes the rules so that mark_of() is `mark`. What cannot be marked so takes the next that can:
// a panel is shown or hidden, a command free or locked, but for the preset, which is all three.
void set_mark(LessonRules& rules, std::string_view control, LessonMark mark);

// The mark that a click gives: the next of free, locked and hidden; where every setting is locked,
// of locked, free and hidden. Passes over those that the control cannot have.
LessonMark next_mark(const LessonRules& rules, std::string_view control);

// Locks every setting of the run, with no exception; what is hidden stays so.
void lock_everything(LessonRules& rules);
bool locks_everything(const LessonRules& rules);

}  // namespace hourglass::session
