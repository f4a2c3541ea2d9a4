#include "core/session/lesson/goal.h"

#include <algorithm>
#include <cmath>

namespace hourglass::session {
namespace {

void add_leaves(const Goal& goal, std::vector<const Goal*>& leaves) {
  if (goal.kind == GoalKind::kNone) return;
  if (goal.kind != GoalKind::kAll && goal.kind != GoalKind::kAny) {
    leaves.push_back(&goal);
    return;
  }
  for (const Goal& each : goal.goals) add_leaves(each, leaves);
}

std::optional<double> number_in(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return std::nullopt;
}

bool are_equal(const Value& a, const Value& b) {
  const std::optional<double> left = number_in(a), right = number_in(b);
  return left && right ? *left == *right : a == b;
}

// `next` is the index of the goal's first leaf, and becomes that of the one behind it.
bool met_from(const Goal& goal, const std::vector<GoalAnswer>& answers, std::size_t& next,
              const FactLookup& facts) {
  switch (goal.kind) {
    case GoalKind::kNone:
      return true;
    case GoalKind::kChoice:
    case GoalKind::kNumber: {
      const std::size_t mine = next++;
      return mine < answers.size() && answers[mine].met;
    }
    case GoalKind::kValue: {
      ++next;
      const std::optional<Value> value = facts(goal.fact);
      return value && is_within(goal, *value);
    }
    case GoalKind::kAll:
    case GoalKind::kAny:
      break;
  }
  bool all = true, any = false;
  for (const Goal& each : goal.goals) {
    const bool met = met_from(each, answers, next, facts);
    all = all && met;
    any = any || met;
  }
  return goal.kind == GoalKind::kAll ? all : any;
}

}  // namespace

std::vector<const Goal*> leaves_of(const Goal& goal) {
  std::vector<const Goal*> leaves;
  add_leaves(goal, leaves);
  return leaves;
}

bool is_right(const Goal& goal, int choice) {
  if (choice < 0 || choice >= static_cast<int>(goal.choices.size())) return false;
  return goal.predict || goal.choices[static_cast<std::size_t>(choice)].right;
}

bool is_right(const Goal& goal, double number) {
  return number >= goal.low && number <= goal.high;  // false for NaN
}

bool is_within(const Goal& goal, const Value& value) {
  if (goal.is && !are_equal(*goal.is, value)) return false;
  if (!goal.below && !goal.above) return goal.is.has_value();
  const std::optional<double> number = number_in(value);
  if (!number || std::isnan(*number)) return false;
  return (!goal.below || *number < *goal.below) && (!goal.above || *number > *goal.above);
}

bool is_met(const Goal& goal, const std::vector<GoalAnswer>& answers, const FactLookup& facts) {
  std::size_t next = 0;
  return met_from(goal, answers, next, facts);
}

}  // namespace hourglass::session
