#include "core/data/data_hash.h"

#include <doctest/doctest.h>

#include <set>

namespace hourglass {
namespace {

Dataset bytes_data() {
  Dataset data;
  data.name = "points.csv";
  data.shape = {1, 2, 2};
  data.class_names = {"a", "b"};
  data.train = Samples(4, std::vector<std::uint8_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  data.train.labels = {0, 1, 0};
  data.test = Samples(4, std::vector<std::uint8_t>{255, 254, 253, 252});
  data.test.labels = {1};
  return data;
}

Dataset floats_data(float last) {
  Dataset data;
  data.shape = {1, 1, 2};
  data.train = Samples(2, std::vector<float>{0.5f, -1, 2, 3, 4, 5});
  data.test = Samples(2, std::vector<float>{1, last});
  return data;
}

TEST_CASE("the hash of a data set is the same everywhere") {
  // Fixed: checkpoints hold it.
  CHECK(data_hash(bytes_data()) == "d9b3b60393eb8eb3");
  CHECK(data_hash(scaled(floats_data(2), Scaling::kStandardised)) == "7b8e40fcfbbc6c0e");
}

TEST_CASE("whatever a model sees is part of a data set's hash, and names are not") {
  std::set<std::string> hashes;
  int made = 0;
  const auto add = [&](const Dataset& data) {
    hashes.insert(data_hash(data));
    ++made;
  };
  add(bytes_data());
  add(scaled(bytes_data(), Scaling::kSigned));
  add(scaled(bytes_data(), Scaling::kStandardised));
  Dataset data = bytes_data();
  data.shape = {1, 1, 4};
  add(data);
  data = bytes_data();
  data.train.labels[1] = 0;
  add(data);
  data = bytes_data();
  data.train.labels.clear();
  add(data);
  data = bytes_data();
  std::swap(data.train, data.test);
  add(data);
  data = bytes_data();
  data.train = Samples(4, std::vector<std::uint8_t>{4, 5, 6, 7, 0, 1, 2, 3, 8, 9, 10, 11});
  data.train.labels = {0, 1, 0};
  add(data);
  add(floats_data(2));
  add(floats_data(3));
  add(scaled(floats_data(2), Scaling::kUnit));
  CHECK(static_cast<int>(hashes.size()) == made);

  data = bytes_data();
  data.name = "moved.csv";
  data.class_names = {"A", "B"};
  CHECK(data_hash(data) == data_hash(bytes_data()));
}

}  // namespace
}  // namespace hourglass
