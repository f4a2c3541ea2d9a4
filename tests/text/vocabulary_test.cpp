#include "core/text/vocabulary.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/text/documents.h"
#include "tests/data/expect_error.h"
#include "tests/data/real_data.h"
#include "tests/text/golden_text.h"

using namespace hourglass;
using hourglass::tests::golden_text;

namespace {

using Texts = std::vector<std::string_view>;
using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("vocabulary: the most frequent words, equal ones by alphabet") {
  const Texts texts = {"red green blue", "green the the the", "blue green yellow", "amber"};
  const Vocabulary three(texts, 3);
  CHECK(three.words() == Words{"green", "blue", "amber"});
  CHECK(three.occurrences() == std::vector<std::uint64_t>{3, 2, 1});
  CHECK(three.different_words() == 5);
  CHECK(three.find("blue") == 1u);
  CHECK_FALSE(three.find("red"));
  CHECK(Vocabulary(texts, 2, {.stop_words = false}).words() == Words{"green", "the"});
  CHECK(Vocabulary(texts, 1000).size() == 5);

  const WordCounts counts = three.count(Texts{"amber green, Green!", "nothing known", "BLUE"});
  CHECK(counts.columns == 3);
  CHECK(counts.rows() == 3);
  CHECK(counts.offsets == std::vector<std::size_t>{0, 2, 2, 3});
  CHECK(counts.indices == std::vector<std::uint32_t>{0, 2, 1});
  CHECK(counts.values == std::vector<std::uint32_t>{2, 1, 1});
  CHECK(empty_rows(counts) == std::vector<Index>{1});
  const WordCounts chosen = chosen_rows(counts, std::vector<Index>{2, 0});
  CHECK(chosen.offsets == std::vector<std::size_t>{0, 1, 3});
  CHECK(chosen.indices == std::vector<std::uint32_t>{1, 0, 2});
}

TEST_CASE("vocabulary: texts without words are refused") {
  CHECK(contains(error_of([] { Vocabulary(Texts{"the of and", "a 1"}, 10); }),
                 "no words but those of the stop list"));
  CHECK(contains(error_of([] { Vocabulary(Texts{"! ?"}, 10, {.stop_words = false}); }),
                 "have no words"));
}

TEST_CASE("bag of words: shares of a document add up to 1") {
  const Vocabulary words(Texts{"red red red green", "the"}, 10);
  const WordWeights shares = probabilities(words.count(Texts{"red red red green", "the"}));
  CHECK(shares.values == std::vector<double>{0.75, 0.25});
  CHECK(shares.rows() == 2);
}

TEST_CASE("bag of words: counts and TF-IDF are scikit-learn's") {
  const auto& golden = golden_text();
  const Vocabulary vocabulary = golden.vocabulary();
  CHECK(vocabulary.words() == golden.json["vocabulary"].get<Words>());
  CHECK(vocabulary.different_words() == golden.json["different_words"].get<Index>());
  const WordCounts counts = vocabulary.count(golden.all);
  for (Index i = 0; i < counts.rows(); ++i) {
    std::vector<std::uint32_t> row(static_cast<std::size_t>(counts.columns), 0);
    for (std::size_t k = 0; k < counts.size(i); ++k) {
      row[counts.indices_of(i)[k]] = counts.values_of(i)[k];
    }
    CHECK(row ==
          golden.json["counts"][static_cast<std::size_t>(i)].get<std::vector<std::uint32_t>>());
  }

  const TfIdf tfidf(vocabulary.count(golden.searched));
  for (std::size_t i = 0; i < vocabulary.words().size(); ++i) {
    CHECK(tfidf.inverse_document_frequencies()[i] ==
          doctest::Approx(golden.json["idf"][i].get<double>()).epsilon(1e-12));
  }
  const TfIdf log_tfidf(vocabulary.count(golden.searched), TermFrequency::kLog);
  struct Case {
    const TfIdf& tfidf;
    const Texts& texts;
    const char* name;
  };
  for (const auto& [transform, texts, name] : {Case{tfidf, golden.searched, "searched"},
                                               {tfidf, golden.asking, "asking"},
                                               {log_tfidf, golden.asking, "asking_log"}}) {
    const WordWeights weights = transform.weights(vocabulary.count(texts));
    for (Index i = 0; i < weights.rows(); ++i) {
      std::vector<double> row(static_cast<std::size_t>(weights.columns), 0);
      for (std::size_t k = 0; k < weights.size(i); ++k) {
        row[weights.indices_of(i)[k]] = weights.values_of(i)[k];
      }
      for (std::size_t k = 0; k < row.size(); ++k) {
        CHECK(row[k] ==
              doctest::Approx(golden.json[name][static_cast<std::size_t>(i)][k].get<double>())
                  .epsilon(1e-9));
      }
    }
  }
}

TEST_CASE("vocabulary: Reuters is read and counted") {
  const auto folder = real_data("reuters-21578", "Reuters is read and counted");
  if (!folder) return;
  const Documents all = read_documents(read_file(*folder / "documents.tsv.gz"), "documents.tsv.gz");
  const auto texts = all.texts();
  const Vocabulary vocabulary(texts, kDefaultVocabulary);
  const WordCounts counts = vocabulary.count(texts);
  CHECK(all.count() == 10377);
  CHECK(all.label_names().size() > 100);
  CHECK(counts.rows() == 10377);
  CHECK(vocabulary.size() == 2000);
  CHECK(single_topics(all, 10).names.size() == 10);
}
