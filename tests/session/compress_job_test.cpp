// The job "compress": the curve of bytes over error, and images at one of its points.
#include <doctest/doctest.h>

#include <set>

#include "tests/data/expect_error.h"
#include "tests/support/job_results.h"

using namespace hourglass;
using namespace hourglass::session;
using namespace hourglass::tests;

TEST_CASE("compress: every point is told, and what comes back is shown") {
  Driver driver;
  driver.run_epochs(2);
  const JobResult found = finished(driver, "compress");
  CHECK(driver.job_results.size() == 36);
  const auto fields = fields_of(found);
  REQUIRE(fields["points"].size() == 36);
  CHECK(fields["raw_bytes"] == 784);
  CHECK(fields["code_size"] == 32);
  CHECK(fields["decoder_bytes"] == 4 * (32 * 784 + 784));
  std::set<std::string> methods;
  for (const auto& point : fields["points"]) {
    methods.insert(point["method"].get<std::string>());
    const bool file = point["method"] != "code" && point["method"] != "pca";
    CHECK(point["ideal_bytes"].is_null() == (file || point["setting"] == 32));
  }
  CHECK(methods == std::set<std::string>{"code", "jpeg", "jpeg-sheet", "pca", "png", "png-sheet"});

  const JobResult png = answered(driver, R"({"method":"png","setting":0})");
  CHECK(indices_of(png, "image_indices") == *driver.shown.image_indices);
  CHECK(bytes_of(png, "originals") == *driver.shown.originals);
  CHECK(bytes_of(png, "restored") == *driver.shown.originals);
  for (const float error : floats_of(png, "image_errors")) CHECK(error < 1e-9f);
  const Floats fine =
      floats_of(answered(driver, R"({"method":"code","setting":32})"), "image_errors");
  for (std::size_t i = 0; i < fine.size(); ++i) {
    CHECK(fine[i] == doctest::Approx((*driver.shown.image_errors)[i]).epsilon(1e-3));
  }
  for (const char* method : {"pca", "jpeg", "jpeg-sheet"}) {
    const std::string setting = method == std::string("pca") ? "4" : "20";
    const JobResult answer = answered(
        driver, R"({"method":")" + std::string(method) + R"(","setting":)" + setting + "}");
    CHECK(bytes_of(answer, "restored") != *driver.shown.originals);
  }
  CHECK(contains(refused_question(driver, R"({"method":"jpeg","setting":33})"),
                 "no point 'jpeg' of the setting 33"));
  CHECK(contains(refused_question(driver, R"({"method":"gif"})"), "one of code, pca"));
}

TEST_CASE("compress: the same bits on any number of threads") {
  check_same_bits("compress", "", R"({"method":"code","setting":2})");
}
