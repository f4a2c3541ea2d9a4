// Several settings at once, the speed of training, threads, and what is announced in which order.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

#include "tests/support/session_driver.h"

using namespace hourglass;
using namespace hourglass::session;
using namespace std::chrono_literals;
using tests::Driver;

namespace {

constexpr const char* kEncoder =
    R"([{"units":9,"activation":"relu"},{"units":2,"activation":"linear"}])";
constexpr const char* kDecoder = R"([{"units":"input","activation":"sigmoid"}])";
// 10 numbers that are to be an image.
constexpr const char* kMisfit = R"([{"units":10,"activation":"relu"}])";

SetSettings layers(const char* encoder, const char* decoder) {
  return {{{"model.encoder", std::string(encoder)}, {"model.decoder", std::string(decoder)}}};
}

// Advances as the session's threads do for some time by its clock, sleeping while the session says
// that it may. Returns how many turns it took.
int advance_for(Driver& driver, std::chrono::milliseconds time) {
  int turns = 0;
  for (const auto until = driver.now() + time; driver.now() < until; ++turns) {
    driver.advance();
    driver.sleep(driver.session().idle_for());
  }
  return turns;
}

}  // namespace

TEST_CASE("settings set together are announced once and rebuild an untouched run once") {
  Driver driver;
  driver.order.clear();
  driver.send(layers(kEncoder, kDecoder), 3);
  CHECK(driver.replies.size() == 1);
  CHECK(driver.count<SettingsChanged>() == 1);
  CHECK(driver.count<Status>() == 1);
  CHECK(driver.count<NetworkInfo>() == 1);
  CHECK(driver.network.code_size == 2);
  CHECK(driver.status.pending_reset.empty());
  driver.order.clear();
  driver.send(SetSettings{{{"train.learning_rate", 0.5},
                           {"view.images", std::int64_t{7}},
                           {"view.noise.level", 0.25},
                           {"view.map_points", std::int64_t{120}}}});
  CHECK(driver.count<SettingsChanged>() == 1);
  CHECK(driver.count<Status>() == 1);
  driver.settle();
  CHECK(driver.shown.image_indices->size() == 7);
  CHECK(*driver.shown.corrupted != *driver.shown.originals);
  CHECK(driver.data.map_points == 120);
  driver.order.clear();
  driver.send(SetSettings{{{"train.learning_rate", 0.5}}});  // nothing new
  CHECK(driver.order.empty());
}

TEST_CASE("a setting of something that is not under way is kept and announced") {
  Driver driver;
  driver.order.clear();
  driver.set("tsne.perplexity", 12.0);
  driver.settle();
  CHECK(driver.count<SettingsChanged>() == 1);
  CHECK(driver.setting("tsne.perplexity") == Value(12.0));
}

TEST_CASE("of settings set together none is kept if one is refused") {
  Driver driver;
  const auto before = driver.settings.values;
  driver.order.clear();
  driver.send(SetSettings{{{"view.images", std::int64_t{7}}, {"train.learning_rate", 1e9}}}, 1);
  driver.send(SetSettings{{{"view.images", std::int64_t{7}}, {"train.speed", 1.0}}}, 2);
  driver.send(SetSettings{{{"view.images", std::int64_t{7}},
                           {"train.seed", std::int64_t{9}},
                           {"model.encoder", std::string("[{}]")}}},
              3);
  driver.send(layers(kEncoder, kMisfit), 4);
  driver.send(SetSettings{{{"model.encoder", std::string(kEncoder)},
                           {"view.images", std::int64_t{7}},
                           {"model.decoder", std::string(kMisfit)}}},
              5);
  REQUIRE(driver.failures.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) CHECK(driver.failures[i].id == i + 1);
  CHECK(driver.count<SettingsChanged>() == 0);
  CHECK(driver.count<Status>() == 0);
  driver.settle();
  CHECK(driver.network.code_size == 32);
  CHECK(driver.shown.image_indices->size() == 20);
  driver.set("view.image_set", std::int64_t{1});  // has all settings announced
  driver.set("view.image_set", std::int64_t{0});
  CHECK(driver.settings.values == before);
  CHECK(driver.status.pending_reset.empty());
  // The run is as it was.
  driver.send(Step{1}, 9);
  driver.settle();
  CHECK(driver.status.step == 1);
}

TEST_CASE("a penalty that the model has no code for takes its companions back with it") {
  Driver driver;
  driver.set("model.encoder",
             std::string(R"([{"units":8,"activation":"relu"},{"type":"k-sparse","k":3}])"));
  driver.send(Step{1});
  driver.settle();
  driver.order.clear();
  driver.send(SetSettings{{{"view.images", std::int64_t{7}}, {"penalty.contractive", 1.0}}}, 1);
  driver.settle();
  REQUIRE(driver.failures.size() == 1);
  CHECK(driver.count<SettingsChanged>() == 0);
  CHECK(driver.shown.image_indices->size() == 20);
}

TEST_CASE("what is set after a preset is of the run that begins, not of the one that ends") {
  Driver driver;
  driver.set("model.encoder",
             std::string(R"([{"units":8,"activation":"relu"},{"type":"k-sparse","k":3}])"));
  driver.send(Step{1});
  driver.settle();
  // The code that there is has no use for the penalty; that of the preset has.
  driver.send(LoadPreset{"contractive"}, 1);
  driver.send(SetSettings{{{"data.set", std::string("strokes")}, {"penalty.contractive", 0.5}}}, 2);
  driver.settle();
  CHECK(driver.failures.empty());
  CHECK(driver.setting("penalty.contractive") == Value(0.5));
  CHECK(driver.status.step == 0);
  driver.send(Step{1}, 3);
  driver.settle();
  CHECK(driver.failures.empty());
}

TEST_CASE("what is set back to what the run has waits for no reset") {
  Driver driver;
  driver.send(Step{2});
  driver.settle();
  const Value before = driver.setting("train.batch_size");
  driver.set("train.batch_size", std::int64_t{32});
  driver.set("model.loss", std::string("mse"));
  CHECK(driver.status.pending_reset == std::vector<std::string>{"train.batch_size", "model.loss"});
  driver.set("train.batch_size", std::get<std::int64_t>(before));
  CHECK(driver.status.pending_reset == std::vector<std::string>{"model.loss"});
  driver.set("model.loss", std::string("bce"));
  CHECK(driver.status.pending_reset.empty());
}

TEST_CASE("on a run that has begun, layers set together wait for a reset") {
  Driver driver;
  driver.send(Step{2});
  driver.settle();
  driver.send(layers(kEncoder, kMisfit), 1);
  CHECK(driver.failures.size() == 1);  // said at once, not at the reset
  driver.send(layers(kEncoder, kDecoder), 2);
  CHECK(driver.replies.size() == 1);
  CHECK(driver.status.step == 2);
  CHECK(driver.network.code_size == 32);
  CHECK(driver.status.pending_reset == std::vector<std::string>{"model.encoder", "model.decoder"});
  driver.send(Reset{});
  driver.settle();
  CHECK(driver.network.code_size == 2);
}

TEST_CASE("a new run's settings are announced before its curves start") {
  Driver driver;
  driver.send(Step{2});
  driver.settle();
  const auto first_of = [&](std::size_t index) {
    return std::find(driver.order.begin(), driver.order.end(), index) - driver.order.begin();
  };
  driver.order.clear();
  driver.send(NewSeed{});
  CHECK(driver.count<SettingsChanged>() == 1);
  CHECK(first_of(Event(SettingsChanged{}).index()) < first_of(Event(History{}).index()));
  CHECK(driver.count<History>() == 1);
  driver.send(SaveCheckpoint{}, 1);
  driver.set("train.learning_rate", 0.25);
  driver.order.clear();
  driver.send(LoadCheckpoint{driver.replies.back().checkpoint});
  CHECK(driver.failures.empty());
  CHECK(first_of(Event(SettingsChanged{}).index()) < first_of(Event(History{}).index()));
}

TEST_CASE("training can be held back to a number of steps a second, without keeping a core busy") {
  Driver driver;
  driver.send(SetSettings{{{"view.steps_per_second", std::int64_t{10}},
                           {"train.batch_size", std::int64_t{32}},
                           {"train.epochs", std::int64_t{100000}}}});
  driver.settle();
  driver.send(session::Run{});
  const int turns = advance_for(driver, 1000ms);
  driver.send(Pause{});
  CHECK(driver.status.step >= 9);
  CHECK(driver.status.step <= 11);
  CHECK(turns < 300);  // of 2 ms each they would be 500
  CHECK(driver.session().idle_for() == 0us);

  // A step asked for comes at once, and so does what comes after the limit is gone.
  driver.set("view.steps_per_second", std::int64_t{1});
  driver.settle();
  const std::int64_t before = driver.status.step;
  driver.send(Step{5});
  const auto began = driver.now();
  driver.advance_until([&] { return driver.status.step == before + 5; });
  CHECK(driver.now() - began < 1s);
  driver.settle();
  driver.send(session::Run{});
  driver.advance();
  driver.advance();
  driver.set("view.steps_per_second", std::int64_t{0});
  CHECK(driver.session().idle_for() == 0us);
  const auto freed = driver.now();
  driver.advance_until([&] { return driver.status.step >= before + 40; });
  CHECK(driver.now() - freed < 1s);
}

TEST_CASE(
    "the number of threads can change again and again, and every number gives the same bits") {
  Driver driver(4), other(1);
  for (int round = 0; round < 24; ++round) {
    driver.set("train.threads", std::int64_t{1 + round % 4});
    driver.advance();
    CHECK(driver.network.threads == 1 + round % 4);
  }
  driver.set("train.threads", std::int64_t{60});
  CHECK(driver.network.threads == 4);
  driver.set("train.threads", std::int64_t{2});
  for (Driver* each : {&driver, &other}) {
    each->settle();
    each->send(Step{8});
    each->settle();
  }
  CHECK(*driver.shown.reconstructed == *other.shown.reconstructed);
  CHECK(*driver.shown.activations == *other.shown.activations);
  CHECK(driver.losses.back().loss == other.losses.back().loss);
}
