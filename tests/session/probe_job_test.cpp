// The job "probe": what a code knows, told after the probe and after fine-tuning.
#include "core/session/engine/jobs/probe_job.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "tests/data/expect_error.h"
#include "tests/support/job_results.h"

using namespace hourglass;
using namespace hourglass::session;
using namespace hourglass::tests;

namespace {

constexpr std::uint32_t kClasses = 10;
constexpr std::size_t kPixels = 784;

std::uint32_t sum(const std::vector<std::uint32_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), 0u);
}

}  // namespace

TEST_CASE("probe: a matrix, images of its cells and the factors") {
  Driver driver;
  const JobResult result = finished(driver, "probe");
  const auto fields = fields_of(result);
  const auto test = static_cast<std::uint32_t>(driver.data.test_count);
  CHECK(fields["samples"] == test);
  CHECK(fields["labels"] == driver.data.train_count);
  CHECK(fields["fine_tuned"].is_null());
  CHECK(fields["accuracy"] == fields["linear_probe"]);
  const auto counts = indices_of(result, "confusion");
  REQUIRE(counts.size() == kClasses * kClasses);
  CHECK(sum(counts) == test);
  std::uint32_t right = 0;
  for (std::uint32_t i = 0; i < kClasses; ++i) right += counts[i * kClasses + i];
  CHECK(fields["accuracy"].get<double>() ==
        doctest::Approx(static_cast<double>(right) / test).epsilon(1e-9));
  CHECK(right > test / 4);  // even of a code that nobody has trained
  CHECK(floats_of(result, "r_squared").size() == driver.data.factors.size());

  const auto cells = indices_of(result, "cells");
  CHECK(std::is_sorted(cells.begin(), cells.end()));
  for (std::uint32_t cell = 0; cell < counts.size(); ++cell) {
    CHECK(std::count(cells.begin(), cells.end(), cell) == std::min(4u, counts[cell]));
  }
  const Bytes images = bytes_of(result, "cell_images");
  REQUIRE(images.size() == cells.size() * kPixels);

  // The answer begins with the images that stand in the cell.
  const JobResult answer = answered(driver, R"({"class":1,"taken_for":1,"count":3})");
  CHECK(fields_of(answer)["samples"] == counts[kClasses + 1]);
  const auto found = indices_of(answer, "indices");
  REQUIRE(found.size() == 3);
  CHECK(std::is_sorted(found.begin(), found.end()));
  const auto first = std::find(cells.begin(), cells.end(), kClasses + 1) - cells.begin();
  CHECK(std::equal(images.begin() + first * static_cast<std::ptrdiff_t>(kPixels),
                   images.begin() + (first + 3) * static_cast<std::ptrdiff_t>(kPixels),
                   bytes_of(answer, "images").begin()));
}

TEST_CASE("probe: fine-tuning is told after the probe, and leaves the run as it is") {
  Driver driver;
  const JobResult result = finished(driver, "probe", R"({"fine_tune":true,"epochs":8})");
  REQUIRE(driver.job_results.size() == 2);
  const auto before = fields_of(driver.job_results.front()), after = fields_of(result);
  CHECK(before["fine_tuned"].is_null());
  CHECK(before["linear_probe"] == after["linear_probe"]);
  CHECK(after["accuracy"] == after["fine_tuned"]);
  CHECK(after["fine_tuned"].get<double>() > after["linear_probe"].get<double>());
  CHECK(sum(indices_of(result, "confusion")) == after["samples"]);
  CHECK(driver.status.step == 0);
}

TEST_CASE("probe: few labels teach less") {
  Driver driver, other;
  const double all = fields_of(finished(driver, "probe"))["accuracy"];
  const auto few = fields_of(finished(other, "probe", R"({"labels":10,"seed":3})"));
  CHECK(few["labels"] == 10);
  CHECK(few["accuracy"].get<double>() < all);
}

TEST_CASE("probe: the same bits on any number of threads") {
  check_same_bits("probe", R"({"labels":200,"fine_tune":true,"epochs":2})",
                  R"({"class":3,"taken_for":3})");
}

TEST_CASE("probe: what it cannot do is one sentence") {
  Driver driver;
  CHECK(refusal(driver, "probe", R"({"labels":5})") ==
        "10 classes need at least 10 labels, one for each, and not 5.");
  CHECK(contains(refusal(driver, "probe", R"({"labels":100000})"),
                 "training samples with a label, and not 100000."));
  CHECK(contains(refusal(driver, "probe", R"({"labels":-1})"), "labels"));
  CHECK(contains(refusal(driver, "probe", R"({"fine_tune":3})"), "fine_tune"));
  finished(driver, "probe");
  CHECK(contains(refused_question(driver, R"({"class":10})"), "class"));
  CHECK(contains(refused_question(driver, R"({"taken":1})"), "taken"));
}
