// The job "generate": codes drawn and decoded, factors moved, a code taken apart.
#include "core/session/engine/jobs/generate_job.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/model/layer_type.h"
#include "core/model/spec.h"
#include "tests/analysis/golden_applications.h"
#include "tests/data/expect_error.h"
#include "tests/support/job_results.h"

using namespace hourglass;
using namespace hourglass::session;
using namespace hourglass::tests;

namespace {

constexpr std::size_t kPixels = 784;

struct VariationalDriver : Driver {
  VariationalDriver() {
    send(LoadPreset{"vae"});
    set("data.set", std::string("strokes"));
    set("data.strokes_train", std::int64_t{600});
    set("data.strokes_test", std::int64_t{150});
    settle();
  }
};

// Image `index` of an array.
Bytes image_of(const JobResult& result, const char* name, std::size_t index) {
  const Bytes all = bytes_of(result, name);
  REQUIRE(all.size() >= (index + 1) * kPixels);
  const auto begin = all.begin() + static_cast<std::ptrdiff_t>(index * kPixels);
  return {begin, begin + kPixels};
}

int largest_difference(const Bytes& a, const Bytes& b) {
  REQUIRE(a.size() == b.size());
  int most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

// A network whose code is its input, and data whose codes are known so.
struct KnownCodes {
  std::shared_ptr<Dataset> data = std::make_shared<Dataset>();
  std::shared_ptr<const Model> model;
  ParameterBuffer parameters;
  ThreadPool pool{1};
  Settings settings;

  explicit KnownCodes(const Matrix& codes) {
    const Index size = codes.rows();
    data->name = "known";
    data->shape = {1, 1, size};
    data->train = Samples(size, std::vector<float>(codes.data(), codes.data() + codes.size()));
    data->test = data->train;
    const std::string layer =
        R"([{"type":"dense","activation":"linear","units":)" + std::to_string(size) + "}]";
    model = std::make_shared<const Model>(
        ModelSpec{parse_layers(layer, "encoder"), parse_layers(layer, "decoder"),
                  Loss::kMeanSquaredError, Initializer::kGlorotUniform},
        data->shape);
    parameters = ParameterBuffer::Zero(model->layout().buffer_size());
    for (int i = 0; i < model->layout().count(); ++i) {
      if (model->layout()[i].role != ParameterRole::kWeight) continue;
      model->layout().view(i, parameters.data(), 0, size).setIdentity();
    }
  }

  std::unique_ptr<Job> finished_job(const std::string& arguments) {
    const JobContext context{.data = data,
                             .model = model,
                             .parameters = parameters.data(),
                             .settings = settings,
                             .images = {},
                             .pool = pool};
    auto job = make_job(find_job_kind(job_kinds(), "generate"), arguments, context);
    double share = 0;
    while (job->advance_slice()) {
      CHECK(job->progress().share >= share);
      share = job->progress().share;
    }
    CHECK(job->progress().share == 1);
    return job;
  }
};

}  // namespace

TEST_CASE("generate: what is read off codes is what scikit-learn reads off them") {
  const auto& test = golden_applications()["directions"];
  KnownCodes known(columns_of(test["codes"]).cast<Scalar>());
  const Eigen::MatrixXd factors = columns_of(test["factors"]);
  for (Index f = 0; f < factors.rows(); ++f) {
    known.data->factors.push_back({"f" + std::to_string(f), "", -20, 20});
    std::vector<float> values;
    for (Index j = 0; j < factors.cols(); ++j) values.push_back(static_cast<float>(factors(f, j)));
    known.data->train.factors.push_back(values);
  }
  known.data->test.factors = known.data->train.factors;
  const auto job = known.finished_job("");
  const std::vector<JobOutput> outputs = job->take_outputs();
  REQUIRE(outputs.size() == 1);
  const Floats r_squared = std::get<Floats>(outputs[0].arrays.back().values);
  REQUIRE(r_squared.size() == 2);
  for (std::size_t f = 0; f < 2; ++f) {
    CHECK(static_cast<double>(r_squared[f]) ==
          doctest::Approx(test["r_squared"][f].get<double>()).epsilon(1e-5));
  }
}

TEST_CASE("generate: a mixture is as likely as scikit-learn's") {
  const auto& test = golden_applications()["fit"][0];
  KnownCodes known(columns_of(test["codes"]).cast<Scalar>());
  const auto job = known.finished_job(R"({"source":"mixture","components":3})");
  const auto fields = nlohmann::json::parse(job->take_outputs().at(0).fields);
  CHECK(fields["components"] == 3);
  CHECK(fields["codes"] == 120);
  CHECK(fields["log_likelihood"].get<double>() ==
        doctest::Approx(test["mean_log_likelihood"].get<double>()).epsilon(1e-3));
}

TEST_CASE("generate: draws are repeatable, and a walk leads from one to another") {
  Driver driver;
  const JobResult found = finished(driver, "generate");
  CHECK(fields_of(found)["source"] == "gaussian");
  CHECK(fields_of(found)["code_size"] == driver.network.code_size);
  CHECK(driver.jobs_ended.empty());  // it stays
  const JobResult answer =
      answered(driver, R"({"seed":3,"count":6,"from":4,"to":1,"steps":5,"image":2})");
  CHECK(bytes_of(answer, "samples").size() == 6 * kPixels);
  CHECK(bytes_of(answer, "walk").size() == 5 * kPixels);
  CHECK(largest_difference(image_of(answer, "walk", 0), image_of(answer, "samples", 4)) <= 1);
  CHECK(largest_difference(image_of(answer, "walk", 4), image_of(answer, "samples", 1)) <= 1);
  CHECK(bytes_of(answered(driver, R"({"seed":3,"count":6})"), "samples") ==
        bytes_of(answer, "samples"));
  CHECK(bytes_of(answered(driver, R"({"seed":4,"count":6})"), "samples") !=
        bytes_of(answer, "samples"));
  CHECK_FALSE(has_array(answer, "mean"));
}

TEST_CASE("generate: factors that stay change nothing, and a row goes through one of them") {
  Driver driver;
  driver.run_epochs(2);
  const JobResult found = finished(driver, "generate");
  const Floats r_squared = floats_of(found, "r_squared");
  REQUIRE(r_squared.size() == driver.data.factors.size());
  const auto shown = *driver.shown.image_indices;
  const JobResult still = answered(driver, "{\"image\":" + std::to_string(shown[1]) + "}");
  // Noise is on display too, but by default there is none.
  const auto begin = driver.shown.reconstructed->begin() + kPixels;
  CHECK(largest_difference(bytes_of(still, "moved"), {begin, begin + kPixels}) <= 1);
  const Floats factors = floats_of(still, "factors");
  const std::size_t count = driver.data.factors.size();
  REQUIRE(factors.size() == 2 * count);
  CHECK(std::equal(factors.begin(), factors.begin() + static_cast<std::ptrdiff_t>(count),
                   factors.begin() + static_cast<std::ptrdiff_t>(count)));

  auto question = nlohmann::json{{"image", shown[1]}, {"row", 1}};
  question["factors"] =
      std::vector<float>(factors.begin(), factors.begin() + static_cast<std::ptrdiff_t>(count));
  question["factors"][1] = 1e5;  // beyond the range: held to it
  const JobResult moved = answered(driver, question.dump());
  CHECK(floats_of(moved, "factors")[count + 1] == driver.data.factors[1].high);
  CHECK(bytes_of(moved, "moved") != bytes_of(still, "moved"));
  REQUIRE(bytes_of(moved, "row").size() == 9 * kPixels);
  CHECK(largest_difference(image_of(moved, "row", 8), bytes_of(moved, "moved")) <= 1);
}

TEST_CASE("generate: a variational code is its mean and its deviation times the noise") {
  VariationalDriver driver;
  driver.run_epochs(2);
  const JobResult found = finished(driver, "generate");
  CHECK(fields_of(found)["source"] == "prior");
  const Floats kl = floats_of(found, "kl");
  REQUIRE(kl.size() == static_cast<std::size_t>(driver.network.code_size));
  const auto active = std::count_if(kl.begin(), kl.end(), [](float unit) { return unit > 0.005f; });
  CHECK(fields_of(found)["active_units"] == active);
  CHECK_FALSE(fields_of(found).contains("log_likelihood"));
  const JobResult answer = answered(driver, R"({"image":5,"draw":2})");
  const Floats mean = floats_of(answer, "mean"), deviation = floats_of(answer, "deviation"),
               noise = floats_of(answer, "noise"), code = floats_of(answer, "code");
  for (std::size_t i = 0; i < kl.size(); ++i) {
    CHECK(deviation[i] > 0);
    CHECK(code[i] == doctest::Approx(mean[i] + deviation[i] * noise[i]).epsilon(1e-5));
  }
  CHECK(bytes_of(answer, "of_mean") != bytes_of(answer, "of_code"));
  CHECK(floats_of(answered(driver, R"({"image":5,"draw":3})"), "noise") != noise);
  CHECK(floats_of(answered(driver, R"({"image":6,"draw":3})"), "mean") != mean);
}

TEST_CASE("generate: what it cannot do is one sentence") {
  Driver driver;
  CHECK(contains(refusal(driver, "generate", R"({"source":"prior"})"), "no prior to draw from"));
  CHECK(contains(refusal(driver, "generate", R"({"source":"dice"})"),
                 "one of prior, gaussian, mixture"));
  CHECK(contains(refusal(driver, "generate", R"({"components":0})"), "from 1 to 100"));
  finished(driver, "generate");
  CHECK(contains(refused_question(driver, R"({"image":150})"), "from 0 to 149"));
  CHECK(contains(refused_question(driver, R"({"count":401})"), "from 1 to 400"));
  CHECK(contains(refused_question(driver, R"({"factors":[1,2]})"), "a list of 10 numbers"));
  CHECK(contains(refused_question(driver, R"({"sed":1})"), "no argument 'sed'"));
}

TEST_CASE("generate: the same bits on any number of threads") {
  check_same_bits("generate", R"({"source":"mixture","components":3})", R"({"count":8})");
}

TEST_CASE("generate: another network ends it") {
  Driver driver;
  finished(driver, "generate");
  driver.send(Reset{});
  REQUIRE(driver.jobs_ended.size() == 1);
  CHECK(driver.jobs_ended[0].reason == JobEnd::kOutdated);
}
