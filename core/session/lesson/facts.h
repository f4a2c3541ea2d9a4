// What a lesson's goals can ask for: names of facts about the run and the panels. The front end
// knows their values; the table is printed in docs/lessons.md.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/session/protocol/messages.h"

namespace hourglass::session {

struct LessonFact {
  std::string_view name;  // with an argument: "job.KIND", whose last word stands for any
  std::string_view what;
  std::string_view unit;  // "" where the number has none
  bool is_text = false;   // compared by "is" alone
};

std::span<const LessonFact> lesson_facts();

// The row of a fact: "loss", or "job.tsne" for "job.KIND". Null if there is none.
const LessonFact* find_lesson_fact(std::string_view name);

// The rows' names, for a sentence about one that does not exist: the nearest of them.
std::string_view nearest_lesson_fact(std::string_view name);

}  // namespace hourglass::session
