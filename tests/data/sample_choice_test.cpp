#include "core/data/import/sample_choice.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/data/split.h"
#include "tests/data/expect_error.h"

namespace hourglass {
namespace {

// Sample i has the one value i; `split` as a file has it, or at random.
Imported numbered(int count, bool at_random) {
  std::vector<float> values;
  for (int i = 0; i < count; ++i) values.push_back(static_cast<float>(i));
  Imported imported;
  imported.data.shape = {1, 1, 1};
  if (at_random) {
    split_samples(Samples(1, values), "it", imported.data);
    return imported;
  }
  const auto middle = values.begin() + count / 2;
  imported.data.train = mixed(Samples(1, std::vector<float>(values.begin(), middle)));
  imported.data.test = mixed(Samples(1, std::vector<float>(middle, values.end())));
  imported.data.split_by = "as the file has it";
  return imported;
}

std::vector<float> sorted_values(const Dataset& data) {
  std::vector<float> all(data.train.values().begin(), data.train.values().end());
  all.insert(all.end(), data.test.values().begin(), data.test.values().end());
  std::ranges::sort(all);
  return all;
}

TEST_CASE("sample choice: counts in proportion, and at least one of each") {
  using Counts = std::pair<Index, Index>;
  CHECK(chosen_counts(60, 10, 0) == Counts{60, 10});
  CHECK(chosen_counts(60, 10, 70) == Counts{60, 10});
  CHECK(chosen_counts(60, 10, 7) == Counts{6, 1});
  CHECK(chosen_counts(1000, 1, 10) == Counts{9, 1});
  CHECK(chosen_counts(60, 0, 7) == Counts{7, 0});
  CHECK(chosen_counts(1, 1000, 10) == Counts{1, 9});
}

TEST_CASE("sample choice: places are different ones, in order, always the same") {
  const auto places = chosen_places(1000, 100, 3);
  CHECK(places.size() == 100);
  CHECK(std::ranges::is_sorted(places));
  CHECK(std::ranges::adjacent_find(places) == places.end());
  CHECK(places == chosen_places(1000, 100, 3));
  CHECK(places != chosen_places(1000, 100, 4));
  CHECK(chosen_places(3, 5, 0) == std::vector<std::uint32_t>{0, 1, 2});
}

TEST_CASE("sample choice: without a wish nothing changes") {
  for (const bool at_random : {false, true}) {
    Imported imported = numbered(60, at_random);
    const Imported before = imported;
    choose_samples({}, "it", imported);
    CHECK(std::ranges::equal(imported.data.train.values(), before.data.train.values()));
    CHECK(imported.data.test.rows == before.data.test.rows);
    CHECK(imported.report.notes.empty());
  }
}

TEST_CASE("sample choice: fewer samples, counted") {
  Imported imported = numbered(60, true);
  choose_samples({.most_samples = 30}, "it", imported);
  CHECK(imported.data.train.count() == 25);
  CHECK(imported.data.test.count() == 5);
  CHECK(imported.report.left_out == 30);
  CHECK(imported.report.notes[0].text ==
        "30 of 60 samples are used, chosen at random "
        "(data.most_samples).");
}

TEST_CASE("sample choice: another share and another seed") {
  Imported imported = numbered(60, false);
  choose_samples({.test_share = 0.25}, "it", imported);
  CHECK(imported.data.test.count() == 15);
  CHECK(imported.data.split_by == "25%, chosen at random");
  CHECK(sorted_values(imported.data) == sorted_values(numbered(60, true).data));
  // A seed alone leaves a split of the files as it is.
  Imported given = numbered(60, false);
  choose_samples({.split_seed = 5}, "it", given);
  CHECK(given.data.split_by == "as the file has it");
  Imported random = numbered(60, true);
  choose_samples({.split_seed = 5}, "it", random);
  CHECK(random.data.test.count() == 10);
  CHECK_FALSE(std::ranges::equal(random.data.test.values(), numbered(60, true).data.test.values()));
  // Rows still say where each sample was.
  for (std::size_t i = 0; i < random.data.test.rows.size(); ++i) {
    CHECK(random.data.test.values()[i] == static_cast<float>(random.data.test.rows[i]));
  }
  Imported most = numbered(10, true);
  choose_samples({.test_share = 0.9}, "it", most);
  CHECK(most.data.train.count() == 1);
}

TEST_CASE("sample choice: parts of different types, and one with labels alone") {
  Imported imported;
  Dataset& data = imported.data;
  data.shape = {1, 1, 1};
  data.train = Samples(1, std::vector<std::uint8_t>{0, 51, 102});
  data.test = Samples(1, std::vector<float>{0.6f, 0.8f, 1.0f});
  data.train.labels = {0, 1, 0};
  data.class_names = {"a", "b"};
  data.labels_from = "column 'kind'";
  imported.report.label = "column 'kind'";
  choose_samples({.test_share = 0.5}, "it", imported);
  CHECK(data.test.count() == 3);
  const std::vector<float> all = sorted_values(data);
  const std::vector<float> right = {0, 0.2f, 0.4f, 0.6f, 0.8f, 1};
  CHECK(all == right);
  CHECK(data.class_names.empty());
  CHECK(imported.report.label.text.empty());
  CHECK(contains(imported.report.notes.at(0), "Only a part of the samples has labels"));
}

}  // namespace
}  // namespace hourglass
