// How the learning rate changes during a run.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace hourglass {

// What the learning rate is multiplied by, t steps after the start:
//   constant     1
//   stepped      decay^floor(t / decay_steps)
//   exponential  decay^(t / decay_steps)
//   cosine       (1 + cos(pi t / decay_steps)) / 2 up to t = decay_steps, 0 from there on
//                (Loshchilov and Hutter 2017, without restarts)
enum class ScheduleKind { kConstant, kStepped, kExponential, kCosine };

std::string_view schedule_name(ScheduleKind kind);
std::span<const std::string_view> schedule_names();
ScheduleKind schedule_from_name(std::string_view name);  // throws Error

struct Schedule {
  ScheduleKind kind = ScheduleKind::kConstant;
  double decay = 0.9;
  std::int64_t decay_steps = 1000;  // at least 1
  // Over the first steps the rate rises linearly: times min(1, (t + 1) / warmup_steps). 0 for none.
  std::int64_t warmup_steps = 0;

  bool operator==(const Schedule&) const = default;
};

// The learning rate of the step that comes after `step` steps.
double learning_rate(const Schedule& schedule, double base, std::int64_t step);

}  // namespace hourglass
