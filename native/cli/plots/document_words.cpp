#include "native/cli/plots/document_words.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include "core/base/largest.h"
#include "core/data/document_info.h"
#include "core/math/random.h"
#include "core/nn/inference.h"

namespace hourglass {
namespace {

constexpr std::size_t kWordsShown = 10;

std::string words_of(const Matrix& documents, Index document, const Vocabulary& vocabulary) {
  const std::span<const Scalar> values(documents.col(document).data(),
                                       static_cast<std::size_t>(documents.rows()));
  std::string words;
  for (const std::uint32_t word : largest_above_zero(values, kWordsShown)) {
    words += (words.empty() ? "" : " ") + vocabulary.word(static_cast<Index>(word));
  }
  return words;
}

}  // namespace

std::string reconstructions_tsv(const session::TrainingRun& run, const session::Settings& settings,
                                ThreadPool& pool) {
  const Dataset& data = *run.data();
  const Samples& samples = data.test;
  std::vector<std::uint32_t> order(static_cast<std::size_t>(samples.count()));
  std::iota(order.begin(), order.end(), 0u);
  const auto set = static_cast<std::uint32_t>(settings.integer("view.image_set"));
  if (set > 0) shuffle_indices(0, RandomStream::kViewSamples, set, order);
  const Index count = std::min<Index>(settings.integer("view.images"), samples.count());
  order.resize(static_cast<std::size_t>(count));
  Matrix originals(samples.features(), count), made(samples.features(), count);
  samples.gather(order, columns(originals, 0, count));
  Inference inference(run.model(), pool);
  inference.reconstruct(run.parameters(), columns(std::as_const(originals), 0, count),
                        columns(made, 0, count));
  const Vocabulary& vocabulary = data.documents->input.vocabulary;
  std::string table = "topic\tdocument\twords\texpected\n";
  for (Index j = 0; j < count; ++j) {
    const std::uint32_t document = order[static_cast<std::size_t>(j)];
    if (!samples.labels.empty()) {
      table += data.class_names[static_cast<std::size_t>(samples.labels[document])];
    }
    table += "\t" + data.documents->test.beginnings[document] + "\t" +
             words_of(originals, j, vocabulary) + "\t" + words_of(made, j, vocabulary) + "\n";
  }
  return table;
}

}  // namespace hourglass
