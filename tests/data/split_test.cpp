#include "core/data/split.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/data/expect_error.h"

namespace hourglass {
namespace {

// Sample i has the one value i, and label i % classes if there are any.
Samples numbered(int count, int classes) {
  std::vector<float> values;
  Samples samples;
  for (int i = 0; i < count; ++i) values.push_back(static_cast<float>(i));
  samples = Samples(1, values);
  for (int i = 0; i < count && classes > 0; ++i) samples.labels.push_back(i % classes);
  return samples;
}

Dataset split(const Samples& all) {
  Dataset data;
  split_samples(all, "numbers", data);
  return data;
}

TEST_CASE("split: one in six is held out, each sample is somewhere, labels stay with samples") {
  for (const int classes : {0, 5}) {
    const Dataset data = split(numbered(120, classes));
    CHECK(data.train.count() == 100);
    CHECK(data.test.count() == 20);
    std::vector<float> all(data.train.values().begin(), data.train.values().end());
    all.insert(all.end(), data.test.values().begin(), data.test.values().end());
    CHECK_FALSE(std::is_sorted(all.begin(), all.end()));
    for (std::size_t i = 0; i < data.test.labels.size(); ++i) {
      CHECK(data.test.labels[i] == static_cast<int>(data.test.values()[i]) % 5);
    }
    std::sort(all.begin(), all.end());
    for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i] == static_cast<float>(i));
    for (int label = 0; label < classes; ++label) {
      CHECK(std::count(data.test.labels.begin(), data.test.labels.end(), label) == 4);
    }
  }
}

TEST_CASE("split: the choice is always the same") {
  const Dataset once = split(numbered(50, 3)), again = split(numbered(50, 3));
  CHECK(std::equal(once.test.values().begin(), once.test.values().end(),
                   again.test.values().begin(), again.test.values().end()));
}

TEST_CASE("split: bytes, few samples, and too few") {
  Samples bytes(2, std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6});
  const Dataset data = split(bytes);
  CHECK(data.train.count() == 2);
  CHECK(data.test.count() == 1);
  CHECK(data.test.bytes()[1] == data.test.bytes()[0] + 1);
  CHECK(split(numbered(2, 2)).test.count() == 1);
  CHECK(contains(error_of([] { split(numbered(1, 0)); }), "'numbers' holds one sample"));
}

TEST_CASE("labels are sorted as numbers or as words") {
  std::vector<std::string> names;
  CHECK(labels_from_texts({"10", "9", "10"}, "x", names) == std::vector<std::int32_t>{1, 0, 1});
  CHECK(names == std::vector<std::string>{"9", "10"});
  CHECK(labels_from_texts({"b", "10", "a"}, "x", names) == std::vector<std::int32_t>{2, 0, 1});
  CHECK(names == std::vector<std::string>{"10", "a", "b"});
  std::vector<std::string> many;
  for (int i = 0; i < 1001; ++i) many.push_back(std::to_string(i));
  CHECK(contains(error_of([&] { labels_from_texts(many, "Column 3", names); }),
                 "Column 3: more than 1000 different ones"));
}

}  // namespace
}  // namespace hourglass
