// Learning-rate schedules against PyTorch: tests/golden/make_schedules.py.
#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "core/nn/optim/schedule.h"
#include "tests/support/source_path.h"

using namespace hourglass;

TEST_CASE("forty steps of every schedule equal PyTorch's") {
  std::ifstream file(source_path("/tests/golden/schedules.json"));
  const auto golden = nlohmann::json::parse(file);
  std::size_t kinds_seen = 0;
  for (const auto& test : golden["cases"]) {
    Schedule schedule;
    schedule.kind = schedule_from_name(test["schedule"].get<std::string>());
    kinds_seen |= std::size_t{1} << static_cast<int>(schedule.kind);
    schedule.decay = test.value("decay", schedule.decay);
    schedule.decay_steps = test.value("decay_steps", schedule.decay_steps);
    schedule.warmup_steps = test["warmup_steps"];
    CAPTURE(test["schedule"].dump() + ", warm-up " + test["warmup_steps"].dump());
    const double base = test["learning_rate"];
    double worst = 0;
    for (std::size_t step = 0; step < test["rates"].size(); ++step) {
      const double rate = learning_rate(schedule, base, static_cast<std::int64_t>(step));
      worst = std::max(worst, std::abs(rate - test["rates"][step].get<double>()));
    }
    CHECK(test["rates"].size() == 40);
    CHECK(worst < 1e-12 * base);
  }
  CHECK(kinds_seen == (std::size_t{1} << schedule_names().size()) - 1);
}
