#include "core/nn/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/names.h"

namespace hourglass {
namespace {

constexpr std::string_view kNames[] = {"constant", "stepped", "exponential", "cosine"};

}  // namespace

std::span<const std::string_view> schedule_names() { return kNames; }

std::string_view schedule_name(ScheduleKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

ScheduleKind schedule_from_name(std::string_view name) {
  return value_from_name<ScheduleKind>(kNames, name, "schedule");
}

double learning_rate(const Schedule& schedule, double base, std::int64_t step) {
  double rate = base;
  const double periods =
      static_cast<double>(step) / static_cast<double>(schedule.decay_steps);
  switch (schedule.kind) {
    case ScheduleKind::kConstant: break;
    case ScheduleKind::kStepped: rate *= std::pow(schedule.decay, std::floor(periods)); break;
    case ScheduleKind::kExponential: rate *= std::pow(schedule.decay, periods); break;
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
