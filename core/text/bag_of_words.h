// Documents as bags of words: which words, and how often, whatever their order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/base/index.h"

namespace hourglass {

// A matrix of which few entries are not 0, row by row (CSR): row i has the entries offsets[i] to
// offsets[i + 1], by ascending column.
template <typename Value>
struct SparseRows {
  Index columns = 0;
  std::vector<std::size_t> offsets{0};  // rows + 1
  std::vector<std::uint32_t> indices;   // columns
  std::vector<Value> values;            // none is 0

  Index rows() const { return static_cast<Index>(offsets.size()) - 1; }
  std::size_t size(Index row) const {
    const auto i = static_cast<std::size_t>(row);
    return offsets[i + 1] - offsets[i];
  }
  std::span<const std::uint32_t> indices_of(Index row) const {
    return std::span(indices).subspan(offsets[static_cast<std::size_t>(row)], size(row));
  }
  std::span<const Value> values_of(Index row) const {
    return std::span(values).subspan(offsets[static_cast<std::size_t>(row)], size(row));
  }
  void end_row() { offsets.push_back(indices.size()); }
};

using WordCounts = SparseRows<std::uint32_t>;  // documents x words of a vocabulary
using WordWeights = SparseRows<double>;

// Rows `chosen`, in that order.
template <typename Value>
SparseRows<Value> chosen_rows(const SparseRows<Value>& all, std::span<const Index> chosen) {
  SparseRows<Value> some;
  some.columns = all.columns;
  for (const Index row : chosen) {
    const auto indices = all.indices_of(row);
    const auto values = all.values_of(row);
    some.indices.insert(some.indices.end(), indices.begin(), indices.end());
    some.values.insert(some.values.end(), values.begin(), values.end());
    some.end_row();
  }
  return some;
}

// Columns as rows: for each word the documents that have it, by ascending number.
WordWeights transposed(const WordWeights& rows);

// Rows without an entry: documents of which no word is known.
template <typename Value>
std::vector<Index> empty_rows(const SparseRows<Value>& rows) {
  std::vector<Index> empty;
  for (Index i = 0; i < rows.rows(); ++i) {
    if (rows.size(i) == 0) empty.push_back(i);
  }
  return empty;
}

// Each count over the sum of its document's: what a softmax over words is compared with (Hinton and
// Salakhutdinov 2006, "Reducing the dimensionality of data with neural networks", supporting
// online material). A document without words has none.
WordWeights probabilities(const WordCounts& counts);

// How much it counts that a word comes several times.
enum class TermFrequency {
  kCount,  // as often as it comes
  kLog     // 1 + ln(count): a word that comes ten times says little more than one that comes twice
};

// Term frequency times inverse document frequency, as scikit-learn's TfidfTransformer computes it
// by default (kLog: with sublinear_tf): a word in df of n documents weighs
// tf (ln((1 + n) / (1 + df)) + 1),  and each document is then scaled to a Euclidean length of 1
// (Manning, Raghavan and Schütze 2008, "Introduction to Information Retrieval", section 6.4).
class TfIdf {
 public:
  // The document frequencies are those in `counts`.
  explicit TfIdf(const WordCounts& counts, TermFrequency frequency = TermFrequency::kCount);
  // Frequencies that are known already, one for each word: those of a file.
  TfIdf(std::vector<double> inverse_document_frequencies, TermFrequency frequency)
      : frequency_(frequency), idf_(std::move(inverse_document_frequencies)) {}

  // Of documents, these or others, counted by the same vocabulary.
  WordWeights weights(const WordCounts& counts) const;
  // For each word.
  const std::vector<double>& inverse_document_frequencies() const { return idf_; }

 private:
  TermFrequency frequency_;
  std::vector<double> idf_;
};

}  // namespace hourglass
