// What makes numbers of a text for a network: which words count, and how much. Kept in the metadata
// of the model that was trained on them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/text/bag_of_words.h"
#include "core/text/vocabulary.h"

namespace hourglass {

// How much a word counts.
enum class WordWeighting {
  kTfIdf,         // TfIdf::weights()
  kProbabilities  // probabilities()
};
std::span<const std::string_view> word_weighting_names();       // "tf-idf", "probabilities"
WordWeighting word_weighting_from_name(std::string_view name);  // throws Error

struct WordInput {
  Vocabulary vocabulary;
  TfIdf tfidf;
  WordWeighting weighting = WordWeighting::kTfIdf;

  WordWeights weights(const WordCounts& counts) const {
    return weighting == WordWeighting::kTfIdf ? tfidf.weights(counts) : probabilities(counts);
  }
  WordWeights weights(std::span<const std::string_view> texts) const {
    return weights(vocabulary.count(texts));
  }
};

// {"idf": [3.1, 4.7, ...], "stop_words": true, "words": ["oil", "grain", ...]}, and before the
// words "weights": "probabilities" where these are; term frequencies are logarithmic
// (TermFrequency::kLog).
std::string word_input_json(const Vocabulary& vocabulary, const TfIdf& tfidf,
                            WordWeighting weighting = WordWeighting::kTfIdf);

// The same back. `what` names the file. Throws Error unless `text` is of that form, with `size`
// different words of 1 to kMaxWordBytes and as many inverse document frequencies above 0.
WordInput parse_word_input(const std::string& text, const std::string& what, Index size);

}  // namespace hourglass
