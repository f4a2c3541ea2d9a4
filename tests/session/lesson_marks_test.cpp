// Marks of single controls among the rules of a lesson: what each changes, and nothing else.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/session/lesson/marks.h"
#include "core/session/settings/settings.h"

namespace hourglass::session {
namespace {

constexpr LessonMark kMarks[] = {LessonMark::kFree, LessonMark::kLocked, LessonMark::kHidden};

// The marks of all settings but one.
std::vector<LessonMark> other_marks(const LessonRules& rules, std::string_view key) {
  std::vector<LessonMark> marks;
  for (const Setting& setting : settings_table()) {
    if (setting.key != key) marks.push_back(mark_of(rules, setting.key));
  }
  return marks;
}

LessonRules everything_locked() {
  LessonRules rules;
  lock_everything(rules);
  return rules;
}
LessonRules patterns() {
  LessonRules rules;
  rules.locked = {"train.*", "model.encoder"};
  rules.unlocked = {"train.momentum", "train.batch_size"};
  rules.hidden = {"penalty.*", "toolbar.preset"};
  return rules;
}

}  // namespace

TEST_CASE("marks: each setting can be free, locked and hidden, and no other is touched") {
  for (const LessonRules& begin : {LessonRules{}, everything_locked(), patterns()}) {
    for (const Setting& setting : settings_table()) {
      if (setting.key == "view.tiles") continue;  // is never locked
      CAPTURE(setting.key);
      LessonRules rules = begin;
      for (const LessonMark from : kMarks) {
        for (const LessonMark to : kMarks) {
          set_mark(rules, setting.key, from);
          CHECK(mark_of(rules, setting.key) == from);
          set_mark(rules, setting.key, to);
          CHECK(mark_of(rules, setting.key) == to);
          CHECK(other_marks(rules, setting.key) == other_marks(begin, setting.key));
        }
      }
    }
  }
}

TEST_CASE("marks: clicks go from free to locked to hidden and back") {
  LessonRules rules;
  const auto click = [&](std::string_view control) {
    set_mark(rules, control, next_mark(rules, control));
    return mark_of(rules, control);
  };
  CHECK(click("train.learning_rate") == LessonMark::kLocked);
  CHECK(click("train.learning_rate") == LessonMark::kHidden);
  CHECK(click("train.learning_rate") == LessonMark::kFree);
  CHECK(rules == LessonRules{});
  CHECK(click("panel:weights") == LessonMark::kHidden);
  CHECK(!rules.shows_panel("weights"));
  CHECK(rules.shows_panel("curves"));
  CHECK(click("panel:weights") == LessonMark::kFree);
  CHECK(click("toolbar.speed") == LessonMark::kHidden);
  CHECK(click("toolbar.speed") == LessonMark::kFree);
  CHECK(click("command:run") == LessonMark::kLocked);
  CHECK(!rules.allows("run"));
  CHECK(!rules.allows("pause"));
  CHECK(rules.allows("reset"));
  CHECK(click("command:run") == LessonMark::kFree);
  CHECK(click("command:preset") == LessonMark::kLocked);
  CHECK(!rules.allows("preset"));
  CHECK(click("command:preset") == LessonMark::kHidden);
  CHECK(rules.hides("toolbar.preset"));
  CHECK(click("command:preset") == LessonMark::kFree);
  CHECK(rules == LessonRules{});
}

TEST_CASE("marks: where everything is locked a click is an exception") {
  LessonRules rules = everything_locked();
  const auto click = [&](std::string_view control) {
    set_mark(rules, control, next_mark(rules, control));
    return mark_of(rules, control);
  };
  CHECK(locks_everything(rules));
  CHECK(mark_of(rules, "train.momentum") == LessonMark::kLocked);
  CHECK(click("train.learning_rate") == LessonMark::kFree);
  CHECK(mark_of(rules, "train.momentum") == LessonMark::kLocked);
  CHECK(click("train.learning_rate") == LessonMark::kHidden);
  CHECK(click("train.learning_rate") == LessonMark::kLocked);
  CHECK(rules == everything_locked());
  // What belongs to no run is free, and goes round as ever.
  CHECK(click("view.images") == LessonMark::kLocked);
  CHECK(click("view.images") == LessonMark::kHidden);
  CHECK(click("view.images") == LessonMark::kFree);
}

}  // namespace hourglass::session
