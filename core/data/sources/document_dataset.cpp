#include "core/data/sources/document_dataset.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/split.h"

namespace hourglass {
namespace {

Samples document_samples(const WordWeights& weights) {
  const auto features = static_cast<std::size_t>(weights.columns);
  std::vector<float> values(static_cast<std::size_t>(weights.rows()) * features);
  std::vector<Scalar> column(features);
  for (Index i = 0; i < weights.rows(); ++i) {
    write_document(weights, i, column.data());
    std::transform(column.begin(), column.end(),
                   values.begin() + static_cast<std::ptrdiff_t>(i) * weights.columns,
                   [](Scalar value) { return static_cast<float>(value); });
  }
  return Samples(weights.columns, std::move(values));
}

// Of the text of a document, in bytes.
constexpr std::size_t kBeginning = 120;

// The class of each document and their names; none where no document has one topic.
struct Topics {
  std::vector<std::int32_t> labels;
  std::vector<std::string> names;
  bool has_others = false;
};

Topics topics_of(const Documents& documents) {
  Topics topics;
  SingleTopics single = single_topics(documents, kMaxTopics);
  if (single.names.empty()) return topics;
  const auto count = static_cast<std::size_t>(documents.count());
  topics.has_others = single.documents.size() < count;
  if (topics.has_others) single = single_topics(documents, kMaxTopics - 1);
  topics.names = std::move(single.names);
  topics.labels.assign(count, static_cast<std::int32_t>(topics.names.size()));
  for (std::size_t i = 0; i < single.documents.size(); ++i) {
    topics.labels[static_cast<std::size_t>(single.documents[i])] = single.labels[i];
  }
  if (topics.has_others) topics.names.emplace_back(kOtherTopics);
  return topics;
}

std::vector<std::string_view> texts_of(const Documents& documents,
                                       const std::vector<std::uint32_t>& rows) {
  std::vector<std::string_view> texts;
  texts.reserve(rows.size());
  for (const std::uint32_t row : rows) texts.push_back(documents.text(static_cast<Index>(row)));
  return texts;
}

// Counts the words of documents `rows`. Those without any leave `rows` and go into `empty`.
DocumentInfo::Split counted(const Documents& documents, const Vocabulary& vocabulary,
                            std::vector<std::uint32_t>& rows, std::vector<std::size_t>& empty) {
  const WordCounts all = vocabulary.count(texts_of(documents, rows));
  DocumentInfo::Split split;
  std::vector<Index> kept;
  std::vector<std::uint32_t> kept_rows;
  for (Index i = 0; i < all.rows(); ++i) {
    const std::uint32_t row = rows[static_cast<std::size_t>(i)];
    if (all.size(i) == 0) {
      empty.push_back(documents.line(static_cast<Index>(row)));
      continue;
    }
    kept.push_back(i);
    kept_rows.push_back(row);
    split.beginnings.push_back(beginning_of(documents.text(static_cast<Index>(row)), kBeginning));
  }
  split.counts = chosen_rows(all, kept);
  rows = std::move(kept_rows);
  return split;
}

std::string left_out_note(const Documents& documents, const DocumentOptions& options,
                          std::vector<std::size_t> empty, const DocumentInfo& info) {
  std::string note;
  const auto say = [&](const std::vector<std::size_t>& lines, const std::string& of,
                       const std::string& lack) {
    if (lines.empty()) return;
    const bool is_one = lines.size() == 1;
    note += (note.empty() ? "" : " ") + std::to_string(lines.size()) + " of the " + of +
            (is_one ? " has " : " have ") + lack + ", and " + (is_one ? "is" : "are") +
            " left out: " + lines_text(lines, options.unit) + ".";
  };
  std::sort(empty.begin(), empty.end());
  say(documents.lines_without_text(), "lines", "a label and no text");
  say(empty, "documents", "no word of the vocabulary");
  const Index words = info.input.vocabulary.size();
  if (!options.known && words < options.words) {
    note += (note.empty() ? "" : " ");
    note += "The documents have " + std::to_string(words) +
            " different words, and the vocabulary has these instead of " +
            std::to_string(options.words) + ".";
  }
  return note;
}

WordInput input_of(const Documents& documents, const std::vector<std::uint32_t>& train,
                   const DocumentOptions& options) {
  if (options.known) return *options.known;
  return {Vocabulary(texts_of(documents, train), options.words), TfIdf(WordCounts{}),
          options.weighting};
}

}  // namespace

void write_document(const WordWeights& weights, Index document, Scalar* column) {
  std::fill_n(column, weights.columns, Scalar(0));
  const auto words = weights.indices_of(document);
  const auto values = weights.values_of(document);
  for (std::size_t k = 0; k < words.size(); ++k) {
    column[words[k]] = static_cast<Scalar>(kDocumentLength * values[k]);
  }
}

Dataset document_dataset(const WordWeights& train, const WordWeights& test) {
  const std::int64_t documents = std::int64_t{train.rows()} + test.rows();
  if (documents * train.columns > kMaxDocumentNumbers) {
    throw Error(std::to_string(documents) + " documents of " + std::to_string(train.columns) +
                " words each are more numbers than can be trained on; with " +
                std::to_string(std::max<std::int64_t>(1, kMaxDocumentNumbers / documents)) +
                " words they are not.");
  }
  Dataset data;
  data.shape = {1, 1, train.columns};
  data.train = document_samples(train);
  data.test = document_samples(test);
  data.range = {0, static_cast<Scalar>(kDocumentLength)};
  data.is_sparse = true;
  return data;
}

Dataset dataset_from_documents(const Documents& documents, const std::string& name,
                               const DocumentOptions& options) {
  Topics topics = topics_of(documents);
  // Numbers stand for the documents while these are divided.
  Samples numbers(1, std::vector<float>(static_cast<std::size_t>(documents.count())));
  numbers.labels = topics.labels;
  Dataset divided;
  if (!options.whole) split_samples(numbers, name, divided);
  std::vector<std::uint32_t> train = divided.train.rows, test = divided.test.rows;
  if (options.whole) {
    train.resize(static_cast<std::size_t>(documents.count()));
    std::iota(train.begin(), train.end(), 0u);
  }

  DocumentInfo info{input_of(documents, train, options), options.words, {}, {}, false, ""};
  std::vector<std::size_t> empty;
  info.train = counted(documents, info.input.vocabulary, train, empty);
  info.test = counted(documents, info.input.vocabulary, test, empty);
  if (train.empty() || (test.empty() && !options.whole)) {
    throw Error("No " + std::string(train.empty() ? "" : "held-out ") + "document in '" + name +
                "' has a word that is known" +
                (options.known ? "; the model was trained on documents with other words."
                               : "; a larger data.vocabulary or more documents would help."));
  }
  if (!options.known) info.input.tfidf = TfIdf(info.train.counts, TermFrequency::kLog);
  info.has_others = topics.has_others;
  info.note = left_out_note(documents, options, std::move(empty), info);

  Dataset data =
      document_dataset(info.input.weights(info.train.counts), info.input.weights(info.test.counts));
  data.name = name;
  data.class_names = std::move(topics.names);
  data.split_by = divided.split_by;
  if (!topics.labels.empty()) {
    data.labels_from = documents.labels_from().empty() ? "the topics" : documents.labels_from();
    for (const std::uint32_t row : train) data.train.labels.push_back(topics.labels[row]);
    for (const std::uint32_t row : test) data.test.labels.push_back(topics.labels[row]);
  }
  data.train.rows = std::move(train);
  data.test.rows = std::move(test);
  data.documents = std::make_shared<const DocumentInfo>(std::move(info));
  return data;
}

}  // namespace hourglass
