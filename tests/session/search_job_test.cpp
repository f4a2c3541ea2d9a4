// The job "search": the nearest of held-out samples by code and by pixels, as a session finds them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/neighbors.h"
#include "core/session/protocol/wire.h"
#include "tests/data/expect_error.h"
#include "tests/support/session_driver.h"
#include "tests/support/small_data.h"

using namespace hourglass;
using namespace hourglass::session;
using tests::Driver;

namespace {

template <typename Values>
const Values& values(const JobResult& result, const std::string& name) {
  static const Values none;
  for (const JobArray& array : result.arrays) {
    if (array.name == name) return std::get<Values>(array.values);
  }
  return none;
}

const std::vector<std::uint32_t>& indices(const JobResult& result, const std::string& name) {
  return values<std::vector<std::uint32_t>>(result, name);
}

nlohmann::json fields(const JobResult& result) { return nlohmann::json::parse(result.fields); }

// Starts the job and waits until it answers.
JobResult start(Driver& driver, const std::string& arguments = "{}") {
  driver.job_results.clear();
  driver.send(StartJob{"search", arguments, 4});
  driver.advance_until(
      [&] { return !driver.job_results.empty() && driver.job_results.back().done; });
  return driver.job_results.back();
}

JobResult ask(Driver& driver, const std::string& arguments) {
  const std::size_t before = driver.job_results.size();
  driver.send(AskJob{4, 7, arguments}, 9);
  REQUIRE(driver.job_results.size() == before + 1);
  CHECK(driver.job_results.back().question == 7);
  return driver.job_results.back();
}

std::string refusal(Driver& driver, const std::string& arguments) {
  driver.failures.clear();
  driver.send(AskJob{4, 7, arguments}, 9);
  REQUIRE(driver.failures.size() == 1);
  return driver.failures[0].message;
}

}  // namespace

TEST_CASE("a search says how often the nearest are of a class, and stays to be asked") {
  Driver driver;
  const JobResult found = start(driver);
  CHECK(driver.jobs_ended.empty());
  const auto figures = fields(found);
  CHECK(figures["samples"] == 150);
  CHECK(figures["nearest"] == 10);
  const double chance = figures["chance"];
  CHECK(chance > 0.05);
  CHECK(chance < 0.15);
  CHECK(figures["precision_pixels"].get<double>() > 2 * chance);
  CHECK(figures["precision_pixels"].get<double>() <= 1);
  CHECK(figures["precision_code"].get<double>() > 1.5 * chance);

  const JobResult answer = ask(driver, R"({"sample":3})");
  for (const std::string space : {"code", "pixels"}) {
    CAPTURE(space);
    const auto& nearest = indices(answer, space + "_indices");
    REQUIRE(nearest.size() == 10);
    CHECK(std::find(nearest.begin(), nearest.end(), 3u) == nearest.end());
    const Floats& distances = values<Floats>(answer, space + "_distances");
    CHECK(std::is_sorted(distances.begin(), distances.end()));
    CHECK(distances[0] > 0);
    CHECK(values<Bytes>(answer, space + "_images").size() == 10 * 784);
    CHECK(indices(answer, space + "_labels").size() == 10);
    // Nothing was done to it.
    CHECK(fields(answer)[space + "_kept"] == 1);
    CHECK(fields(answer)[space + "_kept_mean"] == 1);
  }
  CHECK(values<Bytes>(answer, "query").size() == 784);
  // It goes with the network.
  driver.send(Reset{});
  REQUIRE(driver.jobs_ended.size() == 1);
  CHECK(driver.jobs_ended[0].reason == JobEnd::kOutdated);
}

TEST_CASE("the nearest by pixels are those of all distances") {
  ThreadPool pool(2);
  const Settings settings;
  const DatasetPointer data = tests::random_dataset({1, 3, 3}, 20, 200);
  const auto model = std::make_shared<const Model>(
      tests::small_spec(Activation::kTanh, Activation::kSigmoid, Loss::kMeanSquaredError),
      data->shape);
  Vector parameters(model->layout().buffer_size());
  for (Index i = 0; i < parameters.size(); ++i) parameters[i] = std::sin(Scalar(i));
  const JobContext context{.data = data,
                           .model = model,
                           .parameters = parameters.data(),
                           .settings = settings,
                           .images = {},
                           .pool = pool};
  const auto job = make_job(find_job_kind(job_kinds(), "search"), R"({"samples":120})", context);
  double share = 0;
  do {
    CHECK(job->progress().share >= share);
    share = job->progress().share;
  } while (job->advance_slice());
  CHECK(job->take_outputs().size() == 1);

  Matrix samples(9, 120);
  std::vector<std::uint32_t> all(120);
  for (std::uint32_t i = 0; i < 120; ++i) all[i] = i;
  data->test.gather(all, columns(samples, 0, 120));
  // A sample that is searched, and one that is not.
  for (const Index sample : {5, 150}) {
    CAPTURE(sample);
    Matrix query(9, 1);
    const auto at = static_cast<std::uint32_t>(sample);
    data->test.gather({&at, 1}, columns(query, 0, 1));
    std::vector<std::pair<Scalar, std::uint32_t>> expected;
    for (Index j = 0; j < 120; ++j) {
      if (j == sample) continue;
      expected.push_back({squared_distance(query.data(), samples.col(j).data(), 9),
                          static_cast<std::uint32_t>(j)});
    }
    std::sort(expected.begin(), expected.end());
    JobArguments question("search", "{\"sample\":" + std::to_string(sample) + "}");
    const JobOutput output = job->answer(question, context);
    JobResult answer;
    answer.fields = output.fields;
    answer.arrays = output.arrays;
    const auto& nearest = indices(answer, "pixels_indices");
    REQUIRE(nearest.size() == 10);
    for (std::size_t i = 0; i < 10; ++i) {
      CHECK(nearest[i] == expected[i].second);
      CHECK(values<Floats>(answer, "pixels_distances")[i] ==
            doctest::Approx(std::sqrt(static_cast<double>(expected[i].first))));
    }
    CHECK(fields(answer)["label"] == sample % 3);
    CHECK(indices(answer, "pixels_labels")[0] == expected[0].second % 3);
  }
}

TEST_CASE("noise on the query drives its neighbours away, the same with the same seed") {
  Driver driver;
  start(driver);
  const JobResult little = ask(driver, R"({"sample":3,"level":0.05,"seed":1})");
  const JobResult much = ask(driver, R"({"sample":3,"level":0.9,"seed":1})");
  for (const char* name : {"code_kept_mean", "pixels_kept_mean"}) {
    CAPTURE(name);
    CHECK(fields(little)[name].get<double>() > fields(much)[name].get<double>());
    CHECK(fields(little)[name].get<double>() <= 1);
  }
  CHECK(values<Bytes>(little, "query") != values<Bytes>(much, "query"));
  const JobResult again = ask(driver, R"({"sample":3,"level":0.9,"seed":1})");
  CHECK(encode(Event(again)) == encode(Event(much)));
  const JobResult other = ask(driver, R"({"sample":3,"level":0.9,"seed":2})");
  CHECK(values<Bytes>(other, "query") != values<Bytes>(much, "query"));
}

TEST_CASE("pixels from elsewhere are a query too") {
  Driver driver;
  start(driver);
  const JobResult sample = ask(driver, R"({"sample":8})");
  std::string pixels;
  for (const std::uint8_t byte : values<Bytes>(sample, "query")) {
    pixels += (pixels.empty() ? "" : ",") + std::to_string(byte / 255.0);
  }
  const JobResult answer = ask(driver, "{\"pixels\":[" + pixels + "]}");
  CHECK(values<Bytes>(answer, "query") == values<Bytes>(sample, "query"));
  CHECK(fields(answer)["label"].is_null());
  // Nobody knows that it is a held-out one, which is found first.
  CHECK(indices(answer, "pixels_indices")[0] == 8);
  CHECK(indices(answer, "pixels_indices")[1] == indices(sample, "pixels_indices")[0]);
}

TEST_CASE("what is searched has the same bits on any number of threads") {
  const char* const question = R"({"sample":11,"level":0.2})";
  Driver alone;
  const Bytes found = encode(Event(start(alone)));
  const Bytes answered = encode(Event(ask(alone, question)));
  for (const int threads : {2, 8}) {
    CAPTURE(threads);
    Driver driver(threads);
    CHECK(encode(Event(start(driver))) == found);
    CHECK(encode(Event(ask(driver, question))) == answered);
  }
}

TEST_CASE("what cannot be searched is told in one clear sentence") {
  Driver driver;
  driver.send(StartJob{"search", R"({"samples":10})", 4}, 9);
  REQUIRE(driver.failures.size() == 1);
  CHECK(contains(driver.failures[0].message, "a whole number from 11 to 150, not 10"));
  start(driver);
  CHECK(contains(refusal(driver, "{}"), "a sample or pixels"));
  CHECK(contains(refusal(driver, R"({"sample":150})"), "a whole number from 0 to 149, not 150"));
  CHECK(contains(refusal(driver, R"({"pixels":[1,2]})"), "a list of 784 numbers from 0 to 1"));
  CHECK(contains(refusal(driver, R"({"sample":1,"noise":"loud"})"), "one of none, gaussian"));
  CHECK(contains(refusal(driver, R"({"sample":1,"levels":1})"), "no argument 'levels'"));

  ThreadPool pool(1);
  const Settings settings;
  const DatasetPointer data = tests::random_dataset({1, 3, 3}, 20, 10);
  const auto model = std::make_shared<const Model>(
      tests::small_spec(Activation::kTanh, Activation::kSigmoid, Loss::kMeanSquaredError),
      data->shape);
  const Vector parameters = Vector::Zero(model->layout().buffer_size());
  const JobContext context{.data = data,
                           .model = model,
                           .parameters = parameters.data(),
                           .settings = settings,
                           .images = {},
                           .pool = pool};
  CHECK(error_of([&] { make_job(find_job_kind(job_kinds(), "search"), "", context); }) ==
        "The data set 'random' holds 10 samples back, and the 10 nearest of each are searched; it "
        "takes at least 11.");
}
