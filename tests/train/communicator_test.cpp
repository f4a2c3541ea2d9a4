// Several processes that train one model: they must make of it what one process makes.
#include "core/train/communicator.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/session/engine/training_run.h"
#include "core/session/settings/presets.h"
#include "tests/support/small_data.h"
#include "tests/support/thread_communicator.h"
#include "tests/support/worst.h"

using namespace hourglass;
using session::Settings;
using session::TrainingRun;
using tests::run_ranks;

namespace {

constexpr double kClose = sizeof(Scalar) == 4 ? 1e-5 : 1e-12;

struct Outcome {
  ParameterBuffer parameters;
  std::vector<EpochMetrics> history;
};

using Pairs = std::vector<std::pair<const char*, session::Value>>;

Settings settings_of(const char* preset, const Pairs& pairs) {
  Settings settings;
  session::apply_preset(session::find_preset(preset), settings);
  for (const auto& [key, value] : pairs) settings.set(key, value);
  return settings;
}

Outcome trained(const Settings& settings, const DatasetPointer& data, Communicator* communicator) {
  ThreadPool pool(1);
  TrainingRun run(settings, data, pool, communicator);
  while (run.history().size() < 2) run.advance();
  return {run.trainer().state().parameters, run.history()};
}

bool same_bits(const Vector& a, const Vector& b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(Scalar)) == 0;
}

void check_near(double a, double b) {
  CHECK(std::abs(a - b) <= kClose * std::max(1.0, std::abs(b)));
}

// Mini-batches of 130, 130 and 40: with short chunks, and of two chunks where there are more
// processes.
DatasetPointer small_images() {
  static const DatasetPointer data = tests::random_dataset({1, 28, 28}, 300, 150);
  return data;
}

// How far the parameters of 2, 3 and 4 processes are from those of one.
double distance_over_ranks(const Settings& settings) {
  const Outcome alone = trained(settings, small_images(), nullptr);
  double distance = 0;
  for (const int ranks : {1, 2, 3, 4}) {
    CAPTURE(ranks);
    std::vector<Outcome> outcomes(static_cast<std::size_t>(ranks));
    run_ranks(ranks, [&](Communicator& communicator) {
      outcomes[static_cast<std::size_t>(communicator.rank())] =
          trained(settings, small_images(), &communicator);
    });
    for (const Outcome& outcome : outcomes) {
      CHECK(same_bits(outcome.parameters, outcomes.front().parameters));
      REQUIRE(outcome.history.size() == alone.history.size());
      for (std::size_t epoch = 0; epoch < alone.history.size(); ++epoch) {
        const EpochMetrics &a = outcome.history[epoch], &b = alone.history[epoch];
        check_near(a.train_loss, b.train_loss);
        check_near(a.train_penalty, b.train_penalty);
        check_near(a.test_loss, b.test_loss);
        check_near(a.test_penalty, b.test_penalty);
        CHECK(a.test_loss == outcomes.front().history[epoch].test_loss);
        CHECK(a.train_loss == outcomes.front().history[epoch].train_loss);
      }
    }
    if (ranks == 1) CHECK(same_bits(outcomes.front().parameters, alone.parameters));
    tests::worsen(distance,
                  tests::largest_difference(outcomes.front().parameters, alone.parameters));
  }
  return distance;
}

}  // namespace

TEST_CASE("several processes make of every kind of model what one makes") {
  // Adam and its kin divide a gradient by its own size, and make a large difference of a rounding
  // error where it is almost 0; plain steps show how close the gradients are.
  const Pairs plain = {{"train.batch_size", std::int64_t{130}},
                       {"train.optimizer", std::string("sgd")},
                       {"train.learning_rate", 0.05},
                       {"train.momentum", 0.5}};
  struct Case {
    const char* preset;
    Pairs pairs;
  };
  const std::vector<Case> cases = {
      {"vanilla", {}},
      {"deep", {}},
      {"sparse", {}},
      {"vanilla",
       {{"model.encoder", std::string(R"([{"units":16,"activation":"sigmoid"}])")},
        {"penalty.sparsity", 0.5}}},
      {"vanilla", {{"penalty.weight_l2", 0.01}, {"penalty.activity_l1", 0.001}}},
      {"vanilla", {{"train.clip_norm", 0.05}}},
      {"denoising", {}},
      {"tied-denoising", {}},
      {"tied-dropout", {}},
      {"vae", {}},
      {"contractive", {}},
      {"k-sparse", {}},
      {"convolutional", {}},
  };
  for (const Case& one : cases) {
    Settings settings = settings_of(one.preset, plain);
    for (const auto& [key, value] : one.pairs) settings.set(key, value);
    CAPTURE(one.preset);
    CAPTURE(one.pairs.size());
    CHECK(distance_over_ranks(settings) <= kClose);
  }
}

TEST_CASE("several processes have the losses of one with every optimizer") {
  for (const char* optimizer : {"adam", "adadelta", "rmsprop"}) {
    CAPTURE(optimizer);
    distance_over_ranks(settings_of("deep", {{"train.batch_size", std::int64_t{130}},
                                             {"train.optimizer", std::string(optimizer)},
                                             {"train.learning_rate", 0.001},
                                             {"train.clip_norm", 1.0}}));
  }
}

TEST_CASE("a run that diverges does so in all processes, with the same last good parameters") {
  const Settings settings =
      settings_of("vanilla", {{"model.loss", std::string("mse")},
                              {"model.encoder", std::string(R"([{"units":8}])")},
                              {"model.decoder", std::string(R"([{"units":"input"}])")},
                              {"train.optimizer", std::string("sgd")},
                              {"train.learning_rate", 10.0}});
  std::vector<ParameterBuffer> kept(3);
  std::vector<std::string> sentences(3);
  run_ranks(3, [&](Communicator& communicator) {
    ThreadPool pool(1);
    TrainingRun run(settings, small_images(), pool, &communicator);
    const auto rank = static_cast<std::size_t>(communicator.rank());
    try {
      for (int i = 0; i < 3000; ++i) run.advance();
    } catch (const Diverged& diverged) {
      sentences[rank] = diverged.what();
    }
    kept[rank] = run.trainer().state().parameters;
  });
  CHECK(sentences[0].find("no longer finite") != std::string::npos);
  for (const std::size_t rank : {1u, 2u}) {
    CHECK(sentences[rank] == sentences[0]);
    CHECK(same_bits(kept[rank], kept[0]));
  }
}

namespace {

// The first of two processes whose other one dies at the given call.
class DyingExchange : public Communicator {
 public:
  explicit DyingExchange(int calls) : calls_(calls) {}
  int rank() const override { return 0; }
  int ranks() const override { return 2; }
  void all_reduce(std::span<float> values) override { spoil(values); }
  void all_reduce(std::span<double> values) override { spoil(values); }
  void broadcast(std::span<Scalar>) override { count(); }
  int calls_left() const { return calls_; }

 private:
  template <typename Number>
  void spoil(std::span<Number> values) {
    if (calls_ == 1) std::fill(values.begin(), values.end(), Number(7));
    count();
  }
  void count() {
    if (--calls_ == 0) throw std::runtime_error("gone");
  }

  int calls_;
};

}  // namespace

TEST_CASE(
    "when another process dies, the last whole mini-batch is there to be saved and gone on from") {
  const Settings settings = settings_of("deep", {{"train.batch_size", std::int64_t{130}}});
  // What the run is like after so many steps, and how many calls an epoch makes, if nobody dies.
  std::vector<ParameterBuffer> whole;
  int epoch_calls = 0;
  {
    constexpr int kNever = 1 << 20;
    DyingExchange communicator(kNever);
    ThreadPool pool(1);
    TrainingRun run(settings, small_images(), pool, &communicator);
    whole.push_back(run.trainer().state().parameters);
    while (!run.evaluating()) {
      run.advance();
      whole.push_back(run.trainer().state().parameters);
    }
    epoch_calls = kNever - communicator.calls_left();
  }
  // At the end: the evaluation, and whether all is finite.
  for (int calls = 1; calls <= epoch_calls + 7; ++calls) {
    CAPTURE(calls);
    DyingExchange communicator(calls);
    ThreadPool pool(1);
    TrainingRun run(settings, small_images(), pool, &communicator);
    std::int64_t before = 0;
    bool died = false;
    while (!died && run.history().empty()) {
      before = run.trainer().state().step;
      try {
        run.advance();
      } catch (const std::runtime_error&) {
        died = true;
      }
    }
    REQUIRE(died);
    // Each step is done or not begun; what looks at one that is done comes after it.
    const std::int64_t step = run.trainer().state().step;
    CHECK((step == before || step == before + 1));
    REQUIRE(step < std::ssize(whole));
    CHECK(same_bits(run.trainer().state().parameters, whole[static_cast<std::size_t>(step)]));
    CHECK(run.evaluating() == (calls > epoch_calls));
    run.leave_group();
    const auto bytes = run.save(settings);
    CHECK(run.history().size() == (calls > epoch_calls ? 1 : 0));
    CHECK(std::isfinite(run.trainer().step().loss));
    TrainingRun again(settings, small_images(), pool);
    again.resume(read_safetensors(bytes, "the file"), {});
    CHECK(again.trainer().state().step == step);
    CHECK(same_bits(again.trainer().state().parameters, whole[static_cast<std::size_t>(step)]));
  }
}
