// Runs that are over, and what a session does with their parameters.
#include "core/session/engine/kept_runs.h"

#include <doctest/doctest.h>

#include <string>

#include "core/formats/safetensors.h"
#include "tests/support/session_driver.h"

namespace hourglass {
namespace {

using namespace session;
using tests::Driver;

void train_steps(Driver& driver, std::int64_t count) {
  driver.send(Step{count});
  driver.settle();
}

Bytes bytes_of_kept(Driver& driver, std::uint64_t run) {
  driver.replies.clear();
  driver.send(GetKeptRun{run}, 5);
  REQUIRE(driver.replies.size() == 1);
  return driver.replies[0].checkpoint;
}

// What a command is refused with.
template <typename Command>
std::string refused(Driver& driver, Command command) {
  driver.failures.clear();
  driver.send(std::move(command), 5);
  REQUIRE(driver.failures.size() == 1);
  CHECK(driver.failures[0].id == 5);
  return driver.failures[0].message;
}

Bytes with_entry(const Bytes& checkpoint, const std::string& key, const std::string& text) {
  Safetensors file = read_safetensors(checkpoint, "it");
  file.metadata[key] = text;
  return write_safetensors(file);
}

}  // namespace

TEST_CASE("kept runs: a run that was trained is kept when it ends, one that was not is not") {
  Driver driver;
  const std::uint64_t first = driver.run;
  CHECK(first > 0);
  driver.send(Reset{});
  CHECK(driver.kept.empty());
  const std::uint64_t second = driver.run;
  CHECK(second > first);
  train_steps(driver, 3);
  driver.send(Reset{});
  driver.settle();
  REQUIRE(driver.kept.size() == 1);
  const RunKept& kept = driver.kept[0];
  CHECK(kept.run == second);
  CHECK(driver.run > second);
  CHECK(kept.step == 3);
  CHECK(kept.data == "strokes");
  CHECK(kept.data_hash.size() == 16);
  CHECK(kept.network.code_size == driver.network.code_size);
  CHECK(kept.network.parameters == driver.network.parameters);
  CHECK(static_cast<std::int64_t>(bytes_of_kept(driver, second).size()) == kept.bytes);
  REQUIRE_FALSE(kept.losses.empty());
  CHECK(kept.losses.back().step == 3);
}

TEST_CASE("kept runs: it has the settings that it was trained with, not those that follow") {
  Driver driver;
  driver.set("train.learning_rate", 0.004);
  train_steps(driver, 2);
  driver.set("train.learning_rate", 0.002);    // acts at once
  driver.set("train.seed", std::int64_t{77});  // waits
  driver.send(LoadPreset{"beta-vae"});
  driver.set("data.strokes_train", std::int64_t{600});
  driver.set("data.strokes_test", std::int64_t{150});
  driver.settle();
  REQUIRE(driver.kept.size() == 1);
  const auto value = [&](const std::string& key) {
    for (const auto& [name, each] : driver.kept[0].settings) {
      if (name == key) return each;
    }
    return Value{};
  };
  CHECK(value("train.learning_rate") == Value(0.002));
  CHECK(value("train.seed") != Value(std::int64_t{77}));
  // So it is the model that the parameters are of.
  CHECK(value("model.encoder") != driver.setting("model.encoder"));
  driver.send(LoadKeptRun{driver.kept[0].run}, 9);
  driver.settle();
  CHECK(driver.failures.empty());
  CHECK(driver.status.step == 2);
  CHECK(driver.setting("model.encoder") == value("model.encoder"));
}

TEST_CASE("kept runs: one that is loaded back goes on bit for bit as if it had never ended") {
  Driver straight;
  train_steps(straight, 9);
  straight.send(SaveCheckpoint{}, 1);
  const Safetensors expected = read_safetensors(straight.replies.back().checkpoint, "it");

  Driver driver;
  train_steps(driver, 4);
  driver.send(NewSeed{});
  train_steps(driver, 1);
  const std::uint64_t run = driver.kept[0].run;
  driver.send(LoadKeptRun{run}, 2);
  driver.settle();
  CHECK(driver.goes_on_from == run);
  CHECK(driver.status.step == 4);
  REQUIRE_FALSE(driver.losses.empty());  // with its curve
  CHECK(driver.losses.back().step == 4);
  CHECK(driver.kept.size() == 2);  // the one that went for it, too
  train_steps(driver, 5);
  driver.replies.clear();
  driver.send(SaveCheckpoint{}, 1);
  const Bytes saved = driver.replies.back().checkpoint;
  const Safetensors found = read_safetensors(saved, "it");
  REQUIRE(found.tensors.size() == expected.tensors.size());
  for (const TensorEntry& tensor : expected.tensors) {
    CAPTURE(tensor.name);
    const TensorEntry* const other = found.find(tensor.name);
    REQUIRE(other != nullptr);
    CHECK(std::equal(tensor.bytes.begin(), tensor.bytes.end(), other->bytes.begin(),
                     other->bytes.end()));
  }
}

TEST_CASE("kept runs: what is kept already is not kept twice") {
  Driver driver;
  train_steps(driver, 2);
  driver.send(KeepRun{}, 4);
  REQUIRE(driver.kept.size() == 1);
  CHECK(driver.kept[0].present != driver.kept[0].run);
  CHECK(driver.run == driver.kept[0].present);
  CHECK(driver.status.step == 2);  // it goes on
  CHECK(refused(driver, KeepRun{}).find("kept already") != std::string::npos);
  driver.send(Reset{});
  CHECK(driver.kept.size() == 1);
  CHECK(refused(driver, KeepRun{}).find("untrained") != std::string::npos);
  driver.send(LoadKeptRun{driver.kept[0].run});
  driver.send(Reset{});
  driver.settle();
  CHECK(driver.kept.size() == 1);
  driver.send(LoadKeptRun{driver.kept[0].run});
  train_steps(driver, 1);
  driver.send(Reset{});
  CHECK(driver.kept.size() == 2);
}

TEST_CASE("kept runs: there are no more of them, and no more bytes, than there may be") {
  Driver driver;
  for (int i = 0; i < 11; ++i) {
    train_steps(driver, 1);
    driver.send(NewSeed{});
  }
  CHECK(driver.kept.size() == KeptRuns::kMaxRuns);
  REQUIRE(driver.dropped.size() == 3);
  CHECK(driver.dropped[0].run < driver.kept[0].run);  // the oldest
  CHECK_FALSE(driver.dropped[0].deleted);
  const std::int64_t bytes = driver.kept[0].bytes;

  Driver two(1, std::chrono::milliseconds(1), job_kinds(), static_cast<std::size_t>(bytes * 5 / 2));
  for (int i = 0; i < 4; ++i) {
    train_steps(two, 1);
    two.send(NewSeed{});
  }
  CHECK(two.kept.size() == 2);

  Driver none(1, std::chrono::milliseconds(1), job_kinds(), static_cast<std::size_t>(bytes / 2));
  train_steps(none, 1);
  CHECK(refused(none, KeepRun{}).find("MB") != std::string::npos);
  none.send(NewSeed{});
  CHECK(none.kept.empty());
  CHECK(none.failures.size() == 1);  // nobody had asked for that one
}

TEST_CASE("kept runs: a deleted one is gone") {
  Driver driver;
  train_steps(driver, 1);
  driver.send(Reset{});
  const std::uint64_t run = driver.kept[0].run;
  driver.send(DropKeptRun{run}, 3);
  REQUIRE(driver.dropped.size() == 1);
  CHECK(driver.dropped[0].run == run);
  CHECK(driver.dropped[0].deleted);
  CHECK(refused(driver, DropKeptRun{run}).find("no kept run") != std::string::npos);
  CHECK(refused(driver, GetKeptRun{run}).find("no kept run") != std::string::npos);
  CHECK(refused(driver, LoadKeptRun{run}).find("no kept run") != std::string::npos);
}

TEST_CASE("kept runs: one comes from elsewhere with its curves, checked as a checkpoint is") {
  Driver driver;
  driver.run_epochs(2);
  driver.send(Reset{});
  const RunKept kept = driver.kept[0];
  const Bytes good = bytes_of_kept(driver, kept.run);

  Driver other;
  const std::uint64_t present = other.run;
  other.send(AddKeptRun{good}, 8);
  REQUIRE(other.kept.size() == 1);
  const RunKept& added = other.kept[0];
  CHECK(added.run > present);
  CHECK(added.present == present);
  CHECK(other.run == present);
  CHECK(added.step == kept.step);
  CHECK(added.losses.size() == kept.losses.size());
  CHECK(added.epochs.size() == kept.epochs.size());
  CHECK(added.settings == kept.settings);
  CHECK(added.data_hash == kept.data_hash);

  for (std::size_t length : {std::size_t{0}, std::size_t{7}, good.size() / 2, good.size() - 1}) {
    CAPTURE(length);
    refused(other, AddKeptRun{Bytes(good.begin(), good.begin() + static_cast<long>(length))});
  }
  CHECK_FALSE(refused(other, AddKeptRun{with_entry(good, "hourglass.settings", "[]")}).empty());
  CHECK_FALSE(refused(other, AddKeptRun{with_entry(good, "hourglass.state", "{}")}).empty());
  CHECK_FALSE(refused(other, AddKeptRun{with_entry(good, "hourglass.input", "[1,9,9]")}).empty());
  // A model that is not the parameters'.
  const std::string refusal = refused(
      other, AddKeptRun{with_entry(
                 good, "hourglass.settings",
                 R"({"model":{"encoder":"[{\"dense\":7}]","decoder":"[{\"dense\":784}]"}})")});
  CHECK_FALSE(refusal.empty());
  // An encoder with a head is no autoencoder, whichever way it comes in.
  const Bytes classifier = with_entry(good, "hourglass.classifier", R"({"classes":["a","b"]})");
  CHECK(refused(other, AddKeptRun{classifier}).find("is a classifier") != std::string::npos);
  CHECK(refused(other, LoadCheckpoint{classifier}).find("is a classifier") != std::string::npos);
  CHECK(other.kept.size() == 1);
  // A curve that could not be drawn is left out.
  other.send(AddKeptRun{with_entry(good, "hourglass.curve", "[[1,2],3]")}, 8);
  REQUIRE(other.kept.size() == 2);
  CHECK(other.kept[1].losses.empty());
}

TEST_CASE("kept runs: a curve of any length is some points, each the mean of its neighbours") {
  RunCurve curve;
  constexpr int kCount = 5000;
  for (int i = 1; i <= kCount; ++i) curve.add({i, i / 40.0, static_cast<double>(i % 2), 0});
  const auto& points = curve.points();
  CHECK(points.size() <= kKeptPoints);
  CHECK(points.size() > kKeptPoints / 2);
  CHECK(points.back().step == kCount);
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    CHECK(points[i].loss == doctest::Approx(0.5));
    CHECK(points[i].step < points[i + 1].step);
  }
}

}  // namespace hourglass
