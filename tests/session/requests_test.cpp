// What a command asks for is held against what there is, and every command has exactly one answer.
#include <doctest/doctest.h>

#include <cstring>
#include <limits>

#include "core/base/error.h"
#include "core/formats/safetensors.h"
#include "tests/support/session_driver.h"

using namespace hourglass;
using namespace hourglass::session;
using tests::Driver;

namespace {

std::uint64_t next_id() {
  static std::uint64_t id = 1000;
  return ++id;
}

// Sends it with an id and returns how many answers of that id came: 1, or something is wrong.
template <typename Body>
std::size_t answers(Driver& driver, Body body) {
  const std::uint64_t id = next_id();
  driver.send(std::move(body), id);
  driver.settle();
  const auto is_it = [id](const auto& answer) { return answer.id == id; };
  return static_cast<std::size_t>(
      std::count_if(driver.replies.begin(), driver.replies.end(), is_it) +
      std::count_if(driver.failures.begin(), driver.failures.end(), is_it));
}

// The checkpoint with its metadata's `key` replaced.
Bytes with_metadata(const Bytes& checkpoint, const char* key, const std::string& text) {
  Safetensors file = read_safetensors(checkpoint, "It");
  file.metadata[key] = text;
  return write_safetensors(file);
}

// Trains to where an epoch is being evaluated and asks for a checkpoint there.
void ask_within_evaluation(Driver& driver, std::uint64_t id) {
  driver.send(FinishEpoch{});
  do {
    driver.replies.clear();
    driver.send(SaveCheckpoint{}, id);
  } while (!driver.replies.empty() && driver.epochs.empty() && driver.advance());
  REQUIRE(driver.replies.empty());
  REQUIRE(driver.epochs.empty());
}

}  // namespace

TEST_CASE("images are given by an index that there is, and no others") {
  Driver driver;
  CHECK(answers(driver, GetImages{{0, 149}}) == 1);
  REQUIRE(driver.failures.empty());
  CHECK(driver.replies.back().images.size() == 2 * 784);
  for (const std::uint32_t index : {150u, 2147483647u, 2147483648u, 4294967295u}) {
    CHECK(answers(driver, GetImages{{0, index}}) == 1);
    REQUIRE_FALSE(driver.failures.empty());
    CHECK(driver.failures.back().message.find(std::to_string(index)) != std::string::npos);
    driver.failures.clear();
  }
  CHECK(answers(driver, GetImages{std::vector<std::uint32_t>(1025)}) == 1);
  CHECK(driver.failures.back().message.find("1024") != std::string::npos);
}

TEST_CASE("codes and places that are not finite, not whole or too many are refused") {
  Driver driver;
  driver.send(SetSettings{
      {{"model.encoder", std::string(R"([{"units":3,"activation":"linear"}])")},
       {"model.decoder", std::string(R"([{"units":"input","activation":"sigmoid"}])")}}});
  driver.settle();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  const float most = std::numeric_limits<float>::max();
  const auto refused = [&](auto body) {
    const std::size_t before = driver.failures.size();
    CHECK(answers(driver, std::move(body)) == 1);
    return driver.failures.size() == before + 1;
  };
  CHECK_FALSE(refused(Decode{{1, 2, 3}}));
  CHECK_FALSE(refused(Decode{{}}));
  CHECK_FALSE(refused(DecodeMap{{1, 2}}));
  CHECK(refused(Decode{{1, 2}}));
  CHECK(refused(Decode{{1, nan, 2}}));
  CHECK(refused(Decode{{1, infinity, 2}}));
  CHECK(refused(DecodeMap{{nan, 0}}));
  CHECK(refused(DecodeMap{{-infinity, 0}}));
  CHECK(refused(DecodeMap{{most, most}}));  // whose code is not finite
  CHECK(refused(DecodeMap{{1}}));
  CHECK(refused(Decode{Floats(3 * 4097)}));
  CHECK(refused(DecodeMap{Floats(2 * 4097)}));
  CHECK(refused(Step{0}));
  CHECK(refused(Step{std::numeric_limits<std::int64_t>::min()}));
  CHECK_FALSE(refused(DecodeMap{Floats(2 * 200)}));
  CHECK(driver.replies.back().images.size() == 200 * 784);
}

TEST_CASE("a checkpoint asked for while an epoch is evaluated comes when that has ended") {
  Driver driver;
  driver.set("data.strokes_test", std::int64_t{20000});  // an evaluation of many slices
  ask_within_evaluation(driver, 5);
  // What is sent behind it is carried out meanwhile.
  driver.send(SaveCheckpoint{}, 6);
  driver.set("view.images", std::int64_t{7});
  CHECK(driver.replies.empty());
  driver.settle();
  CHECK(driver.epochs.size() == 1);
  REQUIRE(driver.replies.size() == 2);
  CHECK(driver.replies[0].id == 5);
  CHECK(driver.replies[1].id == 6);
  CHECK(driver.replies[0].checkpoint == driver.replies[1].checkpoint);
  driver.send(SaveCheckpoint{}, 7);
  CHECK(driver.replies[2].checkpoint == driver.replies[0].checkpoint);
}

TEST_CASE("a checkpoint that is waited for comes before its run goes") {
  Driver driver;
  driver.set("data.strokes_test", std::int64_t{20000});
  ask_within_evaluation(driver, 5);
  driver.send(Reset{}, 6);
  driver.settle();
  REQUIRE(driver.replies.size() == 2);
  CHECK(driver.replies[0].id == 5);
  CHECK_FALSE(driver.replies[0].checkpoint.empty());
  CHECK(driver.replies[1].id == 6);
  CHECK(driver.status.step == 0);
}

TEST_CASE("numbers in a checkpoint's metadata are held against what they count") {
  Driver driver;
  driver.send(Step{2});
  driver.settle();
  driver.send(SaveCheckpoint{}, 1);
  const Bytes good = driver.replies.back().checkpoint;
  const char* const rest =
      R"("epoch":0,"batch":2,"epoch_loss":0.5,"epoch_penalty":0,"seconds":1,"epoch_seconds":1})";
  for (const char* step : {"-1", "2.5", "1e300", "18446744073709551615", "\"2\"", "null", "true"}) {
    CAPTURE(step);
    const std::string state = std::string("{\"step\":") + step + "," + rest;
    CHECK(answers(driver, LoadCheckpoint{with_metadata(good, "hourglass.state", state)}) == 1);
    REQUIRE_FALSE(driver.failures.empty());
    CHECK(driver.failures.back().message.find("\"step\"") != std::string::npos);
    driver.failures.clear();
  }
  const std::string state = std::string("{\"step\":2,") + rest;
  CHECK(answers(driver, LoadCheckpoint{with_metadata(good, "hourglass.state", state)}) == 1);
  CHECK(driver.failures.empty());
  CHECK(driver.status.step == 2);
}

TEST_CASE("whole numbers among the settings fit the engine's indices in 32 bits") {
  for (const Setting& setting : settings_table()) {
    if (setting.type != SettingType::kInteger) continue;
    CAPTURE(std::string(setting.key));
    CHECK(setting.low >= 0);
    // The seed alone is used in 64 bits.
    const bool wide = setting.key == "train.seed";
    CHECK(setting.high <= (wide ? 9007199254740991.0 : 2147483647.0));
  }
}

TEST_CASE("a code too wide for all points of the map has fewer, and that is told") {
  Driver driver;
  driver.set("data.strokes_test", std::int64_t{1500});
  driver.settle();
  CHECK(driver.data.map_points == 1500);
  driver.order.clear();
  driver.send(SetSettings{
      {{"model.encoder", std::string(R"([{"units":65536,"activation":"relu"}])")},
       {"model.decoder", std::string(R"([{"units":"input","activation":"sigmoid"}])")}}});
  driver.settle();
  REQUIRE(driver.network.code_size == 65536);
  CHECK(driver.data.map_points == 256);
  CHECK(driver.data.map_labels.size() == 256);
  CHECK(driver.shown.map_points->size() == 2 * 256);
}
