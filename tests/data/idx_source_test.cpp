// Sets of IDX files, whatever they are called.
#include "core/data/import/idx_source.h"

#include <doctest/doctest.h>

#include "core/formats/gzip.h"
#include "core/formats/idx.h"
#include "tests/data/expect_error.h"
#include "tests/data/import_of.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

// `count` images of 28 x 28: a bar `height` high and `width` wide, with a grey corner at its top
// left that tells which way it lies, the image's number beside it.
Bytes bars(std::uint8_t count, int height, int width) {
  Bytes pixels;
  for (int n = 0; n < count; ++n) {
    for (int row = 0; row < 28; ++row) {
      for (int column = 0; column < 28; ++column) {
        const bool is_bar = row >= 4 && row < 4 + height && column >= 4 && column < 4 + width;
        pixels.push_back(is_bar ? 200 : row == 0 && column == 1 ? 99 : 0);
      }
    }
  }
  return write_idx(std::vector<Index>{count, 28, 28}, pixels);
}

Bytes labels(std::uint8_t count, int first, int classes) {
  Bytes numbers;
  for (int i = 0; i < count; ++i) {
    numbers.push_back(static_cast<std::uint8_t>(first + i % classes));
  }
  return write_idx(std::vector<Index>{count}, numbers);
}

// QMNIST's: 32-bit integers, eight a sample.
Bytes qmnist_labels(std::uint8_t count) {
  Bytes file = {0, 0, 0x0C, 2, 0, 0, 0, count, 0, 0, 0, 8};
  for (int i = 0; i < count; ++i) {
    for (int column = 0; column < 8; ++column) {
      const int value = column == 0 ? i % 10 : 1000 * column + i;
      for (int shift = 24; shift >= 0; shift -= 8) {
        file.push_back(static_cast<std::uint8_t>(value >> shift));
      }
    }
  }
  return file;
}

std::vector<NamedBytes> set_of(const std::vector<std::string>& names) {
  return {{names[0], bars(12, 20, 8)},
          {names[1], labels(12, 0, 4)},
          {names[2], bars(6, 20, 8)},
          {names[3], labels(6, 0, 4)}};
}

std::string all_notes(const Imported& imported) {
  std::string text;
  for (const std::string& note : imported.report.notes) text += note + "\n";
  return text;
}

TEST_CASE("IDX data: either spelling, any prefix, compressed or not") {
  for (const std::vector<std::string>& names :
       {std::vector<std::string>{"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                 "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"},
        {"train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte",
         "t10k-labels.idx1-ubyte"},
        {"train-images-idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte",
         "t10k-labels.idx1-ubyte"},
        {"raw/my-set-train-images-idx3-ubyte", "raw/my-set-train-labels-idx1-ubyte",
         "raw/my-set-test-images-idx3-ubyte", "raw/my-set-test-labels-idx1-ubyte"},
        {"train/images.idx", "train/labels.idx", "test/images.idx", "test/labels.idx"}}) {
    CAPTURE(names[0]);
    for (const bool packed : {false, true}) {
      std::vector<NamedBytes> files = set_of(names);
      if (packed) {
        for (NamedBytes& file : files) file = {file.path + ".gz", gzip(file.bytes)};
      }
      const Imported imported = import_of(files);
      CHECK(imported.data.train.count() == 12);
      CHECK(imported.data.test.count() == 6);
      CHECK(imported.data.shape == ImageShape{1, 28, 28});
      CHECK(imported.data.class_names == std::vector<std::string>{"0", "1", "2", "3"});
      CHECK(imported.data.train.labels[5] == 1);
      CHECK(imported.data.split_by == "as the files have it");
      CHECK(imported.data.labels_from == "the label files");
      CHECK(imported.report.notes.empty());
      CHECK(imported.data.train.bytes()[1] == 99);
    }
  }
}

TEST_CASE("IDX data: the same file plain and compressed is read once") {
  std::vector<NamedBytes> files = set_of({"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                          "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"});
  files.push_back({"train-images-idx3-ubyte.gz", gzip(files[0].bytes)});
  const Imported imported = import_of(files);
  CHECK(imported.data.train.count() == 12);
  CHECK(contains(all_notes(imported), "'train-images-idx3-ubyte.gz'"));
}

TEST_CASE("IDX data: a pair alone, images alone, and half a set") {
  const Imported pair =
      import_of({{"digits.idx", bars(12, 20, 8)}, {"kinds.idx", labels(12, 0, 3)}});
  CHECK(pair.data.train.count() == 10);
  CHECK(pair.data.test.count() == 2);
  CHECK(pair.data.class_names.size() == 3);
  const Imported alone = import_of({{"train-images-idx3-ubyte", bars(12, 20, 8)}});
  CHECK(alone.data.train.count() + alone.data.test.count() == 12);
  CHECK(alone.data.class_names.empty());
  CHECK(alone.data.split_by == "one in six, chosen at random");
  auto files = set_of({"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                       "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"});
  files.pop_back();
  const Imported half = import_of(files);
  CHECK(half.data.test.labels == std::vector<std::int32_t>(6, -1));
  CHECK(contains(all_notes(half), "no labels for 't10k-images-idx3-ubyte'"));
  ImportOptions none;
  none.label = "none";
  CHECK(import_of(files, none).data.train.labels.empty());
  none.label = "kind";
  CHECK(contains(error_of([&] { import_of(files, none); }), "auto or none is needed"));
  CHECK(contains(error_of([&] { import_of({{"train-labels-idx1-ubyte", labels(12, 0, 3)}}); }),
                 "as labels do; the file of the images"));
}

TEST_CASE("IDX data: several sets in a folder are named, and data.array chooses") {
  std::vector<NamedBytes> files;
  for (const char* prefix : {"a-", "b-"}) {
    for (const char* split : {"train", "test"}) {
      const std::string name = std::string(prefix) + split;
      files.push_back({name + "-images-idx3-ubyte", bars(prefix[0] == 'a' ? 12 : 18, 20, 8)});
      files.push_back({name + "-labels-idx1-ubyte", labels(prefix[0] == 'a' ? 12 : 18, 0, 2)});
    }
  }
  const std::string message = error_of([&] { import_of(files); });
  CHECK(contains(message, "several data sets, but 'a', 'b': data.array=NAME"));
  ImportOptions options;
  options.array = "b";
  const Imported imported = import_of(files, options);
  CHECK(imported.data.train.count() == 18);
  CHECK(imported.report.arrays == std::vector<std::string>{"a", "b"});
  CHECK(contains(all_notes(imported), "Left out: 'a'"));
  options.array = "c";
  CHECK(contains(error_of([&] { import_of(files, options); }), "no data set 'c', but 'a', 'b'"));
}

TEST_CASE("IDX data: EMNIST is turned upright and its letters have their names") {
  const auto letters = [](const std::string& prefix) -> std::vector<NamedBytes> {
    return {{prefix + "train-images-idx3-ubyte", bars(12, 8, 20)},
            {prefix + "train-labels-idx1-ubyte", labels(12, 1, 4)},
            {prefix + "test-images-idx3-ubyte", bars(6, 8, 20)},
            {prefix + "test-labels-idx1-ubyte", labels(6, 1, 4)}};
  };
  for (const char* prefix : {"emnist-letters-", ""}) {
    CAPTURE(prefix);
    const Imported imported = import_of(letters(prefix));
    // What lies at (row 0, column 1) in the file belongs at (1, 0).
    CHECK(imported.data.train.bytes()[28] == 99);
    CHECK(imported.data.train.bytes()[1] == 0);
    CHECK(imported.data.test.bytes()[28] == 99);
    CHECK(imported.data.class_names.size() == 26);
    CHECK(imported.data.class_names[0] == "A");
    CHECK(imported.data.class_names[25] == "Z");
    CHECK(imported.data.train.labels[1] == 1);
    CHECK(contains(all_notes(imported), "data.transpose=no leaves them as they are"));
    ImportOptions options;
    options.transpose = Guess::kNo;
    const Imported as_stored = import_of(letters(prefix), options);
    CHECK(as_stored.data.train.bytes()[1] == 99);
    CHECK(as_stored.data.class_names.size() == 26);
  }
  // Digits without a zero, which stand upright, are nobody's letters.
  const Imported digits = import_of({{"train-images-idx3-ubyte", bars(12, 20, 8)},
                                     {"train-labels-idx1-ubyte", labels(12, 1, 9)}});
  CHECK(digits.data.class_names.size() == 9);
  CHECK(digits.data.class_names[0] == "1");
  CHECK(digits.report.notes.empty());
}

TEST_CASE("IDX data: names of classes are in EMNIST's mapping file") {
  const std::string text = "0 48\r\n1 65 97\n2 66 98\n\n3 67 99\n";
  const std::vector<NamedBytes> files = {
      {"emnist-balanced-train-images-idx3-ubyte", bars(12, 8, 20)},
      {"emnist-balanced-train-labels-idx1-ubyte", labels(12, 0, 3)},
      {"emnist-balanced-mapping.txt", {text.begin(), text.end()}}};
  CHECK(import_of(files).data.class_names == std::vector<std::string>{"0", "A", "B", "C"});
  const Imported without = import_of({files[0], files[1]});
  CHECK(without.data.class_names.size() == 47);
  CHECK(without.data.class_names[36] == "a");
}

TEST_CASE("IDX data: of QMNIST's eight columns the first is the digit") {
  for (const char* name : {"qmnist-train-labels-idx2-int", "train-labels-idx1-ubyte"}) {
    const std::string prefix = name[0] == 'q' ? "qmnist-" : "";
    const Imported imported = import_of({{prefix + "train-images-idx3-ubyte", bars(20, 20, 8)},
                                         {name, qmnist_labels(20)},
                                         {prefix + "test-images-idx3-ubyte", bars(10, 20, 8)},
                                         {prefix + "test-labels-idx1-ubyte", labels(10, 0, 10)}});
    CHECK(imported.data.class_names.size() == 10);
    CHECK(imported.data.train.labels[13] == 3);
    CHECK(contains(all_notes(imported), "first of the eight columns"));
  }
}

TEST_CASE("IDX data: floats, and sizes that do not belong together") {
  const std::vector<float> values(48, 0.5f);
  const Imported floats = import_of({{"a.idx", write_idx(std::vector<Index>{12, 2, 2}, values)}});
  CHECK(floats.data.shape == ImageShape{1, 2, 2});
  auto files = set_of({"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                       "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"});
  files[1].bytes = labels(11, 0, 4);
  CHECK(contains(error_of([&] { import_of(files); }), "holds 11 labels, but"));
  files[1].bytes = labels(12, 0, 4);
  files[2].bytes = write_idx(std::vector<Index>{6, 4, 4}, Bytes(96, 20));
  CHECK(contains(error_of([&] { import_of(files); }), "both must be the same"));
  files[2].bytes = bars(6, 20, 8);
  files[0].bytes.resize(5000);
  CHECK(contains(error_of([&] { import_of(files); }), "train-images-idx3-ubyte' is not a usable"));
  // Names of the two sets that are downloaded.
  CHECK(import_of(set_of({"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                          "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}),
                  {}, "fashion-mnist")
            .data.class_names[9] == "Ankle boot");
}

}  // namespace
}  // namespace hourglass
