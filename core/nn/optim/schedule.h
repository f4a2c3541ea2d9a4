// How the learning rate changes during a run.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace hourglass {

// What the learning rate is multiplied by, t steps after the start:
//   constant     1
//   stepped      decay^floor(t / decay_steps)
//   exp  decay^(t / decay_steps)
//   cosine       (1 + cos(pi t / decay_steps)) / 2 up to t = decay_steps, 0 from there on
//                (Loshchilov and Hutter 2017, without restarts)
enum class ScheduleKind { kConstant, kStepped, kExponential, kCosine };

std::string_view schedule_name(ScheduleKind kind);
std::span<const std::string_view> schedule_names();
ScheduleKind schedule_from_name(std::string_view name);  // throws Error

struct Schedule {
  ScheduleKind kind = ScheduleKind::kConstant;
  double decay = 0.9;
  std::int64_t decay_steps = 0;  // at least 1; or 0, until fitted_to_run() has put in a number
  // Over the first steps the rate rises linearly: times min(1, (t + 1) / warmup_steps). 0 for none.
  std::int64_t warmup_steps = 0;

  bool operator==(const Schedule&) const = default;
};

// How often the stepped and the exp schedule decay in a run that they are fitted to.
inline constexpr std::int64_t kDecaysPerRun = 10;

// `schedule` with decay_steps set, where they are 0, by the number of mini-batches that the run is
// to have: the cosine comes down to 0 with the last one, and the others decay kDecaysPerRun times.
Schedule fitted_to_run(Schedule schedule, std::int64_t run_steps);

// After how many steps the learning rate is 0 for good, or so small a part (1e-6) of what was set
// that single precision hardly sees it. Nothing for a schedule that never comes to that.
std::optional<std::int64_t> schedule_end(const Schedule& schedule);

// The learning rate of the step that comes after `step` steps. Needs decay_steps of at least 1.
double learning_rate(const Schedule& schedule, double base, std::int64_t step);

}  // namespace hourglass
