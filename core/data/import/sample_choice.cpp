#include "core/data/import/sample_choice.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "core/data/description.h"
#include "core/data/document_info.h"
#include "core/data/import/sentences.h"
#include "core/data/split.h"
#include "core/math/random.h"

namespace hourglass {
namespace {

DocumentInfo::Split chosen_documents(const DocumentInfo::Split& all,
                                     const std::vector<std::uint32_t>& places) {
  DocumentInfo::Split split;
  const std::vector<Index> rows(places.begin(), places.end());
  split.counts = chosen_rows(all.counts, rows);
  for (const std::uint32_t place : places) split.beginnings.push_back(all.beginnings[place]);
  return split;
}

void choose_fewer(const ImportOptions& options, Imported& imported) {
  Dataset& data = imported.data;
  const Index all = data.train.count() + data.test.count();
  if (options.most_samples == 0 || all <= options.most_samples) return;
  const auto [train, test] =
      chosen_counts(data.train.count(), data.test.count(), options.most_samples);
  const auto train_places = chosen_places(data.train.count(), train, options.split_seed);
  const auto test_places = chosen_places(data.test.count(), test, options.split_seed);
  if (data.documents) {
    auto documents = std::make_shared<DocumentInfo>(*data.documents);
    documents->train = chosen_documents(data.documents->train, train_places);
    documents->test = chosen_documents(data.documents->test, test_places);
    data.documents = std::move(documents);
  }
  data.train = permuted(data.train, train_places);
  data.test = permuted(data.test, test_places);
  imported.report.left_out += all - train - test;
  imported.report.notes.push_back(choice_sentence(train + test, all, sample_noun(data.shape, all)));
}

// Those of both, in the order of the file where that is known of all of them together.
Samples together(const Dataset& data, bool of_one_file) {
  Samples all = joined(data.train, data.test);
  if (!of_one_file || all.rows.empty()) return all;
  std::vector<std::uint32_t> order(all.rows.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return all.rows[i]; });
  return permuted(all, order);
}

void split_anew(const ImportOptions& options, const std::string& name, Imported& imported) {
  Dataset& data = imported.data;
  const bool at_random = data.split_by.find("at random") != std::string::npos;
  const bool wants_other = options.test_share > 0 || (options.split_seed != 0 && at_random);
  if (!wants_other) return;
  if (data.documents) {
    imported.report.notes.push_back(sentence("documents.own_split", {}));
    return;
  }
  const Samples all = together(data, at_random);
  if (all.labels.empty() && !data.class_names.empty()) {  // one part alone has labels
    data.class_names.clear();
    data.labels_from.clear();
    imported.report.label = {};
    imported.report.notes.push_back(sentence("labels.of_a_part", {}));
  }
  split_samples(all, name, data, {.share = options.test_share, .seed = options.split_seed});
}

}  // namespace

std::pair<Index, Index> chosen_counts(Index train, Index test, Index most) {
  if (most == 0 || train + test <= most) return {train, test};
  if (train == 0 || test == 0) return {std::min(train, most), std::min(test, most)};
  const double share = static_cast<double>(test) / static_cast<double>(train + test);
  const Index held_out = std::clamp<Index>(std::llround(share * static_cast<double>(most)), 1,
                                           std::max<Index>(most - 1, 1));
  return {std::clamp<Index>(most - held_out, 1, train), std::min(held_out, test)};
}

std::vector<std::uint32_t> chosen_places(Index count, Index most, std::int64_t seed) {
  std::vector<std::uint32_t> places(static_cast<std::size_t>(count));
  std::iota(places.begin(), places.end(), 0u);
  if (most >= count) return places;
  constexpr std::uint32_t kChoice = 2;  // step of the stream; 0 and 1 are split and order
  shuffle_indices(static_cast<std::uint64_t>(seed) + 1, RandomStream::kSplit, kChoice, places);
  places.resize(static_cast<std::size_t>(most));
  std::ranges::sort(places);
  return places;
}

Sentence choice_sentence(Index chosen, Index count, const std::string& noun) {
  return sentence("chosen_at_random", {chosen, count, noun});
}

void choose_samples(const ImportOptions& options, const std::string& name, Imported& imported) {
  split_anew(options, name, imported);
  choose_fewer(options, imported);
}

}  // namespace hourglass
