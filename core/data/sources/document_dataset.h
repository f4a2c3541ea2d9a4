// Documents as a data set: a feature for each word of a vocabulary.
#pragma once

#include "core/data/dataset.h"
#include "core/text/bag_of_words.h"

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

}  // namespace hourglass
