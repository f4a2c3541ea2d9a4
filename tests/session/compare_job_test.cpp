// The jobs "compare" and "compare_with": two side by side, by the same code.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "core/analysis/pca_exact.h"
#include "core/session/engine/kept_runs.h"
#include "tests/support/job_results.h"
#include "tests/support/session_driver.h"

namespace hourglass {
namespace {

using namespace session;
using tests::Driver;

// A session with a kept run of some steps, and a present one of others.
std::uint64_t keep_one(Driver& driver) {
  driver.send(Step{20});
  driver.settle();
  driver.send(NewSeed{});
  driver.send(Step{5});
  driver.settle();
  return driver.kept.back().run;
}

std::string of_run(std::uint64_t run) { return "{\"run\":" + std::to_string(run) + "}"; }

}  // namespace

TEST_CASE("compare: the present run's images, errors and map are those on display") {
  Driver driver;
  keep_one(driver);
  const JobResult found = tests::finished(driver, "compare", R"({"points":150})");
  const auto fields = tests::fields_of(found);
  CHECK(fields["of"] == "run");
  CHECK(fields["source"] == "gaussian");
  CHECK(fields["code_size"] == driver.network.code_size);
  // The same plane; within it the map on display turns as little as it can from the one before.
  const auto spread = [](const Floats& points) {
    double sum = 0;
    for (const float number : points) sum += static_cast<double>(number) * number;
    return sum;
  };
  const Floats map = tests::floats_of(found, "map"), &shown = *driver.shown.map_points;
  REQUIRE(map.size() == shown.size());
  CHECK(spread(map) == doctest::Approx(spread(shown)).epsilon(0.02));
  const JobResult answer = tests::answered(driver);
  CHECK(tests::bytes_of(answer, "originals") == *driver.shown.originals);
  CHECK(tests::bytes_of(answer, "reconstructed") == *driver.shown.reconstructed);
  const Floats errors = tests::floats_of(answer, "errors");
  REQUIRE(errors.size() == driver.shown.image_errors->size());
  for (std::size_t i = 0; i < errors.size(); ++i) {
    CHECK(errors[i] == doctest::Approx((*driver.shown.image_errors)[i]));
  }
  CHECK(tests::bytes_of(answer, "samples").size() == 36 * 784);
}

TEST_CASE("compare: a kept run answers as it did while it was the present one") {
  Driver driver;
  driver.send(Step{20});
  driver.settle();
  const auto answers = [&](const char* kind, const std::string& arguments) {
    const JobResult found = tests::finished(driver, kind, arguments);
    const JobResult answer = tests::answered(driver, R"({"images":[3,1,4],"seed":5})");
    driver.send(CancelJob{1});
    return std::make_tuple(found.fields, tests::floats_of(found, "map"),
                           tests::bytes_of(answer, "reconstructed"),
                           tests::floats_of(answer, "errors"), tests::bytes_of(answer, "samples"));
  };
  const auto before = answers("compare", "{}");
  CHECK(std::get<2>(before).size() == 3 * 784);
  driver.send(NewSeed{});
  driver.settle();
  const auto after = answers("compare_with", of_run(driver.kept[0].run));
  CHECK(before == after);
  CHECK(answers("compare", "{}") != before);
}

TEST_CASE("compare: both sides are there at once, and a new run ends the present side alone") {
  Driver driver;
  const std::uint64_t run = keep_one(driver);
  driver.send(StartJob{"compare", "{}", 1});
  driver.send(StartJob{"compare_with", of_run(run), 2});
  driver.settle();
  CHECK(driver.failures.empty());
  CHECK(driver.jobs_ended.empty());
  driver.send(Reset{});
  driver.settle();
  REQUIRE(driver.jobs_ended.size() == 1);
  CHECK(driver.jobs_ended[0].job == 1);
  CHECK(driver.jobs_ended[0].reason == JobEnd::kOutdated);
  driver.send(AskJob{2, 3, "{}"}, 4);
  CHECK(driver.failures.empty());
}

TEST_CASE("compare: a run that is deleted while it is compared is compared to the end") {
  Driver driver;
  const std::uint64_t run = keep_one(driver);
  const Bytes whole = tests::bytes_of(
      (tests::finished(driver, "compare_with", of_run(run)), tests::answered(driver)), "samples");
  driver.send(CancelJob{1});
  driver.job_results.clear();
  driver.jobs_ended.clear();
  driver.send(StartJob{"compare_with", of_run(run), 1});
  driver.send(DropKeptRun{run});
  driver.settle();
  CHECK(driver.jobs_ended.empty());
  CHECK(tests::bytes_of(tests::answered(driver), "samples") == whole);
  // A new one there is not.
  driver.send(CancelJob{1});
  CHECK(tests::refusal(driver, "compare_with", of_run(run)).find("no kept run") !=
        std::string::npos);
}

TEST_CASE(
    "compare: principal components are no worse than what any code of that size makes linearly") {
  Driver driver;
  keep_one(driver);
  double before = 1e9;
  for (const int components : {1, 2, 8}) {
    CAPTURE(components);
    const JobResult found = tests::finished(driver, "compare_with",
                                            "{\"components\":" + std::to_string(components) + "}");
    const auto fields = tests::fields_of(found);
    CHECK(fields["of"] == "pca");
    CHECK(fields["code_size"] == components);
    const double error = fields["test_mse"];
    CHECK(error < before);
    before = error;
    const Floats map = tests::floats_of(found, "map");
    CHECK(map.size() == 2 * 150);
    double across = 0, up = 0;
    for (std::size_t i = 0; i < map.size(); i += 2) {
      across += std::abs(static_cast<double>(map[i]));
      up += std::abs(static_cast<double>(map[i + 1]));
    }
    CHECK(across > 0);
    CHECK((up > 0) == (components > 1));
    const JobResult answer = tests::answered(driver, R"({"count":9})");
    CHECK(tests::bytes_of(answer, "samples").size() == 9 * 784);
    driver.send(CancelJob{1});
  }
}

TEST_CASE("compare: a variational code's samples are of its prior") {
  Driver driver;
  driver.send(LoadPreset{"beta-vae"});
  driver.set("data.strokes_train", std::int64_t{600});
  driver.set("data.strokes_test", std::int64_t{150});
  driver.settle();
  driver.send(Step{3});
  driver.settle();
  CHECK(tests::fields_of(tests::finished(driver, "compare"))["source"] == "prior");
  const Bytes first = tests::bytes_of(tests::answered(driver, R"({"seed":1})"), "samples");
  CHECK(tests::bytes_of(tests::answered(driver, R"({"seed":1})"), "samples") == first);
  CHECK(tests::bytes_of(tests::answered(driver, R"({"seed":2})"), "samples") != first);
}

TEST_CASE("compare: other data are told in a sentence, not drawn") {
  Driver driver;
  const std::uint64_t run = keep_one(driver);
  driver.set("data.strokes_train", std::int64_t{500});
  driver.send(Reset{});
  driver.settle();
  const std::string fewer = tests::refusal(driver, "compare_with", of_run(run));
  CHECK(fewer.find("500 samples to train on") != std::string::npos);
  CHECK(fewer.find("make that run the present one") != std::string::npos);
  // Which then works.
  driver.send(LoadKeptRun{run});
  driver.settle();
  tests::finished(driver, "compare_with", of_run(run));
}

TEST_CASE("compare: what is no argument is refused") {
  Driver driver;
  keep_one(driver);
  CHECK(tests::refusal(driver, "compare", R"({"run":99})").find("no kept run 99") !=
        std::string::npos);
  CHECK(tests::refusal(driver, "compare", R"({"run":1,"components":2})").find("not of both") !=
        std::string::npos);
  CHECK(tests::refusal(driver, "compare", R"({"components":785})").find("from 1 to 256") !=
        std::string::npos);
  tests::finished(driver, "compare");
  CHECK(tests::refused_question(driver, R"({"images":[150]})").find("from 0 to 149") !=
        std::string::npos);
  CHECK(tests::refused_question(driver, R"({"images":7})").find("a list of at most 64") !=
        std::string::npos);
}

TEST_CASE("compare: the same bits on any number of threads") {
  tests::check_same_bits("compare_with", R"({"components":4})", R"({"images":[1,2],"seed":3})");
  Bytes expected, expected_answer;
  for (const int threads : {1, 2, 8}) {
    CAPTURE(threads);
    Driver driver(threads);
    const std::uint64_t run = keep_one(driver);
    for (const std::string& arguments : {of_run(run), std::string("{}")}) {
      const Bytes bytes = encode(Event(tests::finished(driver, "compare_with", arguments)));
      const Bytes answer = encode(Event(tests::answered(driver)));
      driver.send(CancelJob{1});
      if (arguments == "{}") continue;
      if (threads == 1) {
        expected = bytes;
        expected_answer = answer;
      }
      CHECK(bytes == expected);
      CHECK(answer == expected_answer);
    }
  }
}

}  // namespace hourglass
