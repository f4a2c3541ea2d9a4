#include "core/data/sources/document_dataset.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/error.h"

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

}  // namespace hourglass
