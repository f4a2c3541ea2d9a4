// Documents as a data set: a feature for each word of a vocabulary.
#pragma once

#include "core/data/dataset.h"
#include "core/data/document_info.h"
#include "core/text/documents.h"

namespace hourglass {

// The Euclidean length of a document as a network sees it, whose weights TfIdf::weights() has
// scaled to 1: with it the first layer's sums are about as large as its weights are made for.
inline constexpr double kDocumentLength = 5;

// The most numbers of a data set of documents, which takes four bytes for each.
inline constexpr std::int64_t kMaxDocumentNumbers = std::int64_t{1} << 29;

// Row `document` of `weights` as a network's input: weights.columns numbers.
void write_document(const WordWeights& weights, Index document, Scalar* column);

// Documents to train on and to test on, weighted by the same TfIdf. It has neither name nor labels.
// Throws Error if it would have more than kMaxDocumentNumbers.
Dataset document_dataset(const WordWeights& train, const WordWeights& test);

// The most classes of documents, as many as there are colours.
inline constexpr std::size_t kMaxTopics = 10;
// The name of the class of documents with none of the topics that are classes.
inline constexpr const char* kOtherTopics = "other topics";

struct DocumentOptions {
  Index words = kDefaultVocabulary;  // of the vocabulary, at most
  WordWeighting weighting = WordWeighting::kTfIdf;
  // The words and weights of a model that was trained on documents, in place of these two; null:
  // those of the training documents.
  const WordInput* known = nullptr;
  std::string unit = "line";  // what messages number
  bool whole = false;         // all documents in their order, one or more, as Dataset::train
};

// Documents as split_samples() divides them: five of six to train on, by whose words all are
// counted. Classes are their topics, the kMaxTopics most frequent, or one fewer and kOtherTopics.
// Documents without a known word are left out, which the note says. `name` is what messages call
// the file. Throws Error if there are fewer than two, a split has none with a known word, or they
// are more than kMaxDocumentNumbers.
Dataset dataset_from_documents(const Documents& documents, const std::string& name,
                               const DocumentOptions& options = {});

}  // namespace hourglass
