// The job "tsne": the map of a network's codes as a session makes it.
#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/session/protocol/wire.h"
#include "tests/data/expect_error.h"
#include "tests/support/session_driver.h"
#include "tests/support/small_data.h"

using namespace hourglass;
using namespace hourglass::session;
using tests::Driver;

namespace {

const Floats& floats(const JobResult& result, const std::string& name) {
  for (const JobArray& array : result.arrays) {
    if (array.name == name) return std::get<Floats>(array.values);
  }
  static const Floats none;
  return none;
}

bool has(const JobResult& result, const std::string& name) {
  return std::any_of(result.arrays.begin(), result.arrays.end(),
                     [&](const JobArray& array) { return array.name == name; });
}

// Iterations few enough for a test.
void shorten(Driver& driver, std::int64_t iterations = 120) {
  driver.set("tsne.iterations", iterations);
  driver.set("tsne.perplexity", 10.0);
}

JobResult map_of(Driver& driver, const std::string& arguments = "{}") {
  driver.job_results.clear();
  driver.jobs_ended.clear();
  driver.send(StartJob{"tsne", arguments, 4});
  driver.advance_until([&] { return !driver.jobs_ended.empty(); });
  CHECK(driver.jobs_ended[0].reason == JobEnd::kDone);
  REQUIRE(!driver.job_results.empty());
  return driver.job_results.back();
}

std::string failure_of(Driver& driver, const std::string& arguments = "{}") {
  driver.failures.clear();
  driver.jobs_ended.clear();
  driver.send(StartJob{"tsne", arguments, 4}, 9);
  if (!driver.failures.empty()) return driver.failures[0].message;
  driver.advance_until([&] { return !driver.jobs_ended.empty(); });
  CHECK(driver.jobs_ended[0].reason == JobEnd::kFailed);
  return driver.jobs_ended[0].message;
}

}  // namespace

TEST_CASE("a map is shown while it is made, and told of when it is done") {
  Driver driver;
  shorten(driver, 420);
  const JobResult last = map_of(driver);
  CHECK(last.done);
  CHECK(floats(last, "points").size() == 2 * 150);
  const Floats& kept = floats(last, "kept");
  REQUIRE(kept.size() == 150);
  for (const float share : kept) CHECK((share >= 0 && share <= 1));
  // After 50, 100 ... 400 and 420 iterations.
  const Floats& divergences = floats(last, "divergences");
  REQUIRE(divergences.size() == 18);
  CHECK(divergences[2] == 100);
  CHECK(divergences[16] == 420);
  CHECK(divergences[17] < divergences[1]);
  const auto fields = nlohmann::json::parse(last.fields);
  CHECK(fields["points"] == 150);
  CHECK(fields["iteration"] == 420);
  CHECK(fields["kl_divergence"].get<double>() == doctest::Approx(divergences[17]));
  CHECK(fields["trustworthiness"].get<double>() > 0.7);
  CHECK(fields["neighbors"] == 12);

  // Before that the map as it was, of ever more iterations.
  REQUIRE(driver.job_results.size() > 3);
  int before = 0;
  for (std::size_t i = 0; i + 1 < driver.job_results.size(); ++i) {
    const JobResult& shown = driver.job_results[i];
    CHECK_FALSE(shown.done);
    CHECK_FALSE(has(shown, "kept"));
    CHECK(floats(shown, "points").size() == 2 * 150);
    const int iteration = nlohmann::json::parse(shown.fields)["iteration"];
    CHECK(iteration >= before);
    before = iteration;
  }
}

TEST_CASE(
    "a map that is watched is shown 20 times a second and more, but not with each iteration") {
  Driver driver(1, std::chrono::milliseconds(5));
  shorten(driver, 400);
  driver.send(StartJob{"tsne", "", 4});
  driver.advance_until([&] { return driver.job_results.size() > 5; });
  const auto began = driver.now();
  const std::size_t before = driver.job_results.size();
  driver.advance_until([&] { return driver.now() - began > std::chrono::seconds(1); });
  const std::size_t shown = driver.job_results.size() - before;
  CHECK(shown >= 19);
  CHECK(shown <= 26);
}

TEST_CASE("a map is the same on any number of threads, beside training or not") {
  Driver alone;
  shorten(alone);
  const Bytes expected = encode(Event(map_of(alone)));
  for (const int threads : {2, 8}) {
    CAPTURE(threads);
    Driver driver(threads);
    shorten(driver);
    driver.set("train.epochs", std::int64_t{100000});
    // The codes are those of the moment when it starts.
    driver.send(StartJob{"tsne", "{}", 4});
    driver.send(session::Run{});
    driver.advance_until([&] { return !driver.jobs_ended.empty(); });
    CHECK(encode(Event(driver.job_results.back())) == expected);
    CHECK(driver.status.phase == Phase::kRunning);
  }
}

TEST_CASE("fewer points and another start on demand") {
  Driver driver;
  shorten(driver, 60);
  const JobResult few = map_of(driver, R"({"points":40})");
  CHECK(floats(few, "points").size() == 80);
  const JobResult one = map_of(driver, R"({"start":"random","seed":1})");
  const JobResult again = map_of(driver, R"({"start":"random","seed":1})");
  const JobResult two = map_of(driver, R"({"start":"random","seed":2})");
  CHECK(floats(one, "points") == floats(again, "points"));
  CHECK(floats(one, "points") != floats(two, "points"));
  // The codes say where points begin, unless they are not asked.
  const JobResult plain = map_of(driver, R"({"seed":1})");
  CHECK(floats(map_of(driver, R"({"seed":2})"), "points") == floats(plain, "points"));
}

TEST_CASE("what makes no map is told in one clear sentence") {
  Driver driver;
  driver.set("tsne.perplexity", 60.0);
  CHECK(failure_of(driver) ==
        "With 150 codes, t-SNE's perplexity must be from 1 to 49.6, a third of the other codes, "
        "not 60.");
  driver.set("tsne.perplexity", 30.0);
  CHECK(contains(failure_of(driver, R"({"points":20})"), "must be from 1 to 6.3"));
  CHECK(contains(failure_of(driver, R"({"points":3})"), "a whole number from 4 to 150, not 3"));
  CHECK(contains(failure_of(driver, R"({"start":"here"})"), "one of pca, random"));
  CHECK(contains(failure_of(driver, R"({"point":3})"), "takes points, start, seed"));
}

TEST_CASE("codes that are all equal have no map") {
  ThreadPool pool(1);
  const Settings settings;
  const DatasetPointer data = tests::random_dataset({1, 2, 3}, 20, 120);
  const auto model = std::make_shared<const Model>(
      tests::small_spec(Activation::kRelu, Activation::kSigmoid, Loss::kMeanSquaredError),
      data->shape);
  const Vector parameters = Vector::Zero(model->layout().buffer_size());
  const JobContext context{.data = data,
                           .model = model,
                           .parameters = parameters.data(),
                           .settings = settings,
                           .images = {},
                           .pool = pool};
  const auto job = make_job(find_job_kind(job_kinds(), "tsne"), "", context);
  const auto work = [&] {
    while (job->advance_slice()) continue;
  };
  CHECK(contains(error_of(work), "All codes are equal"));
}
