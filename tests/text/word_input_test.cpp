#include "core/text/word_input.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/data/sources/document_dataset.h"
#include "core/nn/model.h"
#include "tests/data/expect_error.h"

using namespace hourglass;

namespace {

using Texts = std::vector<std::string_view>;

const Texts kTexts = {"oil prices rose", "oil fell, oil rose", "wheat and corn", "小麦 价格 wheat"};

}  // namespace

TEST_CASE("word input: what is written is read back, and gives the same weights") {
  const Vocabulary vocabulary(kTexts, 8, {.stop_words = false});
  const TfIdf tfidf(vocabulary.count(kTexts), TermFrequency::kLog);
  const std::string text = word_input_json(vocabulary, tfidf);
  const WordInput read = parse_word_input(text, "it", 8);
  CHECK(read.vocabulary.words() == vocabulary.words());
  CHECK(read.vocabulary.size() == 8);
  CHECK_FALSE(read.vocabulary.options().stop_words);
  CHECK(read.vocabulary.find("oil") == vocabulary.find("oil"));
  const Texts asked = {"Oil, oil and corn", "小麦", "nothing"};
  const WordWeights expected = tfidf.weights(vocabulary.count(asked)), got = read.weights(asked);
  CHECK(got.offsets == expected.offsets);
  CHECK(got.indices == expected.indices);
  CHECK(got.values == expected.values);
  CHECK(got.size(2) == 0);
}

TEST_CASE("word input: what a model's file may hold instead is refused in a sentence") {
  const auto refusal = [](const std::string& text) {
    return error_of([&] { parse_word_input(text, "'m.safetensors'", 2); });
  };
  CHECK(parse_word_input(R"({"idf":[1,2],"stop_words":true,"words":["a1","b1"]})", "it", 2)
            .vocabulary.size() == 2);
  const std::pair<const char*, const char*> cases[] = {
      {"", "it is no list of words"},
      {"[]", "it is no list of words"},
      {R"({"idf":[1,2],"words":["a","b"]})", "it is no list of words"},
      {R"({"idf":[1,2],"stop_words":1,"words":["a","b"]})", "it is no list of words"},
      {R"({"idf":3,"stop_words":true,"words":["a","b"]})", "it is no list of words"},
      {R"({"idf":[1,2],"stop_words":true,"words":["a"]})",
       "'words' has 1 entries, and the model takes 2 words"},
      {R"({"idf":[1],"stop_words":true,"words":["a","b"]})", "'idf' has 1 entries"},
      {R"({"idf":[1,2],"stop_words":true,"words":["a",7]})", "one of its words is no text"},
      {R"({"idf":[1,2],"stop_words":true,"words":["a",""]})", "a word has 0 bytes"},
      {R"({"idf":[1,2],"stop_words":true,"words":["a","a"]})", "the word 'a' is there twice"},
      {R"({"idf":[1,0],"stop_words":true,"words":["a","b"]})", "no number from 0 to 100"},
      {R"({"idf":[1,1e9],"stop_words":true,"words":["a","b"]})", "no number from 0 to 100"},
      {R"({"idf":[1,"x"],"stop_words":true,"words":["a","b"]})", "no number from 0 to 100"},
  };
  for (const auto& [text, part] : cases) {
    CAPTURE(text);
    const std::string sentence = refusal(text);
    CHECK(contains(sentence, "'m.safetensors' has a damaged vocabulary in its metadata: "));
    CHECK(contains(sentence, part));
  }
  const std::string longer = R"({"idf":[1,2],"stop_words":true,"words":["a",")" +
                             std::string(kMaxWordBytes + 1, 'x') + "\"]}";
  CHECK(contains(refusal(longer), "a word has 65 bytes instead of 1 to 64"));
}

TEST_CASE("documents as a data set: one feature a word, of one length") {
  const Vocabulary vocabulary(kTexts, 5);
  const TfIdf tfidf(vocabulary.count(kTexts), TermFrequency::kLog);
  const WordWeights weights = tfidf.weights(vocabulary.count(kTexts));
  const Dataset data = document_dataset(weights, weights);
  CHECK(data.is_sparse);
  CHECK(data.shape.features() == 5);
  CHECK(data.train.count() == 4);
  Matrix x(5, 4);
  const std::vector<std::uint32_t> all = {0, 1, 2, 3};
  data.train.gather(all, columns(x, 0, 4));
  Vector column(5);
  for (Index i = 0; i < 4; ++i) {
    CHECK(static_cast<double>(x.col(i).norm()) == doctest::Approx(kDocumentLength));
    write_document(weights, i, column.data());
    CHECK((column - x.col(i)).cwiseAbs().maxCoeff() < Scalar(1e-6));
    CHECK((x.col(i).array() != 0).count() == weights.size(i));
  }
  // Without any of the numbers: rows that are empty take no memory before they are refused.
  WordWeights many;
  many.columns = 1 << 16;
  many.offsets.assign((1 << 14) + 1, 0);
  CHECK(contains(error_of([&] { document_dataset(many, many); }),
                 "32768 documents of 65536 words each are more numbers than can be trained on; "
                 "with 16384 words they are not."));
}
