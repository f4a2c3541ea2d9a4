// Whether a goal of a lesson is met: by answers that were given and by facts about the run.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "core/session/lesson/lesson.h"

namespace hourglass::session {

// The value of a fact (facts.h) by now; nothing where it has none yet.
using FactLookup = std::function<std::optional<Value>(std::string_view name)>;

// What somebody has answered to a choice or a number.
struct GoalAnswer {
  int choice = -1;               // its index; -1: none yet
  std::optional<double> number;  // that was entered last
  std::int64_t attempts = 0;     // answers given so far
  bool met = false;              // one of them was right; it stays so
};

// The goal itself, or those within it that are neither "all" nor "any", in the file's order: what
// GoalAnswer is kept of.
std::vector<const Goal*> leaves_of(const Goal& goal);

// Whether an answer is right.
bool is_right(const Goal& goal, int choice);
bool is_right(const Goal& goal, double number);

// Whether a value lies within the bounds of a kValue goal. A number that is none meets nothing.
bool is_within(const Goal& goal, const Value& value);

// Whether the goal is met, `answers` being those to leaves_of(goal).
bool is_met(const Goal& goal, const std::vector<GoalAnswer>& answers, const FactLookup& facts);

}  // namespace hourglass::session
