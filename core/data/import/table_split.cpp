#include "core/data/import/table_split.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.h"
#include "core/base/write_number.h"
#include "core/data/import/sentences.h"
#include "core/data/split.h"
#include "core/math/random.h"

namespace hourglass {
namespace {

// As split_samples(), with another share and seed: class after class, each in random order, of
// which so many are held out, evenly.
std::vector<bool> chosen_by_share(const Samples& all, double share, std::int64_t seed) {
  const auto count = static_cast<std::size_t>(all.count());
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  shuffle_indices(static_cast<std::uint64_t>(seed) + 1, RandomStream::kSplit, 0, order);
  if (!all.labels.empty()) {
    std::ranges::stable_sort(
        order, [&](std::uint32_t a, std::uint32_t b) { return all.labels[a] < all.labels[b]; });
  }
  std::vector<bool> held_out(count);
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto due = static_cast<std::size_t>(std::floor(static_cast<double>(i + 1) * share));
    held_out[order[i]] = due > chosen;
    chosen = std::max(chosen, due);
  }
  if (chosen == 0) held_out[order.back()] = true;
  return held_out;
}

}  // namespace

void split_table(Samples all, const std::vector<bool>& held_out, const std::string& split_by,
                 const ImportOptions& options, const std::string& name, Dataset& data) {
  const bool has_share = options.test_share > 0;
  const bool is_said = !held_out.empty() && !has_share;
  if ((!is_said && !has_share && options.split_seed == 0) || all.count() < 2) {
    split_samples(all, name, data);
    return;
  }
  const double share = has_share ? options.test_share : 1.0 / static_cast<double>(kHoldOutOneIn);
  const std::vector<bool> chosen =
      is_said ? held_out : chosen_by_share(all, share, options.split_seed);
  std::vector<std::uint32_t> train, test;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    (chosen[i] ? test : train).push_back(static_cast<std::uint32_t>(i));
  }
  if (train.empty() || test.empty()) {
    throw Refusal(sentence(train.empty() ? "table.no_rows_train" : "table.no_rows_test", {name}));
  }
  data.split_by = is_said ? split_by
                          : shortest_text(share < 0.17 && !has_share ? 16.7 : 100 * share) + "%" +
                                (all.labels.empty() ? "" : " of each class") + ", chosen at random";
  data.train = mixed(permuted(all, train));
  data.test = mixed(permuted(all, test));
}

std::vector<std::uint32_t> training_rows(const Samples& all, const std::vector<bool>& held_out,
                                         const ImportOptions& options, const std::string& name) {
  Dataset data;
  split_table(all, held_out, "", options, name, data);
  return data.train.rows;
}

}  // namespace hourglass
