// The jobs that train networks of their own: "anomaly" and "sweep".
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/analysis/left_out_class.h"
#include "core/analysis/reconstruction_errors.h"
#include "core/session/engine/code_sweep.h"
#include "core/session/engine/data_supply.h"
#include "tests/data/expect_error.h"
#include "tests/support/job_results.h"
#include "tests/support/small_data.h"

using namespace hourglass;
using namespace hourglass::session;
using namespace hourglass::tests;

namespace {

// The data and the settings of a driver's session.
struct Twin {
  ThreadPool pool{2};
  Settings settings;
  DatasetPointer data;

  explicit Twin(const Driver& driver) {
    for (const auto& [key, value] : driver.settings.values) settings.set(key, value);
    data = prepared_data(drawn_strokes(settings, pool), settings);
  }
};

// A small network that learns soon.
const SetSettings kSmall{
    {{"model.encoder", std::string(R"([{"units":8,"activation":"relu"}])")},
     {"model.decoder", std::string(R"([{"units":"input","activation":"sigmoid"}])")},
     {"train.optimizer", std::string("adam")},
     {"train.learning_rate", 0.01},
     {"train.batch_size", std::int64_t{50}}}};

struct SmallDriver : Driver {
  explicit SmallDriver(int threads = 1) : Driver(threads) {
    send(kSmall);
    settle();
  }
};

std::vector<double> doubles(const Floats& floats) { return {floats.begin(), floats.end()}; }

// What so many mini-batches made of the run.
std::pair<Bytes, Floats> trained(SmallDriver& driver, std::int64_t steps) {
  driver.send(Step{steps});
  driver.settle();
  CHECK(driver.status.step == steps);
  return {*driver.shown.reconstructed, *driver.shown.activations};
}

}  // namespace

TEST_CASE("anomaly: the scores are those of a run that has never seen the class") {
  SmallDriver driver;
  const JobResult found = finished(driver, "anomaly", R"({"class":3,"epochs":2})");
  const auto fields = fields_of(found);
  const auto order = indices_of(found, "order");
  const Floats scores = floats_of(found, "scores");
  const Bytes anomalous = bytes_of(found, "anomalous");
  REQUIRE(order.size() == 150);
  CHECK(std::is_sorted(scores.begin(), scores.end()));

  Twin twin(driver);
  twin.settings.set("train.epochs", std::int64_t{2});
  const auto normal = std::make_shared<const Dataset>(without_class(*twin.data, 3));
  CHECK(normal->train.count() < 600);
  CHECK(normal->train.factors.front().size() == normal->train.labels.size());
  TrainingRun run(twin.settings, normal, twin.pool);
  while (run.advance().stop == StopReason::kNone) continue;
  ReconstructionErrors errors(run.model(), twin.data->test, twin.pool);
  while (errors.advance(run.parameters())) continue;
  double normal_mse = 0, anomalies = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    CHECK(scores[i] == static_cast<float>(errors.errors()[order[i]]));
    CHECK((anomalous[i] == 1) == (twin.data->test.labels[order[i]] == 3));
    anomalies += anomalous[i];
    if (anomalous[i] == 0) normal_mse += errors.errors()[order[i]];
  }
  CHECK(fields["epochs"] == 2);
  CHECK(fields["anomalies"] == anomalies);
  CHECK(fields["normal_mse"].get<double>() == doctest::Approx(normal_mse / (150 - anomalies)));
  const RocCurve curve = roc_curve(doubles(scores), anomalous);
  CHECK(fields["auc"].get<double>() == doctest::Approx(curve.area).epsilon(1e-4));
  // At most a twentieth of the training samples is above the threshold.
  ReconstructionErrors seen(run.model(), normal->train, twin.pool);
  while (seen.advance(run.parameters())) continue;
  CHECK(fields["threshold"].get<double>() == score_quantile(seen.errors(), 0.95));
}

TEST_CASE("anomaly: each epoch is told, then the peers") {
  SmallDriver driver;
  const JobResult found = finished(driver, "anomaly", R"({"class":1,"epochs":3,"wide":100})");
  std::vector<double> epochs;
  for (const JobResult& result : driver.job_results) {
    epochs.push_back(fields_of(result)["epochs"].get<double>());
  }
  CHECK(epochs == std::vector<double>{1, 2, 3, 3, 3});
  CHECK(fields_of(driver.job_results[2])["pca_auc"].is_null());
  const auto fields = fields_of(found);
  CHECK(fields["code_size"] == 8);
  CHECK(fields["wide_size"] == 100);
  for (const char* area : {"auc", "pca_auc", "wide_auc"}) {
    CHECK(fields[area].get<double>() > 0);
    CHECK(fields[area].get<double>() <= 1);
  }
  for (const char* name : {"roc", "pca_roc", "wide_roc"}) {
    const Floats roc = floats_of(found, name);
    REQUIRE(roc.size() >= 4);
    CHECK(roc[0] == 0);
    CHECK(roc[1] == 0);
    CHECK(roc[roc.size() - 2] == 1);
    CHECK(roc.back() == 1);
  }
  const auto best = indices_of(found, "best_indices");
  REQUIRE(best.size() == 8);
  const Floats errors = floats_of(found, "best_errors");
  CHECK(std::is_sorted(errors.begin(), errors.end()));
  CHECK(bytes_of(found, "best_restored").size() == 8 * 784);
  CHECK(bytes_of(found, "wide_restored") != bytes_of(found, "best_restored"));
  double share = 0;
  for (const JobProgress& progress : driver.job_progress) {
    CHECK(progress.share >= share);
    share = progress.share;
  }
  CHECK(share == 1);
}

TEST_CASE("anomaly: the samples next to a threshold") {
  SmallDriver driver;
  const JobResult found = finished(driver, "anomaly", R"({"class":0,"epochs":1})");
  const Floats scores = floats_of(found, "scores");
  const auto order = indices_of(found, "order");
  const double between = (static_cast<double>(scores[70]) + static_cast<double>(scores[71])) / 2;
  const auto question = nlohmann::json{{"threshold", between}, {"count", 3}}.dump();
  const JobResult answer = answered(driver, question);
  CHECK(indices_of(answer, "below_indices") ==
        std::vector<std::uint32_t>{order[70], order[69], order[68]});
  CHECK(indices_of(answer, "above_indices") ==
        std::vector<std::uint32_t>{order[71], order[72], order[73]});
  CHECK(floats_of(answer, "above_errors") == Floats{scores[71], scores[72], scores[73]});
  CHECK(bytes_of(answer, "below_restored").size() == 3 * 784);
  const Bytes anomalous = bytes_of(found, "anomalous");
  CHECK(bytes_of(answer, "above_anomalous") == Bytes{anomalous[71], anomalous[72], anomalous[73]});
  // Beyond either end there are none.
  const JobResult none = answered(driver, R"({"threshold":0})");
  CHECK(indices_of(none, "below_indices").empty());
  CHECK(indices_of(none, "above_indices").size() == 8);
  CHECK(indices_of(answered(driver, R"({"threshold":1e9})"), "above_indices").empty());
}

TEST_CASE("anomaly: what it cannot do is one sentence") {
  SmallDriver driver;
  CHECK(contains(refusal(driver, "anomaly", R"({"class":10})"), "from 0 to 9"));
  CHECK(contains(refusal(driver, "anomaly", R"({"epochs":0})"), "from 1 to 100000"));
  ThreadPool pool(1);
  Settings settings;
  auto data = std::make_shared<Dataset>(*random_dataset({1, 1, 4}, 20, 8));
  const auto sentence = [&](const char* arguments) {
    const JobContext context{
        .data = data, .model = nullptr, .settings = settings, .images = {}, .pool = pool};
    return error_of([&] { make_job(find_job_kind(job_kinds(), "anomaly"), arguments, context); });
  };
  std::replace(data->test.labels.begin(), data->test.labels.end(), 2, 0);
  CHECK(contains(sentence(R"({"class":2})"), "No held-out sample is of the class 'c'"));
  data->class_names = {"a"};
  CHECK(contains(sentence(""), "one class only"));
  data->test.labels.clear();
  CHECK(contains(sentence(""), "has no classes"));
}

TEST_CASE("jobs that train leave the run as it is") {
  SmallDriver alone;
  const auto expected = trained(alone, 20);
  SmallDriver beside;
  beside.send(StartJob{"sweep", R"({"largest":2,"epochs":1})", 1});
  beside.send(StartJob{"anomaly", R"({"epochs":1})", 2});
  CHECK(trained(beside, 20) == expected);
  CHECK(beside.job_results.size() >= 4);
}

TEST_CASE("anomaly and sweep: the same bits on any number of threads") {
  check_same_bits("anomaly", R"({"class":2,"epochs":1})", R"({"count":4})");
  check_same_bits("sweep", R"({"largest":2,"epochs":1})");
}

TEST_CASE("sweep: each size is a run of its own, told when it is done") {
  SmallDriver driver;
  const JobResult found = finished(driver, "sweep", R"({"largest":6,"epochs":2})");
  REQUIRE(driver.job_results.size() == 4);
  const auto fields = fields_of(found);
  CHECK(fields["sizes"] == nlohmann::json{1, 2, 4, 6});
  CHECK(fields_of(driver.job_results[1])["sizes"] == nlohmann::json{1, 2});
  CHECK(fields_of(driver.job_results[1])["size"] == 4);
  CHECK(fields["size"] == 0);
  CHECK(fields["present"] == 8);
  CHECK(fields["epochs"] == nlohmann::json{2, 2, 2, 2});
  CHECK(fields["mean_image_mse"].get<double>() > fields["pca_mse"][0].get<double>());
  CHECK(fields["pca_mse"][0].get<double>() > fields["pca_mse"][3].get<double>());
  const std::size_t images = indices_of(found, "image_indices").size();
  CHECK(bytes_of(found, "restored").size() == 4 * images * 784);
  CHECK(floats_of(found, "image_errors").size() == 4 * images);

  // What it says to load is what it trained.
  Twin twin(driver);
  twin.settings.set("model.encoder", fields["encoders"][2].get<std::string>());
  twin.settings.set("model.decoder", fields["decoder"].get<std::string>());
  twin.settings.set("train.epochs", std::int64_t{2});
  TrainingRun run(twin.settings, twin.data, twin.pool);
  CHECK(run.model().code_size() == 4);
  while (run.advance().stop == StopReason::kNone) continue;
  CHECK(run.history().back().test_mse == fields["test_mse"][2].get<double>());
}

TEST_CASE("sweep: a size that diverges is a point without numbers") {
  SmallDriver driver;
  driver.send(SetSettings{{{"train.optimizer", std::string("sgd")},
                           {"train.learning_rate", 10.0},
                           {"model.encoder", std::string(R"([{"units":8}])")},
                           {"model.decoder", std::string(R"([{"units":"input"}])")},
                           {"model.loss", std::string("sse")}}});
  driver.settle();
  REQUIRE(driver.failures.empty());
  const auto fields = fields_of(finished(driver, "sweep", R"({"largest":2,"epochs":1})"));
  CHECK(fields["sizes"].size() == 2);
  CHECK(fields["test_mse"][0].is_null());
  CHECK(fields["pca_mse"][0].is_number());
  CHECK(fields["elbow"].is_null());
}

TEST_CASE("sweep: a code without a number of units is refused") {
  Driver driver;
  driver.send(
      SetSettings{{{"model.encoder",
                    std::string(R"([{"type":"convolution","channels":2},{"type":"max-pool"}])")},
                   {"model.decoder",
                    std::string(R"([{"type":"unpool"},{"type":"convolution","channels":1}])")}}});
  driver.settle();
  CHECK(contains(refusal(driver, "sweep"), "a sweep needs a code of a dense or a gaussian layer"));
}
