// Documents as a data set: which words count, topics as classes, and what is left out.
#include "core/data/sources/document_dataset.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/data/data_hash.h"
#include "core/data/scaling.h"
#include "core/data/sources/text_folder.h"
#include "core/text/corpus.h"
#include "tests/data/expect_error.h"
#include "tests/data/temporary_folder.h"
#include "tests/support/source_path.h"

using namespace hourglass;

namespace {

std::vector<std::uint8_t> file_of(const std::string& text) { return {text.begin(), text.end()}; }

Documents documents_in(const std::string& text) { return read_documents(file_of(text), "it.tsv"); }

// `count` lines of topic a and as many of topic b, each of words of its own.
std::string two_topics(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "a\tapple pear plum fruit" + std::to_string(i % 3) + "\n";
    text += "b\tbrick stone house wall" + std::to_string(i % 3) + "\n";
  }
  return text;
}

std::string error_with(const std::string& text, const DocumentOptions& options = {}) {
  return error_of([&] { dataset_from_documents(documents_in(text), "it", options); });
}

}  // namespace

TEST_CASE("documents become samples of their words' weights, with topics as classes") {
  const Dataset data = dataset_from_documents(documents_in(two_topics(12)), "it", {.words = 6});
  REQUIRE(data.documents);
  CHECK(data.name == "it");
  CHECK(data.class_names == std::vector<std::string>{"a", "b"});
  CHECK(data.train.count() == 20);
  CHECK(data.test.count() == 4);
  CHECK(data.shape == ImageShape{1, 1, 6});
  CHECK(data.is_sparse);
  // The labels and first words are those of the line that a sample comes from.
  for (const auto& [samples, split] :
       {std::pair{&data.train, &data.documents->train}, {&data.test, &data.documents->test}}) {
    REQUIRE(split->counts.rows() == samples->count());
    REQUIRE(std::ssize(split->beginnings) == samples->count());
    for (std::size_t i = 0; i < samples->labels.size(); ++i) {
      CHECK(samples->labels[i] == static_cast<std::int32_t>(samples->rows[i] % 2));
      CHECK(split->beginnings[i].starts_with(samples->labels[i] == 0 ? "apple" : "brick"));
    }
  }
  // As TF-IDF of the training documents' counts, of length kDocumentLength.
  const WordWeights weights =
      TfIdf(data.documents->train.counts, TermFrequency::kLog).weights(data.documents->test.counts);
  for (Index i = 0; i < weights.rows(); ++i) {
    const auto values = data.test.values().subspan(static_cast<std::size_t>(i) * 6, 6);
    double square = 0;
    for (const float value : values) square += static_cast<double>(value) * value;
    CHECK(std::sqrt(square) == doctest::Approx(kDocumentLength));
    for (std::size_t k = 0; k < weights.size(i); ++k) {
      CHECK(static_cast<double>(values[weights.indices_of(i)[k]]) ==
            doctest::Approx(kDocumentLength * weights.values_of(i)[k]));
    }
  }
}

TEST_CASE("probabilities of words are their shares of the document") {
  const Dataset data =
      dataset_from_documents(documents_in(two_topics(12)), "it",
                             {.words = 100, .weighting = WordWeighting::kProbabilities});
  const auto values = data.train.values();
  const auto features = static_cast<std::size_t>(data.shape.features());
  for (std::size_t i = 0; i < values.size(); i += features) {
    CHECK(std::accumulate(values.begin() + static_cast<std::ptrdiff_t>(i),
                          values.begin() + static_cast<std::ptrdiff_t>(i + features),
                          0.0) == doctest::Approx(kDocumentLength));
  }
  const std::string json =
      word_input_json(data.documents->input.vocabulary, data.documents->input.tfidf,
                      data.documents->input.weighting);
  CHECK(parse_word_input(json, "it", data.shape.features()).weighting ==
        WordWeighting::kProbabilities);
  CHECK(contains(error_of([&] {
                   std::string other = json;
                   other.replace(other.find("probabilities"), 13, "by weather");
                   parse_word_input(other, "it", data.shape.features());
                 }),
                 "it has a damaged vocabulary"));
}

TEST_CASE("rare topics, several topics and none are one class, the last") {
  std::string text = two_topics(6);
  text += "a|b\tapple brick\nc\tpear wall\n\tplum stone\n";
  for (char topic = 'd'; topic < 'm'; ++topic) {
    for (int i = 0; i < 3; ++i) text += std::string(1, topic) + "\tapple pear\n";
  }
  const Dataset data = dataset_from_documents(documents_in(text), "it");
  CHECK(data.class_names.size() == kMaxTopics);
  CHECK(data.class_names.back() == kOtherTopics);
  CHECK(data.documents->has_others);
  // Without topics there are no classes.
  const Dataset bare = dataset_from_documents(documents_in("apple pear\npear plum\n"), "it");
  CHECK(bare.class_names.empty());
  CHECK(bare.train.labels.empty());
}

TEST_CASE("what has no known word is left out, and the note says which lines") {
  std::string text = "a\tthe of and\n" + two_topics(12) + "b\t\nb\t!!\n";
  const Dataset data = dataset_from_documents(documents_in(text), "it");
  CHECK(data.train.count() + data.test.count() == 24);
  const std::string& note = data.documents->note;
  CHECK(contains(note, "1 of the lines has a label and no text, and is left out: line 26."));
  CHECK(contains(note,
                 "2 of the documents have no word of the vocabulary, and are left out: lines "
                 "1 and 27."));
  CHECK(contains(note, "have 12 different words, and the vocabulary has these instead of 2000."));
  CHECK(dataset_from_documents(documents_in(two_topics(12)), "it", {.words = 12})
            .documents->note.empty());
}

TEST_CASE("documents that make no data set are refused in a sentence") {
  CHECK(contains(error_with("a\tone text alone\n"), "at least two are needed"));
  CHECK(contains(error_with("the of\nand or\nthe and\n"), "no words but those of the stop list"));
  const WordInput other{Vocabulary({"zebra"}, {}),
                        TfIdf(std::vector<double>{1.0}, TermFrequency::kLog)};
  CHECK(contains(error_with(two_topics(6), {.known = &other}),
                 "the model was trained on documents with other words"));
  const Dataset data = dataset_from_documents(documents_in(two_topics(6)), "it");
  CHECK(contains(error_of([&] { scaled(data, Scaling::kSigned); }),
                 "data.scaling must be unit, not signed"));
  CHECK(data_hash(scaled(data, Scaling::kUnit)) == data_hash(data));
}

TEST_CASE("a model's own words make the same numbers of the same documents") {
  const Documents documents = documents_in(two_topics(12));
  const Dataset data = dataset_from_documents(documents, "it", {.words = 7});
  const WordInput known = parse_word_input(
      word_input_json(data.documents->input.vocabulary, data.documents->input.tfidf), "it", 7);
  const Dataset again = dataset_from_documents(documents, "it", {.known = &known});
  CHECK(data_hash(again) == data_hash(data));
}

TEST_CASE("text files in a folder are documents, and subfolders their topics") {
  const TemporaryFolder folder;
  CHECK(!has_text_files(folder.path()));
  for (const char* topic : {"sea", "sky"}) {
    std::filesystem::create_directory(folder.path() / topic);
    for (int i = 0; i < 8; ++i) {
      std::ofstream(folder.path() / topic / ("t" + std::to_string(i) + ".txt"))
          << (topic == std::string("sea") ? "Ships sail\nover waves."
                                          : "Clouds drift\tover hills.");
    }
  }
  std::ofstream(folder.path() / "sky" / ".hidden.txt") << "nothing";
  std::ofstream(folder.path() / "sky" / "empty.txt") << "\n";
  CHECK(has_text_files(folder.path()));
  const Documents documents = documents_in_folder(folder.path());
  CHECK(documents.count() == 16);
  CHECK(documents.label_names() == std::vector<std::string>{"sea", "sky"});
  CHECK(documents.text(0) == "Ships sail over waves.");
  CHECK(documents.text(15) == "Clouds drift over hills.");
  const Dataset data = dataset_from_documents(documents, "folder");
  CHECK(data.class_names.size() == 2);
  // A file that is no text is named.
  std::ofstream(folder.path() / "sea" / "bad.txt") << "\xFF\xFE" << "a";
  CHECK(contains(error_of([&] { documents_in_folder(folder.path()); }), "bad.txt' is in UTF-16"));
}

TEST_CASE("the built-in documents are those of the corpus") {
  const auto file = read_file(source_path("/assets/corpus/documents.tsv"));
  CHECK(built_in_documents() == std::string(file.begin(), file.end()));
}
