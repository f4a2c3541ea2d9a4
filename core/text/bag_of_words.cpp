#include "core/text/bag_of_words.h"

#include <cassert>
#include <cmath>
#include <numeric>

namespace hourglass {

WordWeights probabilities(const WordCounts& counts) {
  WordWeights shares{counts.columns, counts.offsets, counts.indices, {}};
  shares.values.reserve(counts.values.size());
  for (Index i = 0; i < counts.rows(); ++i) {
    const auto row = counts.values_of(i);
    const double sum = std::accumulate(row.begin(), row.end(), 0.0);
    for (const std::uint32_t count : row) shares.values.push_back(count / sum);
  }
  return shares;
}

WordWeights transposed(const WordWeights& rows) {
  WordWeights turned;
  turned.columns = rows.rows();
  turned.offsets.assign(static_cast<std::size_t>(rows.columns) + 1, 0);
  turned.indices.resize(rows.indices.size());
  turned.values.resize(rows.values.size());
  for (const std::uint32_t column : rows.indices) ++turned.offsets[column + 1];
  std::partial_sum(turned.offsets.begin(), turned.offsets.end(), turned.offsets.begin());
  std::vector<std::size_t> next(turned.offsets.begin(), turned.offsets.end() - 1);
  for (Index i = 0; i < rows.rows(); ++i) {
    const auto columns = rows.indices_of(i);
    const auto values = rows.values_of(i);
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const std::size_t place = next[columns[k]]++;
      turned.indices[place] = static_cast<std::uint32_t>(i);
      turned.values[place] = values[k];
    }
  }
  return turned;
}

TfIdf::TfIdf(const WordCounts& counts, TermFrequency frequency)
    : frequency_(frequency), idf_(static_cast<std::size_t>(counts.columns), 0.0) {
  for (const std::uint32_t word : counts.indices) ++idf_[word];
  const double n = static_cast<double>(counts.rows());
  for (double& idf : idf_) idf = std::log((1 + n) / (1 + idf)) + 1;
}

WordWeights TfIdf::weights(const WordCounts& counts) const {
  assert(counts.columns == static_cast<Index>(idf_.size()));
  WordWeights weights{counts.columns, counts.offsets, counts.indices, {}};
  weights.values.resize(counts.values.size());
  for (Index i = 0; i < counts.rows(); ++i) {
    const std::size_t begin = counts.offsets[static_cast<std::size_t>(i)];
    const std::size_t end = begin + counts.size(i);
    double square = 0;
    for (std::size_t k = begin; k < end; ++k) {
      const double count = counts.values[k];
      const double tf = frequency_ == TermFrequency::kLog ? 1 + std::log(count) : count;
      weights.values[k] = tf * idf_[counts.indices[k]];
      square += weights.values[k] * weights.values[k];
    }
    const double length = std::sqrt(square);
    for (std::size_t k = begin; k < end; ++k) weights.values[k] /= length;
  }
  return weights;
}

}  // namespace hourglass
