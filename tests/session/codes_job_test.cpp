// The job "codes": what the network makes of every sample.
#include "core/session/engine/jobs/codes_job.h"

#include <doctest/doctest.h>

#include "tests/support/job_results.h"

using namespace hourglass;
using namespace hourglass::session;
using namespace hourglass::tests;

TEST_CASE("codes: every sample has one, training samples first, with its class") {
  Driver driver;
  driver.run_epochs(1);
  const JobResult result = finished(driver, "codes");
  const auto fields = fields_of(result);
  const std::int64_t count = driver.data.train_count + driver.data.test_count;
  const std::int64_t size = fields["code_size"];
  CHECK(fields["train"] == driver.data.train_count);
  CHECK(fields["test"] == driver.data.test_count);
  const Floats codes = floats_of(result, "codes");
  REQUIRE(std::ssize(codes) == count * size);
  CHECK(std::ssize(indices_of(result, "labels")) == count);
  // Held-out samples come last: the map's points of a code of two are their codes.
  driver.settle();
  REQUIRE(driver.shown.map_points);
  if (size == 2) {
    const auto first = static_cast<std::size_t>(driver.data.train_count * size);
    CHECK(codes[first] == doctest::Approx((*driver.shown.map_points)[0]).epsilon(1e-4));
    CHECK(codes[first + 1] == doctest::Approx((*driver.shown.map_points)[1]).epsilon(1e-4));
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(driver.data.map_points); ++i) {
    const auto at = static_cast<std::size_t>(driver.data.train_count) + i;
    REQUIRE(static_cast<std::int32_t>(indices_of(result, "labels")[at]) ==
            driver.data.map_labels[i]);
  }
}

TEST_CASE("codes: the same bits on any number of threads") { check_same_bits("codes", "{}"); }
