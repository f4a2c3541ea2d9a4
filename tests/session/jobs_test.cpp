// Background jobs of a session: their turns beside training, what starts, pauses and ends them.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/error.h"
#include "core/math/random.h"
#include "core/session/protocol/wire.h"
#include "tests/data/expect_error.h"
#include "tests/support/session_driver.h"

using namespace hourglass;
using namespace hourglass::session;
using namespace std::chrono_literals;
using tests::Driver;

namespace {

// What the jobs below take their time from.
Driver* driving = nullptr;

// Adds up random numbers, some in each slice; a slice takes as many milliseconds as the argument
// says, by the driver's clock.
class CountingJob final : public Job {
 public:
  CountingJob(std::int64_t slices, std::int64_t milliseconds, std::int64_t fails_at)
      : slices_(slices), milliseconds_(milliseconds), fails_at_(fails_at) {}

  Progress progress() const override {
    return {static_cast<double>(done_) / static_cast<double>(slices_), "counting", "Counting"};
  }

  bool advance_slice() override {
    if (driving) driving->sleep(std::chrono::milliseconds(milliseconds_));
    if (done_ == fails_at_) throw Error("There is nothing left to count.");
    sum_ += Random(1, RandomStream::kTest, 0, static_cast<std::uint32_t>(done_)).bits();
    ++done_;
    if (done_ == slices_ / 2 || done_ == slices_) {
      publish({.fields = "{\"sum\":" + std::to_string(sum_) + "}", .arrays = {}});
    }
    return done_ < slices_;
  }

 private:
  std::int64_t slices_, milliseconds_, fails_at_, done_ = 0;
  std::uint64_t sum_ = 0;
};

std::unique_ptr<Job> make_counting(JobArguments& arguments, const JobContext&) {
  const std::int64_t slices = arguments.integer("slices", 1, 1'000'000, 1'000'000);
  const std::int64_t milliseconds = arguments.integer("milliseconds", 0, 1000, 2);
  return std::make_unique<CountingJob>(slices, milliseconds,
                                       arguments.integer("fails_at", 0, 1000, -1));
}

// Stays when it has counted, and adds what it is asked for.
class AddingJob final : public Job {
 public:
  explicit AddingJob(std::int64_t slices) : slices_(slices) {}

  Progress progress() const override {
    return {static_cast<double>(sum_) / static_cast<double>(slices_), "counting", "Counting"};
  }
  bool advance_slice() override {
    ++sum_;
    if (sum_ == slices_) publish({.fields = "{}", .arrays = {}});
    return sum_ < slices_;
  }
  bool stays() const override { return true; }
  JobOutput answer(JobArguments& question, const JobContext&) override {
    const std::int64_t add = question.integer("add", 0, 1000, 0);
    Floats values = question.numbers("values", 2, -1, 1);
    question.refuse_others();
    JobOutput output{.fields = "{\"sum\":" + std::to_string(sum_ + add) + "}", .arrays = {}};
    const auto count = static_cast<std::int64_t>(values.size());
    output.arrays.push_back({"values", {count}, std::move(values)});
    return output;
  }

 private:
  std::int64_t slices_, sum_ = 0;
};

std::unique_ptr<Job> make_adding(JobArguments& arguments, const JobContext&) {
  return std::make_unique<AddingJob>(arguments.integer("slices", 1, 1'000'000, 10));
}

constexpr JobKind kTestKinds[] = {{"count", needs::kData, make_counting},
                                  {"other", 0, make_counting},
                                  {"of_the_model", needs::kModel, make_counting},
                                  {"adding", needs::kData, make_adding}};

struct TestDriver : Driver {
  // A network so small that many steps are soon taken.
  explicit TestDriver(Clock::duration tick = 100us) : Driver(1, tick, kTestKinds) {
    driving = this;
    send(SetSettings{{{"model.encoder", std::string(R"([{"units":2}])")},
                      {"model.decoder", std::string(R"([{"units":"input"}])")},
                      {"train.batch_size", std::int64_t{16}}}});
    settle();
  }
  ~TestDriver() { driving = nullptr; }

  void start(const char* kind, const std::string& arguments = "", std::uint64_t job = 1) {
    send(StartJob{kind, arguments, job}, 99);
  }
  // Training without an end.
  void train() {
    set("train.epochs", std::int64_t{100000});
    send(session::Run{});
  }
  void advance_for(std::chrono::milliseconds time) {
    for (const auto until = now() + time; now() < until;) advance();
  }
  double share(std::uint64_t job) const {
    for (auto e = job_progress.rbegin(); e != job_progress.rend(); ++e) {
      if (e->job == job) return e->share;
    }
    return -1;
  }
};

JobResult pca_beside(Driver& driver, bool training) {
  driver.set("train.epochs", std::int64_t{100000});
  if (training) driver.send(session::Run{});
  driver.send(StartJob{"pca", R"({"components":6})", 5});
  driver.advance_until([&] { return driver.job_results.size() == 2; });
  CHECK(driver.jobs_ended.empty());
  CHECK_FALSE(driver.job_results[0].done);
  CHECK(driver.job_results[1].done);
  return driver.job_results[1];
}

template <typename T>
T values_of(const JobResult& result, const std::string& name) {
  for (const JobArray& array : result.arrays) {
    if (array.name == name) return std::get<T>(array.values);
  }
  return {};
}

}  // namespace

TEST_CASE("a job gets all of the time while nothing is trained") {
  TestDriver driver;
  driver.start("count", R"({"slices":200,"milliseconds":2})");
  REQUIRE(driver.replies.size() == 1);
  CHECK(driver.replies[0].id == 99);
  CHECK(driver.job_progress.size() == 1);
  CHECK(driver.session().idle_for() == 0us);
  const auto began = driver.now();
  driver.settle();
  CHECK(driver.now() - began < 600ms);
  REQUIRE(driver.jobs_ended.size() == 1);
  CHECK(driver.jobs_ended[0].job == 1);
  CHECK(driver.jobs_ended[0].kind == "count");
  CHECK(driver.jobs_ended[0].reason == JobEnd::kDone);
  REQUIRE(driver.job_results.size() == 2);
  CHECK_FALSE(driver.job_results[0].done);
  CHECK(driver.job_results[1].done);
  // Some times a second, in order.
  CHECK(driver.job_progress.size() >= 3);
  CHECK(driver.job_progress.size() <= 8);
  for (std::size_t i = 1; i < driver.job_progress.size(); ++i) {
    CHECK(driver.job_progress[i].share > driver.job_progress[i - 1].share);
  }
  CHECK(driver.status.phase == Phase::kPaused);
}

TEST_CASE("beside training a job gets half of the time, whatever the length of its slices") {
  for (const int milliseconds : {1, 5, 40}) {
    CAPTURE(milliseconds);
    TestDriver driver;
    driver.train();
    driver.start("count", "{\"milliseconds\":" + std::to_string(milliseconds) + "}");
    const auto step = driver.status.step;
    const auto began = driver.now();
    driver.advance_for(600ms);
    driver.send(Pause{});  // tells of the step
    driver.send(PauseJob{1});
    // A slice takes a tick more, when the clock is looked at.
    const double all = std::chrono::duration<double>(driver.now() - began).count();
    const double job = driver.share(1) * 1'000'000 * (milliseconds + 0.1) / 1000;
    CHECK(job / all > 0.35);
    CHECK(job / all < 0.55);
    CHECK(driver.status.step > step + 100);
    CHECK(driver.jobs_ended.empty());
  }
}

TEST_CASE("a slow session trains as much as its job works") {
  // A mini-batch takes longer than the budget of a turn.
  TestDriver driver(10ms);
  driver.train();
  driver.start("count", R"({"milliseconds":1})");
  const auto began = driver.now();
  while (driver.now() - began < 10s) driver.advance();
  driver.send(Pause{});
  driver.send(PauseJob{1});
  REQUIRE(!driver.job_progress.empty());
  // Slices: each takes about as long as a step, most of it by looking at the clock.
  const double slices = driver.job_progress.back().share * 1'000'000;
  CHECK(slices > 50);
  CHECK(static_cast<double>(driver.status.step) > 0.5 * slices);
  CHECK(static_cast<double>(driver.status.step) < 2 * slices);
}

TEST_CASE("two jobs share their time, one that comes later too") {
  TestDriver driver;
  driver.start("count", R"({"milliseconds":1})", 1);
  driver.advance_for(1s);
  const double alone = driver.share(1);
  driver.start("other", R"({"milliseconds":7})", 2);
  driver.advance_for(2s);
  const double first = (driver.share(1) - alone) * 1e6 * 1, second = driver.share(2) * 1e6 * 7;
  CHECK(first / (first + second) > 0.3);
  CHECK(first / (first + second) < 0.7);
}

TEST_CASE("held-back training leaves its time to a job") {
  TestDriver driver;
  driver.set("view.steps_per_second", std::int64_t{5});
  driver.train();
  driver.start("count", R"({"milliseconds":1})");
  const auto began = driver.now();
  driver.advance_for(4s);
  driver.send(Pause{});
  driver.send(PauseJob{1});
  const double all = std::chrono::duration<double>(driver.now() - began).count();
  CHECK(driver.share(1) * 1000 / all > 0.5);
  CHECK(driver.status.step >= 16);
  CHECK(driver.status.step <= 24);
}

TEST_CASE("a paused job waits, costs nothing and goes on where it was") {
  TestDriver driver;
  driver.start("count", R"({"slices":100})");
  driver.advance_for(50ms);
  driver.send(PauseJob{1});
  CHECK(driver.job_progress.back().paused);
  const double share = driver.share(1);
  CHECK(share > 0);
  driver.settle();
  driver.send(PauseJob{1});  // again: nothing
  CHECK(driver.share(1) == share);
  CHECK(driver.jobs_ended.empty());
  driver.send(ResumeJob{1});
  CHECK_FALSE(driver.job_progress.back().paused);
  driver.settle();
  REQUIRE(driver.jobs_ended.size() == 1);
  const std::string sum = driver.job_results.back().fields;

  TestDriver straight;
  straight.start("count", R"({"slices":100})");
  straight.settle();
  CHECK(straight.job_results.back().fields == sum);
}

TEST_CASE("a cancelled job ends at once, and another of its kind may start") {
  TestDriver driver;
  driver.start("count", "", 1);
  driver.start("count", "", 2);
  REQUIRE(driver.failures.size() == 1);
  CHECK(driver.failures[0].id == 99);
  CHECK(contains(driver.failures[0].message, "under way already"));
  driver.start("other", "", 1);
  CHECK(contains(driver.failures[1].message, "There is a job 1 already"));
  driver.send(CancelJob{1});
  REQUIRE(driver.jobs_ended.size() == 1);
  CHECK(driver.jobs_ended[0].reason == JobEnd::kCancelled);
  CHECK(driver.jobs_ended[0].message.empty());
  driver.settle();
  CHECK(driver.job_results.empty());
  driver.start("count", R"({"slices":3})", 2);
  driver.settle();
  CHECK(driver.jobs_ended.back().job == 2);
  CHECK(driver.jobs_ended.back().reason == JobEnd::kDone);
  driver.send(CancelJob{2}, 7);
  CHECK(contains(driver.failures.back().message, "There is no job 2"));
  CHECK(driver.failures.back().id == 7);
}

TEST_CASE("a job that fails ends with its sentence, and training goes on") {
  TestDriver driver;
  driver.train();
  driver.start("count", R"({"fails_at":3})");
  driver.advance_until([&] { return !driver.jobs_ended.empty(); });
  CHECK(driver.jobs_ended[0].reason == JobEnd::kFailed);
  CHECK(driver.jobs_ended[0].message == "There is nothing left to count.");
  CHECK(driver.failures.empty());
  driver.advance_for(200ms);
  CHECK(driver.status.phase == Phase::kRunning);
}

TEST_CASE("jobs end when what they are of is changed, and only then") {
  TestDriver driver;
  driver.start("count", "", 1);
  driver.start("other", "", 2);
  driver.start("of_the_model", "", 3);
  driver.send(Reset{});
  REQUIRE(driver.jobs_ended.size() == 1);
  CHECK(driver.jobs_ended[0].job == 3);
  CHECK(driver.jobs_ended[0].reason == JobEnd::kOutdated);
  CHECK(contains(driver.jobs_ended[0].message, "network"));
  driver.set("data.strokes_train", std::int64_t{500});
  driver.advance_until([&] { return driver.jobs_ended.size() == 2; });
  CHECK(driver.jobs_ended[1].job == 1);
  CHECK(driver.jobs_ended[1].reason == JobEnd::kOutdated);
  CHECK(contains(driver.jobs_ended[1].message, "data set"));
  // It needs nothing.
  driver.advance_for(100ms);
  CHECK(driver.jobs_ended.size() == 2);
  CHECK(driver.share(2) > 0);
}

TEST_CASE("a job that stays answers questions about what it has found") {
  TestDriver driver;
  driver.start("adding");
  const auto ask = [&](const std::string& arguments, std::uint64_t question = 21) {
    driver.send(AskJob{1, question, arguments}, 4);
  };
  const auto refusal = [&](const std::string& arguments, std::uint64_t question = 21) {
    const std::size_t before = driver.failures.size();
    ask(arguments, question);
    REQUIRE(driver.failures.size() == before + 1);
    CHECK(driver.failures.back().id == 4);
    return driver.failures.back().message;
  };
  CHECK(contains(refusal("{}"), "still at work: it answers when it has found all."));
  driver.settle();
  CHECK(driver.share(1) == 1);
  CHECK(driver.jobs_ended.empty());
  REQUIRE(driver.job_results.size() == 1);
  CHECK(driver.job_results[0].done);
  CHECK(driver.job_results[0].question == 0);

  ask(R"({"add":5,"values":[0.5,-1]})");
  REQUIRE(driver.job_results.size() == 2);
  CHECK(driver.job_results[1].question == 21);
  CHECK(driver.job_results[1].fields == R"({"sum":15})");
  CHECK(values_of<Floats>(driver.job_results[1], "values") == Floats{0.5f, -1.f});
  CHECK(driver.replies.back().id == 4);

  CHECK(contains(refusal(R"({"ad":5})"), "no argument 'ad'; it takes add, values"));
  CHECK(contains(refusal(R"({"values":[1]})"), "a list of 2 numbers from -1 to 1, not [1]"));
  CHECK(contains(refusal(R"({"values":[1,2]})"), "a list of 2 numbers from -1 to 1"));
  CHECK(contains(refusal(R"({"values":7})"), "a list of 2 numbers"));
  CHECK(contains(refusal("7"), "must be a JSON object"));
  CHECK(contains(refusal("{}", 0), "number above 0"));
  // It waits for nothing, so there is nothing to pause.
  driver.send(PauseJob{1});
  driver.send(ResumeJob{1});
  ask("{}");
  CHECK(driver.job_results.size() == 3);

  // Another one goes on beside it, and gets all of the time.
  driver.start("count", R"({"slices":100,"milliseconds":2})", 2);
  const auto began = driver.now();
  driver.settle();
  CHECK(driver.now() - began < 300ms);
  CHECK(contains(driver.jobs_ended.at(0).kind, "count"));

  driver.set("data.strokes_train", std::int64_t{500});
  driver.settle();
  REQUIRE(driver.jobs_ended.size() == 2);
  CHECK(driver.jobs_ended[1].reason == JobEnd::kOutdated);
  CHECK(contains(refusal("{}"), "There is no job 1"));
}

TEST_CASE("what is no job is refused with one clear sentence") {
  Driver driver;
  const auto refusal = [&](const char* kind, const char* arguments, std::uint64_t job = 1) {
    const std::size_t before = driver.failures.size();
    driver.send(StartJob{kind, arguments, job}, 3);
    REQUIRE(driver.failures.size() == before + 1);
    CHECK(driver.failures.back().id == 3);
    CHECK(driver.failures.back().message.back() == '.');
    return driver.failures.back().message;
  };
  CHECK(contains(refusal("tea", ""), "There is no job 'tea'; there are: pca"));
  CHECK(contains(refusal("pca", "7"), "must be a JSON object, not '7'"));
  CHECK(contains(refusal("pca", "{"), "must be a JSON object"));
  CHECK(contains(refusal("pca", R"({"components":0})"), "a whole number from 1 to 256, not 0"));
  CHECK(contains(refusal("pca", R"({"components":"a"})"), "not \"a\""));
  CHECK(contains(refusal("pca", R"({"component":3})"),
                 "no argument 'component'; it takes components"));
  CHECK(contains(refusal("pca", "", 0), "number above 0"));
  CHECK(driver.jobs_ended.empty());
  CHECK(driver.job_progress.empty());
}

TEST_CASE("a job that is asked for while the data are fetched is refused") {
  Driver driver;
  driver.set("data.set", std::string("mnist"));
  driver.settle();
  driver.send(StartJob{"pca", "", 1}, 3);
  REQUIRE(driver.failures.size() == 1);
  CHECK(contains(driver.failures[0].message, "still being fetched"));
}

TEST_CASE("PCA is the same on any number of threads, beside training or not") {
  Driver alone;
  const JobResult expected = pca_beside(alone, false);
  CHECK(values_of<Floats>(expected, "mean").size() == 784);
  CHECK(values_of<Floats>(expected, "components").size() == 6 * 784);
  CHECK(values_of<Floats>(expected, "test_mse").size() == 7);
  const auto fields = nlohmann::json::parse(expected.fields);
  CHECK(fields["components"] == 6);
  CHECK(fields["train_samples"] == 600);
  CHECK(fields["test_mse"].get<double>() < fields["mean_image_mse"].get<double>());
  const Bytes bytes = encode(Event(expected));
  for (const int threads : {1, 2, 8}) {
    CAPTURE(threads);
    Driver driver(threads);
    CHECK(encode(Event(pca_beside(driver, true))) == bytes);
    CHECK(driver.status.phase == Phase::kRunning);
  }
}

TEST_CASE("a job runs without a session") {
  Driver driver;
  ThreadPool pool(1);
  const Settings settings;
  auto data = std::make_shared<Dataset>();
  data->name = "four";
  data->shape = {1, 1, 3};
  data->train = Samples(3, std::vector<float>{0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0});
  data->test = data->train;
  const JobContext context{
      .data = data, .model = nullptr, .settings = settings, .images = {}, .pool = pool};
  const auto job = make_job(find_job_kind(job_kinds(), "pca"), R"({"components":2})", context);
  Deadline::Clock::time_point time{};
  const std::function clock = [&time] { return time += 1ms; };
  while (job->advance(Deadline(clock, 1ms))) continue;
  const std::vector<JobOutput> outputs = job->take_outputs();
  REQUIRE(outputs.size() == 2);
  CHECK(nlohmann::json::parse(outputs[1].fields)["test_mse"].get<double>() < 1e-6);
}
