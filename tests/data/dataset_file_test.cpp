// A whole data set as bytes, there and back, and what is refused on the way.
#include "core/data/sources/dataset_file.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "core/data/data_hash.h"
#include "core/data/document_info.h"
#include "core/data/sources/document_dataset.h"
#include "core/formats/safetensors.h"
#include "core/text/documents.h"
#include "tests/data/expect_error.h"

namespace hourglass {
namespace {

// Six images of 2 x 3 in two classes, two of them held out.
Dataset images() {
  Dataset data;
  data.name = "spots";
  data.shape = {1, 2, 3};
  data.class_names = {"left", "right"};
  std::vector<std::uint8_t> train(24), test(12);
  for (std::size_t i = 0; i < train.size(); ++i) train[i] = static_cast<std::uint8_t>(10 * i);
  for (std::size_t i = 0; i < test.size(); ++i) test[i] = static_cast<std::uint8_t>(i);
  data.train = Samples(6, train);
  data.test = Samples(6, test);
  data.train.labels = {0, 1, 1, 0};
  data.test.labels = {1, 0};
  data.train.rows = {5, 4, 1, 0};
  data.test.rows = {2, 3};
  data.labels_from = "the subfolders";
  data.split_by = "as the folders have it";
  return data;
}

Dataset table() {
  Dataset data;
  data.name = "cars.csv";
  data.shape = {1, 1, 2};
  data.feature_names = {"power", "weight"};
  data.factors = {{"year", "", 70, 82}};
  data.train = Samples(2, std::vector<float>{130, 3504, -1.5f, 0});
  data.test = Samples(2, std::vector<float>{1e6f, 1e-6f});
  data.train.factors = {{70, 71}};
  data.test.factors = {{82}};
  return data;
}

// The bytes of `data` after `change` was made to the file, under a hash that fits if that is asked.
std::vector<std::uint8_t> changed(const Dataset& data,
                                  const std::function<void(Safetensors&)>& change) {
  const std::vector<std::uint8_t> bytes = dataset_to_bytes(data);
  Safetensors file = read_safetensors(bytes, "it");
  change(file);
  return write_safetensors(file);
}

std::string refusal(const std::vector<std::uint8_t>& bytes) {
  return error_of([&] { dataset_from_bytes(bytes, "The data"); });
}

TEST_CASE("dataset file: images come back with all that is known of them") {
  const Dataset data = images();
  const DatasetFile read =
      dataset_from_bytes(dataset_to_bytes(data, R"({"data.label":"first"})"), "The data");
  CHECK(read.options == R"({"data.label":"first"})");
  CHECK(read.data.name == "spots");
  CHECK(read.data.shape == data.shape);
  CHECK(read.data.class_names == data.class_names);
  CHECK(read.data.train.labels == data.train.labels);
  CHECK(read.data.test.labels == data.test.labels);
  CHECK(read.data.train.rows == data.train.rows);
  CHECK(read.data.labels_from == data.labels_from);
  CHECK(read.data.split_by == data.split_by);
  CHECK(std::ranges::equal(read.data.train.bytes(), data.train.bytes()));
  CHECK(data_hash(read.data) == data_hash(data));
}

TEST_CASE("dataset file: a table comes back with its titles and factors") {
  const Dataset data = table();
  const DatasetFile read = dataset_from_bytes(dataset_to_bytes(data), "The data");
  CHECK(read.data.feature_names == data.feature_names);
  REQUIRE(read.data.factors.size() == 1);
  CHECK(read.data.factors[0].name == "year");
  CHECK(read.data.factors[0].high == 82);
  CHECK(read.data.train.factors == data.train.factors);
  CHECK(read.data.test.factors == data.test.factors);
  CHECK(std::ranges::equal(read.data.train.values(), data.train.values()));
  CHECK(read.data.train.labels.empty());
  CHECK(data_hash(read.data) == data_hash(data));
}

// Twelve documents of two topics.
Dataset texts() {
  std::string lines;
  for (int i = 0; i < 12; ++i) {
    lines += i % 2 ? "farm\tgrain wheat harvest barley field\n"
                   : "energy\toil crude barrel price market\n";
  }
  return dataset_from_documents(
      read_documents(std::vector<std::uint8_t>(lines.begin(), lines.end()), "texts.tsv"),
      "texts.tsv", {.words = 8});
}

TEST_CASE("dataset file: documents come back with their words") {
  const Dataset data = texts();
  const DatasetFile read = dataset_from_bytes(dataset_to_bytes(data), "The data");
  CHECK(data_hash(read.data) == data_hash(data));
  REQUIRE(read.data.documents);
  CHECK(read.data.is_sparse);
  CHECK(read.data.documents->input.vocabulary.words() == data.documents->input.vocabulary.words());
  CHECK(read.data.documents->train.beginnings == data.documents->train.beginnings);
  CHECK(read.data.documents->test.counts.indices == data.documents->test.counts.indices);
  CHECK(read.data.documents->wanted == 8);
  CHECK(read.data.class_names == data.class_names);
  CHECK(read.data.train.labels == data.train.labels);
  const auto without = [&](const char* name) {
    return changed(data, [&](Safetensors& file) {
      std::erase_if(file.tensors, [&](const TensorEntry& entry) { return entry.name == name; });
    });
  };
  CHECK(contains(refusal(without("train.words")), "no array 'train.words'"));
  const std::vector<std::uint32_t> bad = {0, 999'999};
  const auto with_offsets = changed(data, [&](Safetensors& file) {
    for (TensorEntry& entry : file.tensors) {
      if (entry.name != "train.offsets") continue;
      entry.shape = {2};
      entry.bytes = bytes_of(bad);
    }
  });
  CHECK(contains(refusal(with_offsets), "do not fit together"));
}

TEST_CASE("dataset file: what does not fit together is refused by what is wrong") {
  const auto metadata = [](const char* from, const char* to) {
    return changed(images(), [&](Safetensors& file) {
      std::string& text = file.metadata["dataset"];
      const std::size_t at = text.find(from);
      REQUIRE(at != std::string::npos);
      text.replace(at, std::strlen(from), to);
    });
  };
  CHECK(contains(refusal(metadata("\"spots\"", "7")), "no name"));
  CHECK(contains(refusal(metadata("[1,2,3]", "[1,2]")), "channels, rows and columns"));
  CHECK(contains(refusal(metadata("[1,2,3]", "[1,2,-3]")), "1 to 1,000,000"));
  CHECK(contains(refusal(metadata("[1,2,3]", "[99999,99999,99999]")), "16,777,216"));
  CHECK(contains(refusal(metadata("[1,2,3]", "[1,2,4]")), "samples of 8 numbers"));
  CHECK(contains(refusal(metadata("[\"left\",\"right\"]", "[\"left\"]")), "there are 1 classes"));
  CHECK(contains(refusal(metadata("[\"left\",\"right\"]", "{}")), "'classes' is no list"));
  CHECK(contains(refusal(metadata("\"features\":[]", "\"features\":[\"a\"]")), "names 1 features"));
  CHECK(contains(refusal(metadata("{", "[")), "no JSON object"));
  const auto without = [](const char* name) {
    return changed(images(), [&](Safetensors& file) {
      std::erase_if(file.tensors, [&](const TensorEntry& entry) { return entry.name == name; });
    });
  };
  CHECK(contains(refusal(without("test.features")), "no array 'test.features'"));
  CHECK(contains(refusal(without("test.labels")), "one of its splits has labels"));
  CHECK(contains(refusal(changed(images(), [](Safetensors& file) { file.metadata["hash"] = "x"; })),
                 "hash 'x'"));
  CHECK(contains(refusal({1, 2, 3}), "shorter than 8 bytes"));
}

TEST_CASE("dataset file: numbers that are not finite are refused") {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    Dataset data = table();
    data.train = Samples(2, std::vector<float>{1, bad});
    data.train.factors = {{70}};
    CHECK(contains(refusal(dataset_to_bytes(data)), "not finite"));
  }
}

TEST_CASE("dataset file: cut anywhere, it is refused") {
  const std::vector<std::uint8_t> bytes = dataset_to_bytes(images());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(
        refusal({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}).empty());
  }
}

}  // namespace
}  // namespace hourglass
