// Documents as a session's data.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "core/formats/safetensors.h"
#include "core/session/engine/build.h"
#include "core/text/word_input.h"
#include "tests/data/expect_error.h"
#include "tests/support/texts_session.h"

using namespace hourglass;
using namespace hourglass::session;
using tests::Driver;
using tests::use_texts;

TEST_CASE(
    "a session asks for texts, tells of their words, and shows documents by their strongest") {
  Driver driver;
  use_texts(driver);
  CHECK(driver.failures.empty());
  CHECK(driver.data.name == "texts");
  CHECK(driver.data.columns == 300);
  REQUIRE(driver.data.words.size() == 300);
  CHECK(driver.data.class_names.size() == 10);
  CHECK(driver.data.train_count + driver.data.test_count > 370);
  CHECK(std::ssize(driver.data.map_texts) == driver.data.map_points);
  CHECK(driver.data.map_texts.front().size() > 20);
  // The strongest word of each document on display is white.
  REQUIRE(driver.shown.originals);
  const Bytes& originals = *driver.shown.originals;
  REQUIRE(originals.size() == 300 * driver.shown.image_indices->size());
  for (std::size_t i = 0; i < originals.size(); i += 300) {
    const auto first = originals.begin() + static_cast<std::ptrdiff_t>(i);
    CHECK(*std::max_element(first, first + 300) == 255);
  }
  // What comes out, too, though shares of 300 words are small.
  const Bytes& made = *driver.shown.reconstructed;
  CHECK(*std::max_element(made.begin(), made.begin() + 300) == 255);
  // Images have no words.
  driver.set("data.set", std::string("strokes"));
  driver.send(LoadPreset{"quick"});
  driver.settle();
  CHECK(driver.data.words.empty());
  CHECK(driver.data.map_texts.empty());
}

TEST_CASE("another vocabulary or another weight of words asks for the documents anew") {
  Driver driver;
  use_texts(driver);
  driver.wanted.clear();
  driver.set("data.vocabulary", std::int64_t{200});
  driver.settle();
  tests::provide_texts(driver);
  CHECK(driver.data.columns == 200);
  driver.wanted.clear();
  driver.set("data.word_weights", std::string("probabilities"));
  driver.settle();
  tests::provide_texts(driver);
  driver.wanted.clear();
  driver.set("train.seed", std::int64_t{7});
  driver.send(Reset{});
  driver.settle();
  CHECK(driver.wanted.empty());
  CHECK(driver.failures.empty());
}

TEST_CASE("documents that a network of images cannot learn are refused with the preset that can") {
  Driver driver;
  driver.set("data.set", std::string("texts"));
  driver.settle();
  driver.send(tests::built_in_texts());
  driver.settle();
  REQUIRE(driver.failures.size() == 1);
  CHECK(contains(driver.failures[0].message, "The preset text-quick is made for documents."));
  CHECK(driver.setting("data.set") == Value(std::string("strokes")));
  CHECK(driver.data.name == "strokes");
}

TEST_CASE("a file that holds no documents is refused, and the data stay") {
  Driver driver;
  driver.send(LoadPreset{"text-quick"});
  driver.settle();
  ProvideData data;
  data.name = "texts";
  data.documents = {0xFF, 0xFE, 'a', 0};
  driver.send(std::move(data));
  driver.settle();
  REQUIRE(!driver.failures.empty());
  CHECK(contains(driver.failures[0].message, "UTF-16"));
  CHECK(driver.setting("data.set") == Value(std::string("strokes")));
}

TEST_CASE("a checkpoint of documents keeps its vocabulary, and goes on where it was") {
  Driver driver;
  use_texts(driver);
  driver.run_epochs(1);
  driver.send(SaveCheckpoint{}, 3);
  driver.settle();
  const Bytes checkpoint = driver.replies.back().checkpoint;
  const Safetensors file = read_safetensors(checkpoint, "it");
  const RunInfo info = read_run_info(file, "it");
  CHECK(info.data == "texts");
  const WordInput input = parse_word_input(info.vocabulary, "it", 300);
  CHECK(input.vocabulary.words() == driver.data.words);

  Driver other;
  other.send(LoadCheckpoint{checkpoint});
  other.settle();
  tests::provide_texts(other);
  CHECK(other.failures.empty());
  CHECK(other.status.step == driver.status.step);
  CHECK(other.data.words == driver.data.words);
}
