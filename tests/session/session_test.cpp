#include "core/session/engine/session.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <new>

#include "core/base/error.h"
#include "core/formats/idx.h"
#include "core/math/simd/kernels.h"
#include "tests/support/each_kernels.h"
#include "tests/support/session_driver.h"

using namespace hourglass;
using namespace hourglass::session;
using tests::Driver;
using namespace std::chrono_literals;

namespace {

Bytes idx_images(std::uint32_t count, std::uint8_t value) {
  Bytes bytes = {0, 0, 8, 3, 0, 0, 0, static_cast<std::uint8_t>(count), 0, 0, 0, 28, 0, 0, 0, 28};
  bytes.resize(16 + count * 784, value);
  return bytes;
}
Bytes idx_labels(std::uint32_t count) {
  Bytes bytes = {0, 0, 8, 1, 0, 0, 0, static_cast<std::uint8_t>(count)};
  bytes.resize(8 + count, 3);
  return bytes;
}
ProvideData small_mnist() {
  return {"mnist", idx_images(40, 200), idx_labels(40), idx_images(20, 100), idx_labels(20)};
}

}  // namespace

TEST_CASE("a session comes up with Strokes, untrained and paused, and shows it") {
  Driver driver;
  CHECK(driver.failures.empty());
  CHECK(driver.status.phase == Phase::kPaused);
  CHECK(driver.status.step == 0);
  CHECK(driver.data.name == "strokes");
  CHECK(driver.data.train_count == 600);
  CHECK(driver.data.map_points == 150);
  CHECK(driver.data.map_labels.size() == 150);
  CHECK(driver.data.factors.size() >= 7);
  CHECK(driver.data.map_factors.size() == driver.data.factors.size() * 150);
  CHECK(driver.network.code_size == 32);
  CHECK(driver.network.parameters == 784 * 32 + 32 + 32 * 784 + 784);
  CHECK(driver.network.engine == "test");
  CHECK(driver.network.threads == 1);
  REQUIRE(driver.shown.originals);
  CHECK(driver.shown.originals->size() == 20 * 784);
  CHECK(*driver.shown.originals == *driver.shown.corrupted);
  CHECK(driver.shown.reconstructed->size() == 20 * 784);
  CHECK(driver.shown.map_points->size() == 300);
}

TEST_CASE(
    "running trains: the loss falls, metrics and pictures follow, however fast the machine is") {
  std::chrono::microseconds tick{0};
  SUBCASE("fast") { tick = 50us; }
  SUBCASE("usual") { tick = 1ms; }
  SUBCASE("slow") { tick = 40ms; }
  Driver driver(2, tick);
  driver.set("train.batch_size", std::int64_t{32});
  driver.settle();
  const Shared<Floats> map = driver.shown.map_points;
  const Shared<Floats> errors = driver.shown.image_errors;
  driver.run_epochs(6);
  CHECK(driver.status.phase == Phase::kPaused);
  CHECK(driver.epochs.size() >= 6);
  CHECK(driver.epochs.back().test_loss < 0.8 * driver.epochs.front().test_loss);
  CHECK(driver.losses.size() >= 6);
  CHECK(driver.losses.back().loss < 0.7 * driver.losses.front().loss);
  CHECK(driver.shown.map_points != map);
  CHECK(driver.shown.image_errors->at(0) < errors->at(0));
  CHECK(driver.shown.step == driver.status.step);
}

TEST_CASE(
    "viewing noise changes the corrupted images at once, paused or not, and not the originals") {
  Driver driver;
  const Shared<Bytes> originals = driver.shown.originals;
  const Bytes before = *driver.shown.reconstructed;
  driver.set("view.noise.level", 0.5);
  driver.settle();
  CHECK(*driver.shown.corrupted != *originals);
  CHECK(driver.shown.originals == originals);
  CHECK(*driver.shown.reconstructed != before);
  const Bytes noisy = *driver.shown.corrupted;
  driver.set("view.noise.level", 0.0);
  driver.settle();
  CHECK(*driver.shown.corrupted == *originals);
  driver.set("view.noise.level", 0.5);
  driver.settle();
  CHECK(*driver.shown.corrupted == noisy);  // the same noise again
  driver.set("view.image_set", std::int64_t{3});
  driver.settle();
  CHECK(*driver.shown.originals != *originals);
  CHECK(driver.status.step == 0);
}

TEST_CASE("steps and epochs are counted exactly") {
  Driver driver;
  driver.set("train.batch_size", std::int64_t{100});
  driver.settle();
  CHECK(driver.status.pending_reset.empty());  // nothing was trained yet, so nothing has to wait
  driver.send(Step{1});
  driver.settle();
  CHECK(driver.status.step == 1);
  CHECK(driver.status.phase == Phase::kPaused);
  CHECK(driver.losses.size() == 1);
  driver.send(Step{3});
  driver.settle();
  CHECK(driver.status.step == 4);
  driver.send(FinishEpoch{});
  driver.settle();
  CHECK(driver.status.step == 6);
  CHECK(driver.epochs.size() == 1);
  driver.set("train.epochs", std::int64_t{2});
  driver.send(session::Run{});
  driver.settle();
  CHECK(driver.status.phase == Phase::kFinished);
  CHECK(driver.epochs.size() == 2);
  driver.send(Step{1});  // and on past the end, if somebody wants to
  driver.settle();
  CHECK(driver.status.step == 13);
  driver.send(Step{-1});
  CHECK(driver.failures.size() == 1);
}

TEST_CASE("reset gives the same start and the same run; a new seed another") {
  Driver driver(2);
  const auto run = [&] {
    const Bytes start = *driver.shown.reconstructed;
    driver.send(Step{5});
    driver.settle();
    return std::pair(start, *driver.shown.reconstructed);
  };
  const auto first = run();
  driver.send(Reset{});
  driver.settle();
  CHECK(driver.status.step == 0);
  CHECK(driver.losses.empty());
  CHECK(run() == first);
  driver.send(NewSeed{});
  driver.settle();
  CHECK(std::get<std::int64_t>(driver.setting("train.seed")) == 2);
  CHECK(run().first != first.first);
}

TEST_CASE("settings that need a reset wait for it, the others act at once") {
  Driver driver;
  driver.send(Step{2});
  driver.settle();
  driver.set("model.loss", std::string("mse"));
  driver.set("train.learning_rate", 0.5);
  CHECK(driver.status.pending_reset == std::vector<std::string>{"model.loss"});
  driver.send(Step{1});
  driver.settle();
  CHECK(driver.losses.back().loss > 0.2);  // still cross-entropy
  driver.send(Reset{});
  driver.settle();
  CHECK(driver.status.pending_reset.empty());
  driver.send(Step{1});
  driver.settle();
  CHECK(driver.losses.back().loss < 0.3);
}

TEST_CASE("wrong commands are answered with a sentence and change nothing") {
  Driver driver;
  const auto before = driver.settings.values;
  driver.send(SetSetting{"train.learning_rate", 1000.0}, 7);
  driver.send(SetSetting{"train.speed", 1.0}, 8);
  driver.send(SetSetting{"model.encoder", std::string("[{}]")}, 9);
  driver.send(LoadPreset{"nothing"}, 10);
  driver.send(Decode{{1, 2, 3}}, 11);
  driver.send(LoadCheckpoint{{1, 2, 3}}, 12);
  driver.settle();
  REQUIRE(driver.failures.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(driver.failures[i].id == 7 + i);
    CHECK(driver.failures[i].message.size() > 20);
  }
  CHECK(driver.replies.empty());
  CHECK(driver.settings.values == before);
  driver.send(Step{1}, 13);
  CHECK(driver.replies.size() == 1);
  CHECK(driver.replies[0].id == 13);
}

TEST_CASE("an encoder and a decoder that fit only together can be set one after the other") {
  Driver driver;
  driver.set("model.decoder", std::string(R"([{"units":10,"activation":"relu"}])"));
  driver.settle();
  CHECK(driver.status.pending_reset == std::vector<std::string>{"model.decoder"});
  CHECK(driver.network.code_size == 32);
  driver.set("model.decoder",
             std::string(
                 R"([{"units":10,"activation":"relu"},{"units":"input","activation":"sigmoid"}])"));
  driver.set("model.encoder", std::string(R"([{"units":2,"activation":"linear"}])"));
  driver.settle();
  CHECK(driver.status.pending_reset.empty());
  CHECK(driver.network.code_size == 2);
  CHECK(driver.network.layers.size() == 3);
}

TEST_CASE("a preset asks for its data, uses it, and falls back to what there was without it") {
  Driver driver;
  driver.send(LoadPreset{"deep"});
  driver.settle();
  CHECK(driver.wanted == std::vector<std::string>{"mnist"});
  CHECK(driver.status.phase == Phase::kWaitingForData);
  driver.send(small_mnist());
  driver.settle();
  CHECK(driver.data.name == "mnist");
  CHECK(driver.data.train_count == 40);
  CHECK(driver.network.layers.size() == 6);
  CHECK(driver.shown.originals->at(0) == 100);
  CHECK(driver.status.phase == Phase::kPaused);

  driver.set("data.set", std::string("fashion-mnist"));
  driver.settle();
  CHECK(driver.wanted.back() == "fashion-mnist");
  driver.send(DataFailed{"fashion-mnist", "Fashion-MNIST is not beside this page."});
  driver.settle();
  REQUIRE(driver.failures.size() == 1);
  CHECK(driver.failures[0].message == "Fashion-MNIST is not beside this page.");
  CHECK(std::get<std::string>(driver.setting("data.set")) == "mnist");
  driver.send(Step{1});
  driver.settle();
  CHECK(driver.status.step == 1);

  driver.set("data.set", std::string("fashion-mnist"));
  driver.settle();
  ProvideData damaged = small_mnist();
  damaged.name = "fashion-mnist";
  damaged.train_images.resize(100);
  driver.send(std::move(damaged));
  driver.settle();
  CHECK(driver.failures.size() == 2);
  CHECK(driver.data.name == "mnist");
}

TEST_CASE("run pressed while data is on its way trains on that data once it is there") {
  Driver driver;
  driver.send(LoadPreset{"vanilla"});
  driver.send(session::Run{});
  driver.settle();
  CHECK(driver.status.phase == Phase::kWaitingForData);
  CHECK(driver.status.step == 0);  // and the network from before does not train meanwhile
  driver.send(Step{1}, 4);
  CHECK(driver.failures.size() == 1);
  driver.set("train.epochs", std::int64_t{2});
  driver.send(small_mnist());
  driver.settle();
  CHECK(driver.data.name == "mnist");
  CHECK(driver.status.phase == Phase::kFinished);
  CHECK(driver.epochs.size() == 2);
}

TEST_CASE("without its data a preset runs on Strokes") {
  Driver driver;
  driver.send(LoadPreset{"vanilla"});
  driver.settle();
  driver.send(DataFailed{"mnist", "There is no MNIST here."});
  driver.settle();
  CHECK(driver.data.name == "strokes");
  driver.send(Step{1});
  driver.settle();
  CHECK(driver.status.step == 1);
}

TEST_CASE("a slow front end gets fewer snapshots, never a queue of them") {
  Driver driver;
  driver.acknowledge = false;
  const int before = driver.snapshots;
  driver.set("view.noise.level", 0.4);
  driver.settle();
  driver.set("view.noise.level", 0.5);
  driver.settle();
  driver.set("view.noise.level", 0.6);
  driver.settle();
  CHECK(driver.snapshots == before + 1);
  const Bytes first = *driver.shown.corrupted;
  driver.acknowledge = true;
  driver.send(SnapshotTaken{});
  driver.settle();
  CHECK(driver.snapshots == before + 2);
  CHECK(*driver.shown.corrupted != first);
}

TEST_CASE("decoding answers with images, by code and by place on the map") {
  Driver driver;
  driver.send(Decode{Floats(64, 0.5f)}, 5);
  driver.send(DecodeMap{{0.f, 0.f, 1.f, 2.f, -1.f, 0.f}}, 6);
  REQUIRE(driver.replies.size() == 2);
  CHECK(driver.replies[0].images.size() == 2 * 784);
  CHECK(driver.replies[1].images.size() == 3 * 784);
  for (const float pixel : driver.replies[1].images) {
    REQUIRE(pixel >= 0);
    REQUIRE(pixel <= 1);
  }
}

TEST_CASE("a checkpoint brings model, settings, history and weights back") {
  Driver driver;
  driver.set("train.learning_rate", 0.002);
  driver.run_epochs(2);
  driver.send(SaveCheckpoint{}, 1);
  const Bytes saved = driver.replies.at(0).checkpoint;
  const auto step = driver.status.step;
  const auto epochs = driver.epochs.size();
  const Bytes pictures = *driver.shown.reconstructed;
  driver.send(Step{3});
  driver.settle();
  const Bytes later = *driver.shown.reconstructed;

  Driver other(2);
  other.set("data.strokes_train", std::int64_t{500});
  other.settle();
  other.send(LoadCheckpoint{saved}, 2);
  other.settle();
  CHECK(other.failures.empty());
  CHECK(other.status.step == step);
  CHECK(other.epochs.size() == epochs);
  CHECK(std::get<double>(other.setting("train.learning_rate")) == 0.002);
  CHECK(other.data.train_count == 600);
  CHECK(*other.shown.reconstructed == pictures);
  other.send(Step{3});
  other.settle();
  CHECK(*other.shown.reconstructed == later);
}

TEST_CASE("an epoch that ended just before a pause or a save gets its metrics") {
  for (const bool save : {false, true}) {
    Driver driver;
    driver.set("train.batch_size", std::int64_t{600});  // one mini-batch is an epoch
    driver.settle();
    driver.send(Step{1});
    if (save) {
      driver.settle();
      driver.send(SaveCheckpoint{}, 1);
    }
    driver.settle();
    CHECK(driver.status.phase == Phase::kPaused);
    CHECK(driver.status.step == 1);
    CHECK(driver.epochs.size() == 1);
  }
}

TEST_CASE("a run for which there is no memory pauses with a sentence and can go on") {
  Driver driver;
  driver.settle();
  Kernels without_room = kernels();
  without_room.multiply = [](const ProductTask&) { throw std::bad_alloc(); };
  {
    const tests::KernelsRestored restored;
    use_kernels_for_test(without_room);
    driver.send(Step{1});
    driver.settle();
  }
  REQUIRE(!driver.failures.empty());
  CHECK(driver.failures[0].message ==
        "There is not enough memory for that: use a smaller model or fewer images.");
  CHECK(driver.status.phase == Phase::kPaused);
  CHECK(driver.status.step == 0);
  driver.failures.clear();
  driver.send(Step{1});
  driver.settle();
  CHECK(driver.failures.empty());
  CHECK(driver.status.step == 1);
}

TEST_CASE("a run that diverges pauses with a sentence and can go on") {
  Driver driver;
  driver.set("model.loss", std::string("sse"));
  driver.set("model.decoder", std::string(R"([{"units":"input","activation":"linear"}])"));
  driver.set("train.optimizer", std::string("sgd"));
  driver.set("train.learning_rate", 10.0);
  driver.settle();
  driver.send(session::Run{});
  driver.settle();
  REQUIRE(driver.failures.size() == 1);
  CHECK(driver.failures[0].message.find("train.learning_rate") != std::string::npos);
  CHECK(driver.status.phase == Phase::kPaused);
  driver.set("train.learning_rate", 1e-5);
  driver.send(Step{1});
  driver.settle();
  CHECK(driver.failures.size() == 1);
}

TEST_CASE("what is wrong with a run is told after an epoch, and no longer after a reset") {
  Driver driver;
  driver.set("train.batch_size", std::int64_t{3});  // 200 steps an epoch
  driver.set("train.schedule", std::string("cosine"));
  driver.set("train.decay_steps", std::int64_t{1});
  driver.settle();
  // Before the first step what the settings say: it will be over at once.
  REQUIRE(driver.diagnoses.found.size() == 1);
  CHECK(driver.diagnoses.found[0].kind == "schedule_ends_early");
  CHECK(driver.diagnoses.found[0].evidence == std::vector<double>{1, 10000});
  driver.send(FinishEpoch{});
  driver.settle();
  REQUIRE_FALSE(driver.diagnoses.found.empty());
  const DiagnosisInfo first = driver.diagnoses.found.front();
  CHECK(first.kind == "schedule_over");
  CHECK(first.evidence == std::vector<double>{1, 200});
  CHECK(first.sentence.find("the schedule was over at step 1,") != std::string::npos);
  driver.send(Reset{});
  driver.settle();
  REQUIRE(driver.diagnoses.found.size() == 1);
  CHECK(driver.diagnoses.found[0].kind == "schedule_ends_early");
  driver.set("train.decay_steps", std::int64_t{0});  // told at once, without a step
  CHECK(driver.diagnoses.found.empty());
  CHECK(driver.failures.empty());
}

TEST_CASE("settings that make no run are told with the refusal, until they make one") {
  Driver driver;
  driver.send(FinishEpoch{});
  driver.settle();
  driver.set("data.scaling", std::string("signed"));  // the loss is bce
  driver.settle();
  REQUIRE(driver.failures.size() == 1);
  REQUIRE(driver.diagnoses.found.size() == 1);
  const DiagnosisInfo refusal = driver.diagnoses.found.front();
  CHECK(refusal.kind == "targets_outside_loss");
  CHECK(refusal.evidence == std::vector<double>{600, 600, -1});
  CHECK(refusal.sentence == driver.failures[0].message);  // said once by whoever shows both
  CHECK(driver.status.step > 0);                          // the run from before is there
  driver.set("data.scaling", std::string("unit"));
  driver.settle();
  CHECK(driver.diagnoses.found.empty());
  CHECK(driver.failures.size() == 1);
  // A loss that would be refused waits for a reset, and is told of at once in an untrained run.
  driver.send(Reset{});
  driver.send(SetSettings{
      {{"data.scaling", Value(std::string("signed"))}, {"model.loss", Value(std::string("mse"))}}});
  driver.settle();
  REQUIRE(driver.diagnoses.found.size() == 1);
  CHECK(driver.diagnoses.found[0].kind == "unreachable_targets");  // by its sigmoid
  driver.set("model.loss", std::string("bce"));
  REQUIRE_FALSE(driver.diagnoses.found.empty());
  CHECK(driver.diagnoses.found[0].kind == "targets_outside_loss");
  driver.set("model.loss", std::string("mse"));
  driver.settle();
  REQUIRE(driver.diagnoses.found.size() == 1);
  CHECK(driver.diagnoses.found[0].kind == "unreachable_targets");
}

TEST_CASE(
    "a cosine without a length of its own follows the epochs of the run, also when they change") {
  Driver driver;
  driver.set("train.batch_size", std::int64_t{100});  // 6 steps an epoch
  driver.set("train.schedule", std::string("cosine"));
  driver.set("train.epochs", std::int64_t{3});
  driver.settle();
  driver.send(session::Run{});
  driver.settle();
  CHECK(driver.status.phase == Phase::kFinished);
  CHECK(driver.diagnoses.found.empty());
  driver.send(FinishEpoch{});  // past the end nothing is learned, which is said
  driver.settle();
  REQUIRE(driver.diagnoses.found.size() == 1);
  CHECK(driver.diagnoses.found[0].evidence == std::vector<double>{18, 24});
  driver.set("train.epochs", std::int64_t{9});
  driver.send(FinishEpoch{});
  driver.settle();
  CHECK(driver.diagnoses.found.empty());
  CHECK(driver.failures.empty());
}
