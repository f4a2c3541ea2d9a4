// The job "pretrain".
#include <doctest/doctest.h>

#include "core/session/engine/build.h"
#include "core/session/engine/data_supply.h"
#include "core/session/engine/pretraining_run.h"
#include "tests/data/expect_error.h"
#include "tests/support/job_results.h"

using namespace hourglass;
using namespace hourglass::session;
using namespace hourglass::tests;

namespace {

const SetSettings kTwoLayers{
    {{"model.encoder",
      std::string(R"([{"units":800,"activation":"sigmoid"},{"type":"layer-norm"},{"units":6}])")},
     {"model.decoder",
      std::string(
          R"([{"units":800,"activation":"relu"},{"units":"input","activation":"sigmoid"}])")},
     {"train.batch_size", std::int64_t{60}}}};
constexpr const char* kShort = R"({"labels":30,"epochs":2,"steps":6,"seeds":2,"seed":5})";

struct PretrainDriver : Driver {
  explicit PretrainDriver(int threads = 1) : Driver(threads) {
    send(kTwoLayers);
    settle();
  }
};

}  // namespace

TEST_CASE("pretrain: layers light up one after the other, then the curve grows") {
  PretrainDriver driver;
  const JobResult found = finished(driver, "pretrain", kShort);
  std::vector<int> stages;
  std::size_t points = 0;
  for (const JobResult& result : driver.job_results) {
    const auto fields = fields_of(result);
    const int stage = fields["stage"].get<int>();
    if (stages.empty() || stages.back() != stage) stages.push_back(stage);
    const std::vector<int> lit = fields["lit"];
    if (stage == 0) CHECK(lit == std::vector<int>{0, 1, 4});
    if (stage == 1) CHECK(lit == std::vector<int>{2, 3});
    if (stage < 0) CHECK(lit.empty());
    CHECK(fields["starts"].size() >= points);
    points = fields["starts"].size();
    CHECK(fields["network_layers"] == 5);
  }
  CHECK(stages == std::vector<int>{0, 1, -1, 0, 1, -1});
  const auto fields = fields_of(found);
  CHECK(points == 2 * 2 * 4);  // 10 and 30 labels
  CHECK(fields["layers"] == nlohmann::json{"encoder.0", "encoder.2"});
  CHECK(fields["losses"][1].size() == 2);
  CHECK(!fields.contains("seed"));
  CHECK(fields["curve_starts"].size() == 8);
  CHECK(fields["counts"][0] == 2);
  // 800 units of 784 pixels, without noise.
  REQUIRE(fields["notes"].size() == 1);
  CHECK(contains(fields["notes"][0].get<std::string>(), "encoder.0"));
  double share = 0;
  for (const JobProgress& progress : driver.job_progress) {
    CHECK(progress.share >= share);
    share = progress.share;
  }
  CHECK(share > 0.9);

  // What it finds is what the computation finds by itself.
  ThreadPool pool(2);
  Settings settings;
  for (const auto& [key, value] : driver.settings.values) settings.set(key, value);
  const DatasetPointer data = prepared_data(drawn_strokes(settings, pool), settings);
  settings.set("train.epochs", std::int64_t{2});
  FewLabelsSpec spec = few_labels_spec(settings, data->train.count());
  spec.labels = {10, 30};
  spec.steps = 6;
  spec.seeds = {5, 6};
  FewLabels few(model_spec(settings), data, spec, pool);
  while (few.advance()) continue;
  for (std::size_t i = 0; i < points; ++i) {
    CHECK(fields["accuracies"][i].get<double>() == few.points()[i].accuracy);
  }
}

TEST_CASE("pretrain: the same bits beside training on any number of threads") {
  check_same_bits("pretrain", R"({"labels":10,"epochs":1,"steps":2,"seeds":1})");
}

TEST_CASE("pretrain: networks and numbers of labels that will not do are refused") {
  PretrainDriver driver;
  CHECK(contains(refusal(driver, "pretrain", R"({"labels":5})"), "10 classes need at least 10"));
  driver.send(SetSettings{
      {{"model.decoder", std::string(R"([{"units":"input","activation":"sigmoid"}])")}}});
  driver.settle();
  CHECK(contains(refusal(driver, "pretrain"), "must mirror the encoder"));
}
