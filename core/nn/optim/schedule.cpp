#include "core/nn/optim/schedule.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "core/base/names.h"

namespace hourglass {
namespace {

constexpr std::string_view kScheduleNames[] = {"constant", "stepped", "exponential", "cosine"};

// A rate of so small a part of what was set is as good as none.
constexpr double kNoRate = 1e-6;

}  // namespace

std::span<const std::string_view> schedule_names() { return kScheduleNames; }

std::string_view schedule_name(ScheduleKind kind) {
  return kScheduleNames[static_cast<std::size_t>(kind)];
}

ScheduleKind schedule_from_name(std::string_view name) {
  return value_from_name<ScheduleKind>(kScheduleNames, name, "schedule");
}

Schedule fitted_to_run(Schedule schedule, std::int64_t run_steps) {
  if (schedule.decay_steps > 0) return schedule;
  const bool once = schedule.kind == ScheduleKind::kCosine;
  schedule.decay_steps = std::max<std::int64_t>(1, once ? run_steps : run_steps / kDecaysPerRun);
  return schedule;
}

std::optional<std::int64_t> schedule_end(const Schedule& schedule) {
  assert(schedule.kind == ScheduleKind::kConstant || schedule.decay_steps > 0);
  switch (schedule.kind) {
    case ScheduleKind::kConstant:
      return std::nullopt;
    case ScheduleKind::kCosine:
      return schedule.decay_steps;
    case ScheduleKind::kStepped:
    case ScheduleKind::kExponential:
      break;
  }
  if (schedule.decay >= 1) return std::nullopt;
  const double periods = std::ceil(std::log(kNoRate) / std::log(schedule.decay));
  return static_cast<std::int64_t>(periods) * schedule.decay_steps;
}

double learning_rate(const Schedule& schedule, double base, std::int64_t step) {
  const bool changes = schedule.kind != ScheduleKind::kConstant;
  assert(!changes || schedule.decay_steps > 0);
  double rate = base;
  const double periods =
      changes ? static_cast<double>(step) / static_cast<double>(schedule.decay_steps) : 0;
  switch (schedule.kind) {
    case ScheduleKind::kConstant:
      break;
    case ScheduleKind::kStepped:
      rate *= std::pow(schedule.decay, std::floor(periods));
      break;
    case ScheduleKind::kExponential:
      rate *= std::pow(schedule.decay, periods);
      break;
    case ScheduleKind::kCosine:
      rate *= (1 + std::cos(std::numbers::pi * std::min(periods, 1.0))) / 2;
      break;
  }
  if (step < schedule.warmup_steps) {
    rate *= static_cast<double>(step + 1) / static_cast<double>(schedule.warmup_steps);
  }
  return rate;
}

}  // namespace hourglass
