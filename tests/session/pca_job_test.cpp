// The job "pca" as a session finds it, and what it answers while training goes on.
#include "core/session/engine/jobs/pca_job.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "core/analysis/pca_exact.h"
#include "core/data/corruption.h"
#include "core/math/random.h"
#include "core/session/engine/image_bytes.h"
#include "tests/data/expect_error.h"
#include "tests/support/job_results.h"
#include "tests/support/small_data.h"

using namespace hourglass;
using namespace hourglass::session;
using tests::answered;
using tests::Driver;
using tests::fields_of;
using tests::finished;
using tests::refused_question;

namespace {

void use_linear_network(Driver& driver, const char* code = "6") {
  driver.send(SetSettings{{{"model.encoder", "[{\"units\":" + std::string(code) + "}]"},
                           {"model.decoder", std::string(R"([{"units":"input"}])")},
                           {"model.loss", std::string("mse")},
                           {"train.optimizer", std::string("adam")},
                           {"train.learning_rate", 0.01},
                           {"train.batch_size", std::int64_t{50}}}});
  driver.settle();
}

}  // namespace

TEST_CASE(
    "PCA stays, and makes the images on display again, with their noise and as many numbers") {
  Driver driver;
  driver.set("view.noise.kind", std::string("masking"));
  driver.set("view.noise.level", 0.3);
  driver.set("view.image_set", std::int64_t{4});
  driver.settle();
  const JobResult found = finished(driver, "pca");
  CHECK(driver.jobs_ended.empty());
  CHECK(fields_of(found)["components"] == 32);  // the code has as many units
  const double floor = fields_of(found)["entropy_floor"];
  CHECK(floor > 0.01);
  CHECK(fields_of(found)["mean_image_bce"].get<double>() > floor);

  // As they are, by the components themselves.
  const auto& shown = *driver.shown.image_indices;
  const JobResult plain = answered(driver);
  CHECK(tests::indices_of(plain, "image_indices") == shown);
  CHECK(tests::bytes_of(plain, "reconstructed").size() == 784 * shown.size());
  const Floats mean = tests::floats_of(found, "mean");
  const Floats components = tests::floats_of(found, "components");
  const JobResult few = answered(driver, R"({"components":2,"images":[5,3]})");
  CHECK(tests::indices_of(few, "image_indices") == std::vector<std::uint32_t>{5, 3});
  REQUIRE(tests::floats_of(few, "image_errors").size() == 2);
  driver.send(GetImages{{5, 3}}, 3);
  const Floats originals = driver.replies.back().images;
  for (std::size_t i = 0; i < 2; ++i) {
    std::vector<double> left(784);
    for (std::size_t k = 0; k < 784; ++k) {
      left[k] = static_cast<double>(originals[i * 784 + k]) - static_cast<double>(mean[k]);
    }
    for (std::size_t c = 0; c < 2; ++c) {
      double along = 0;
      for (std::size_t k = 0; k < 784; ++k) {
        along += left[k] * static_cast<double>(components[c * 784 + k]);
      }
      for (std::size_t k = 0; k < 784; ++k) {
        left[k] -= along * static_cast<double>(components[c * 784 + k]);
      }
    }
    double error = 0;
    for (const double value : left) error += value * value / 784;
    CHECK(static_cast<double>(tests::floats_of(few, "image_errors")[i]) ==
          doctest::Approx(error).epsilon(1e-4));
  }

  // With all components and the noise on display it sees what the network sees: masked pixels are
  // lost to it, too, and each image is damaged as on the screen.
  const JobResult noisy = answered(driver, R"({"noise":"masking","level":0.3,"seed":4})");
  const Floats damaged = tests::floats_of(noisy, "image_errors");
  const Floats clean = tests::floats_of(plain, "image_errors");
  int worse = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) worse += damaged[i] > clean[i];
  CHECK(worse > static_cast<int>(shown.size()) * 3 / 4);
  CHECK(tests::bytes_of(answered(driver, R"({"noise":"masking","level":0.3,"seed":5})"),
                        "reconstructed") != tests::bytes_of(noisy, "reconstructed"));

  // Another network is no matter, other data are.
  driver.set("model.decoder", std::string(R"([{"units":"input","activation":"linear"}])"));
  driver.send(Reset{});
  driver.settle();
  CHECK(answered(driver).arrays.size() == 3);
  driver.set("data.strokes_test", std::int64_t{140});
  driver.settle();
  REQUIRE(driver.jobs_ended.size() == 1);
  CHECK(driver.jobs_ended[0].reason == JobEnd::kOutdated);
}

TEST_CASE("PCA of a damaged image starts from the one that is on display") {
  // With as many components as features nothing is lost but by the noise.
  Driver driver;
  const Settings settings;
  ThreadPool pool(1);
  const DatasetPointer data = tests::random_dataset({1, 3, 3}, 40, 12);
  const JobContext context{
      .data = data, .model = nullptr, .settings = settings, .images = {1, 4}, .pool = pool};
  const auto job = make_job(find_job_kind(job_kinds(), "pca"), R"({"components":9})", context);
  while (job->advance_slice()) continue;
  JobArguments question("pca", R"({"noise":"masking","level":0.5,"seed":7})");
  const JobOutput answer = job->answer(question, context);
  Matrix expected(9, 2);
  for (Index j = 0; j < 2; ++j) {
    const std::uint32_t index = context.images[static_cast<std::size_t>(j)];
    data->test.gather({&index, 1}, columns(expected, j, 1));
    const std::span<Scalar> image(expected.col(j).data(), 9);
    corrupt({corruption_from_name("masking"), Scalar(0.5)},
            Random(7, RandomStream::kViewNoise, 0, index), image, image, data->range);
  }
  CHECK(answer.arrays[1].name == "reconstructed");
  const Bytes bytes = image_bytes(expected, data->range);
  const Bytes& found = std::get<Bytes>(answer.arrays[1].values);
  REQUIRE(found.size() == bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i)
    CHECK(std::abs(int{found[i]} - int{bytes[i]}) <= 1);
  // There is nobody to hold it against.
  JobArguments angles("pca", R"({"angles":true})");
  CHECK_THROWS_WITH_AS(job->answer(angles, context),
                       "There is no network that could be held against PCA.", Error);
}

TEST_CASE("one PCA serves every smaller code, and a wide code gets a wide one") {
  Driver driver;
  use_linear_network(driver, "3");
  CHECK(fields_of(finished(driver, "pca"))["components"] == 32);
  driver.send(CancelJob{1});
  use_linear_network(driver, "40");
  driver.send(Reset{});
  driver.settle();
  CHECK(fields_of(finished(driver, "pca"))["components"] == 40);
}

TEST_CASE("a linear network turns towards the subspace of PCA as it learns") {
  Driver driver;
  use_linear_network(driver, "2");
  finished(driver, "pca");
  const auto largest = [&] {
    const auto fields = fields_of(answered(driver, R"({"angles":true})"));
    CHECK(fields["dimensions"] == 2);
    CHECK(fields["mean_angle_degrees"].get<double>() <= fields["angle_degrees"].get<double>());
    return fields["angle_degrees"].get<double>();
  };
  const double untrained = largest();
  CHECK(untrained > 60);
  driver.run_epochs(250);
  CHECK(largest() < untrained / 2);
  // Of the network there is, not of the one that there was.
  driver.send(Reset{});
  driver.settle();
  CHECK(largest() == untrained);
  driver.set("model.decoder", std::string(R"([{"units":"input","activation":"sigmoid"}])"));
  driver.send(Reset{});
  driver.settle();
  CHECK(contains(refused_question(driver, R"({"angles":true})"), "decoder.0 of this one"));
}

TEST_CASE("PCA finds and answers in the same bits on any number of threads, beside training") {
  tests::check_same_bits("pca", R"({"components":6})", R"({"images":[3,1,149],"components":4})");
}

TEST_CASE("PCA refuses a question that it has no answer to") {
  Driver driver;
  finished(driver, "pca", R"({"components":6})");
  CHECK(contains(refused_question(driver, R"({"components":7})"), "from 1 to 6, not 7"));
  for (const char* images : {"[150]", "[-1]", "[1.5]", "[\"a\"]", "3", "[[1]]", "{}"}) {
    CAPTURE(std::string(images));
    CHECK(
        contains(refused_question(driver, "{\"images\":" + std::string(images) + "}"),
                 "'images' of the job 'pca' must be a list of at most 256 whole numbers from 0 to "
                 "149, not "));
  }
  std::string many = "[0";
  for (std::size_t i = 0; i < kMaxPcaImages; ++i) many += ",0";
  CHECK(contains(refused_question(driver, "{\"images\":" + many + "]}"), "at most 256"));
  CHECK(contains(refused_question(driver, R"({"image":3})"),
                 "it takes components, images, noise, level, seed, angles"));
  CHECK(tests::bytes_of(answered(driver, R"({"images":[]})"), "reconstructed").empty());
}
