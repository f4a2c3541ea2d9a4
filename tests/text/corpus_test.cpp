// assets/corpus/documents.tsv, the texts that this project wrote.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/analysis/retrieval.h"
#include "core/base/file.h"
#include "core/base/utf8.h"
#include "core/text/documents.h"
#include "core/text/vocabulary.h"
#include "tests/support/source_path.h"

using namespace hourglass;

namespace {

const Documents& corpus() {
  static const Documents documents =
      read_documents(read_file(source_path("/assets/corpus/documents.tsv")), "documents.tsv");
  return documents;
}

Index characters(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

// Texts in Chinese have more bytes than characters by far.
bool is_chinese(std::string_view text) {
  return static_cast<Index>(text.size()) > 2 * characters(text);
}

double precision_at_10(bool chinese) {
  std::vector<std::string_view> texts;
  std::vector<std::int32_t> labels;
  for (Index i = 0; i < corpus().count(); ++i) {
    if (is_chinese(corpus().text(i)) != chinese) continue;
    texts.push_back(corpus().text(i));
    labels.push_back(static_cast<std::int32_t>(corpus().labels(i).front()));
  }
  const Vocabulary vocabulary(texts, kDefaultVocabulary);
  const WordCounts counts = vocabulary.count(texts);
  CHECK(empty_rows(counts).empty());
  const WordWeights weights = TfIdf(counts).weights(counts);
  ThreadPool pool(1);
  // Each is its own nearest: of eleven, ten others.
  const RetrievalQuality quality = retrieval_quality(
      weights, weights, {.labels = labels, .query_labels = labels, .label_count = 10, .k = 11},
      pool);
  return (11 * quality.precision_at_k - 1) / 10;
}

}  // namespace

TEST_CASE("corpus: ten topics of twenty texts in English and twenty in Chinese") {
  CHECK(corpus().count() == 400);
  CHECK(corpus().label_names() ==
        std::vector<std::string>{"animals", "astronomy", "computers", "cooking", "finance",
                                 "football", "medicine", "music", "trade", "weather"});
  std::map<std::uint32_t, int> english, chinese;
  std::set<std::string_view> different, beginnings;
  for (Index i = 0; i < corpus().count(); ++i) {
    const std::string_view text = corpus().text(i);
    CAPTURE(text);
    REQUIRE(corpus().labels(i).size() == 1);
    ++(is_chinese(text) ? chinese : english)[corpus().labels(i).front()];
    CHECK(different.insert(text).second);
    CHECK(beginnings.insert(text.substr(0, 24)).second);
    // Two or three sentences, short enough to be read on a map.
    CHECK(characters(text) >= (is_chinese(text) ? 25 : 80));
    CHECK(characters(text) <= (is_chinese(text) ? 90 : 260));
    CHECK((text.ends_with(".") || text.ends_with("。")));
    CHECK(text.find("  ") == text.npos);
  }
  for (std::uint32_t topic = 0; topic < 10; ++topic) {
    CHECK(english[topic] == 20);
    CHECK(chinese[topic] == 20);
  }
}

TEST_CASE("corpus: texts of a topic are found by their words, and not too easily") {
  const double english = precision_at_10(false), chinese = precision_at_10(true);
  MESSAGE("precision at 10: English " << english << ", Chinese " << chinese);
  // By chance it would be 19 / 199.
  for (const double precision : {english, chinese}) {
    CHECK(precision > 0.3);
    CHECK(precision < 0.9);
  }
}
