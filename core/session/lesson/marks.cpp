#include "core/session/lesson/marks.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "core/session/settings/settings.h"

namespace hourglass::session {
namespace {

using Names = std::vector<std::string>;

constexpr std::string_view kPanelPrefix = "panel:", kCommandPrefix = "command:",
                           kPresetControl = "toolbar.preset";

// What is shown or hidden, and has no value to lock.
bool is_lesson_control(std::string_view control) {
  return std::ranges::find(kLessonControls, control) != std::end(kLessonControls);
}

bool has_name(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

void add_one_name(Names& names, std::string_view name) {
  if (!has_name(names, name)) names.emplace_back(name);
}

bool names_match(const Names& patterns, std::string_view key) {
  LessonRules rules;
  rules.hidden = patterns;
  return rules.hides(key);
}

// Takes a name out of a list. Patterns that stand for it, too, are written out before.
void take_name(Names& patterns, std::string_view key) {
  std::erase(patterns, key);
  if (!names_match(patterns, key)) return;
  Names written;
  for (const std::string& pattern : patterns) {
    if (!names_match({pattern}, key)) {
      written.push_back(pattern);
      continue;
    }
    for (const Setting& setting : settings_table()) {
      if (setting.key != key && names_match({pattern}, setting.key)) {
        add_one_name(written, setting.key);
      }
    }
    for (const std::string_view control : kLessonControls) {
      if (control != key && names_match({pattern}, control)) add_one_name(written, control);
    }
  }
  patterns = std::move(written);
}

// In a list whose absence stands for all names.
void set_in_list(std::optional<Names>& list, std::span<const std::string_view> all,
                 std::string_view name, bool there) {
  Names names = list ? *list : Names(all.begin(), all.end());
  std::erase(names, name);
  if (there) names.emplace_back(name);
  const bool whole =
      std::ranges::all_of(all, [&](std::string_view each) { return has_name(names, each); });
  list = whole ? std::nullopt : std::optional(std::move(names));
}

void set_setting_mark(LessonRules& rules, std::string_view key, LessonMark mark) {
  // The words before the seed's field go with it.
  if (key == "train.seed")
    set_mark(rules, "toolbar.seed", mark == LessonMark::kHidden ? mark : LessonMark::kFree);
  std::erase(rules.locked, key);
  take_name(rules.hidden, key);
  if (mark == LessonMark::kHidden) return add_one_name(rules.hidden, key);
  if (mark == LessonMark::kFree) {
    if (rules.locks(key)) add_one_name(rules.unlocked, key);
    return;
  }
  take_name(rules.unlocked, key);
  if (!rules.locks(key)) rules.locked.emplace_back(key);
}

}  // namespace

LessonMark mark_of(const LessonRules& rules, std::string_view control) {
  if (control.starts_with(kPanelPrefix)) {
    return rules.shows_panel(control.substr(kPanelPrefix.size())) ? LessonMark::kFree
                                                                  : LessonMark::kHidden;
  }
  if (control.starts_with(kCommandPrefix)) {
    const std::string_view name = control.substr(kCommandPrefix.size());
    if (name == "preset" && rules.hides(kPresetControl)) return LessonMark::kHidden;
    return rules.allows(name) ? LessonMark::kFree : LessonMark::kLocked;
  }
  if (rules.hides(control)) return LessonMark::kHidden;
  return rules.locks(control) ? LessonMark::kLocked : LessonMark::kFree;
}

void set_mark(LessonRules& rules, std::string_view control, LessonMark mark) {
  if (control.starts_with(kPanelPrefix)) {
    set_in_list(rules.shown, lesson_panels(), control.substr(kPanelPrefix.size()),
                mark == LessonMark::kFree);
  } else if (control.starts_with(kCommandPrefix)) {
    const std::string_view name = control.substr(kCommandPrefix.size());
    if (name == "preset") {
      take_name(rules.hidden, kPresetControl);
      if (mark == LessonMark::kHidden) add_one_name(rules.hidden, kPresetControl);
    }
    set_in_list(rules.commands, kLessonCommands, name, mark == LessonMark::kFree);
    if (name == "run") set_in_list(rules.commands, kLessonCommands, "pause", rules.allows("run"));
  } else if (is_lesson_control(control)) {
    take_name(rules.hidden, control);
    if (mark != LessonMark::kFree) add_one_name(rules.hidden, control);
  } else {
    set_setting_mark(rules, control, mark);
  }
}

LessonMark next_mark(const LessonRules& rules, std::string_view control) {
  const bool free = mark_of(rules, control) == LessonMark::kFree;
  const bool hidden = mark_of(rules, control) == LessonMark::kHidden;
  if (control.starts_with(kPanelPrefix) || is_lesson_control(control)) {
    return free ? LessonMark::kHidden : LessonMark::kFree;
  }
  if (control.starts_with(kCommandPrefix) && !control.ends_with("preset")) {
    return free ? LessonMark::kLocked : LessonMark::kFree;
  }
  LessonRules without = rules;
  for (Names* names : {&without.hidden, &without.locked, &without.unlocked}) {
    std::erase(*names, control);
  }
  const bool all = locks_everything(rules) && without.locks(control);
  if (free) return all ? LessonMark::kHidden : LessonMark::kLocked;
  if (hidden) return all ? LessonMark::kLocked : LessonMark::kFree;
  return all ? LessonMark::kFree : LessonMark::kHidden;
}

void lock_everything(LessonRules& rules) {
  rules.locked = {"*"};
  rules.unlocked.clear();
}

bool locks_everything(const LessonRules& rules) { return has_name(rules.locked, "*"); }

}  // namespace hourglass::session
