#include "core/nn/optim/schedule.h"

#include <doctest/doctest.h>

using namespace hourglass;

TEST_CASE("a schedule without a length of its own has the run's, and one with it keeps it") {
  const Schedule cosine{.kind = ScheduleKind::kCosine};
  CHECK(fitted_to_run(cosine, 1600).decay_steps == 1600);
  CHECK(fitted_to_run({.kind = ScheduleKind::kCosine, .decay_steps = 1000}, 1600).decay_steps ==
        1000);
  // The last step of the run still learns something, and the one after it would not.
  const Schedule fitted = fitted_to_run(cosine, 1600);
  CHECK(learning_rate(fitted, 0.1, 1599) > 0);
  CHECK(learning_rate(fitted, 0.1, 1600) == 0);

  const Schedule stepped = fitted_to_run({.kind = ScheduleKind::kStepped, .decay = 0.5}, 1600);
  CHECK(stepped.decay_steps == 160);
  CHECK(learning_rate(stepped, 1, 159) == 1);
  CHECK(learning_rate(stepped, 1, 160) == 0.5);
  CHECK(fitted_to_run({.kind = ScheduleKind::kExponential}, 3).decay_steps == 1);
  CHECK(fitted_to_run(cosine, 0).decay_steps == 1);
}

TEST_CASE("a schedule's end is where its rate is as good as 0") {
  CHECK_FALSE(schedule_end({}));
  CHECK(schedule_end({.kind = ScheduleKind::kCosine, .decay_steps = 1000}) == 1000);
  CHECK_FALSE(schedule_end({.kind = ScheduleKind::kStepped, .decay = 1, .decay_steps = 10}));
  // 0.1 to the sixth.
  for (const ScheduleKind kind : {ScheduleKind::kStepped, ScheduleKind::kExponential}) {
    const Schedule schedule{.kind = kind, .decay = 0.1, .decay_steps = 7};
    const auto end = schedule_end(schedule);
    REQUIRE(end);
    CHECK(learning_rate(schedule, 1, *end) <= 1.0001e-6);
    CHECK(learning_rate(schedule, 1, *end - 7) > 2e-6);
  }
}
