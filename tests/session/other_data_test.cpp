// A checkpoint and data of the same name that are not those it was trained on.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "core/formats/safetensors.h"
#include "core/session/engine/build.h"
#include "tests/support/session_driver.h"

namespace hourglass {
namespace {

using namespace session;
using tests::Driver;

// "mnist" as a person's folder may hold it: `pixel` is the value of all pixels but the first.
ProvideData images(std::uint8_t train, std::uint8_t pixel, std::uint8_t label = 3) {
  const auto idx = [&](std::uint8_t count) {
    Bytes bytes = {0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28};
    bytes.resize(bytes.size() + count * std::size_t{784}, pixel);
    bytes[16] = 7;
    return bytes;
  };
  const auto labels = [&](std::uint8_t count) {
    Bytes bytes = {0, 0, 8, 1, 0, 0, 0, count};
    bytes.resize(bytes.size() + count, label);
    return bytes;
  };
  return {"mnist", idx(train), labels(train), idx(20), labels(20)};
}

// A session on that data, after one step.
void train_on(Driver& driver, ProvideData data, const char* scaling = "unit") {
  driver.set("data.scaling", std::string(scaling));
  if (scaling != std::string("unit")) driver.set("model.loss", std::string("mse"));
  driver.set("data.set", std::string("mnist"));
  driver.settle();
  driver.send(std::move(data));
  driver.settle();
  driver.send(Step{1});
  driver.settle();
  REQUIRE(driver.failures.empty());
  REQUIRE(driver.status.step == 1);
}

Bytes checkpoint_of(Driver& driver) {
  driver.send(SaveCheckpoint{}, 1);
  return driver.replies.back().checkpoint;
}

TEST_CASE("a checkpoint that meets other data of the same name says so") {
  Driver driver;
  train_on(driver, images(40, 200));
  const Bytes saved = checkpoint_of(driver);
  const RunInfo info = read_run_info(read_safetensors(saved, "it"), "it");
  CHECK(info.data_hash.size() == 16);
  CHECK(info.train_count == 40);
  CHECK(info.test_count == 20);

  Driver same;
  train_on(same, images(40, 200));
  same.send(LoadCheckpoint{saved}, 2);
  same.settle();
  CHECK(same.failures.empty());

  for (const ProvideData& other : {images(40, 201), images(40, 200, 4)}) {
    Driver reader;
    train_on(reader, other);
    reader.send(Step{1});
    reader.settle();
    reader.send(LoadCheckpoint{saved}, 2);
    reader.settle();
    CHECK(reader.status.step == 1);  // taken up all the same: somebody wants to see it
    REQUIRE(reader.failures.size() == 1);
    CHECK(reader.failures[0].id == 0);
    CHECK(reader.failures[0].message.find("other values or labels") != std::string::npos);
  }

  Driver fewer;
  train_on(fewer, images(39, 200));
  fewer.send(Step{1});
  fewer.settle();
  fewer.send(LoadCheckpoint{saved}, 2);
  fewer.settle();
  CHECK(fewer.status.step == 2);  // the run from before goes on
  REQUIRE(fewer.failures.size() == 1);
  CHECK(fewer.failures[0].id == 2);
  CHECK(fewer.failures[0].message.find("holds 39 samples to train on") != std::string::npos);
}

TEST_CASE("a checkpoint whose data come later says what is wrong with them") {
  Driver driver;
  train_on(driver, images(40, 200));
  const Bytes saved = checkpoint_of(driver);
  Driver reader;
  reader.send(LoadCheckpoint{saved}, 2);
  reader.settle();
  REQUIRE(reader.wanted.size() == 1);
  reader.send(images(39, 200));
  reader.settle();
  REQUIRE(reader.failures.size() == 1);
  CHECK(reader.failures[0].message.find("holds 39 samples to train on") != std::string::npos);
}

TEST_CASE("a checkpoint of an older version, without a hash, is read") {
  Driver driver;
  train_on(driver, images(40, 200));
  const Bytes saved = checkpoint_of(driver);
  Safetensors file = read_safetensors(saved, "it");
  file.metadata.erase("hourglass.data_hash");
  file.metadata.erase("hourglass.data_counts");
  const Bytes old = write_safetensors(file);
  driver.send(Step{1});
  driver.settle();
  driver.send(LoadCheckpoint{old}, 2);
  driver.settle();
  CHECK(driver.failures.empty());
  CHECK(driver.status.step == 1);
  // Its scaling is known.
  Driver reader;
  train_on(reader, images(40, 200), "signed");
  RunInfo info = read_run_info(file, "it");
  CHECK(info.train_count == -1);
  info.map = {{2}, {-1}};
  Dataset data;
  data.map = {{1}, {0}};
  CHECK(data_difference(info, data).find("another range") != std::string::npos);
}

}  // namespace
}  // namespace hourglass
