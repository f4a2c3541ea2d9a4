// CIFAR's and STL-10's binary files as data sets.
#include "core/data/import/binary_source.h"

#include <doctest/doctest.h>

#include <string_view>

#include "core/formats/gzip.h"
#include "tests/data/expect_error.h"
#include "tests/data/import_of.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

// `count` records: `label_bytes` labels, then planes of which pixel (c, row, column) is
// 80 c + 2 row + column / 16.
Bytes cifar(int count, int label_bytes, int classes, int first = 0) {
  Bytes file;
  for (int n = 0; n < count; ++n) {
    for (int label = 0; label < label_bytes; ++label) {
      const bool is_fine = label + 1 == label_bytes;
      file.push_back(static_cast<std::uint8_t>(is_fine ? (first + n) % classes : n % 3));
    }
    for (int c = 0; c < 3; ++c) {
      for (int row = 0; row < 32; ++row) {
        for (int column = 0; column < 32; ++column) {
          file.push_back(static_cast<std::uint8_t>(80 * c + 2 * row + column / 16));
        }
      }
    }
  }
  return file;
}

Bytes text_file(std::string_view text) { return {text.begin(), text.end()}; }

std::string sentences(const Imported& imported) {
  std::string text;
  for (const std::string& note : imported.report.notes) text += note + "\n";
  return text;
}

TEST_CASE("CIFAR-10: several batches, those for testing, and names") {
  const std::string meta = "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n";
  const std::vector<NamedBytes> files = {{"batches.meta.txt", text_file(meta)},
                                         {"data_batch_1.bin", cifar(12, 1, 10)},
                                         {"data_batch_2.bin", cifar(8, 1, 10, 5)},
                                         {"readme.html", text_file("<html></html>")},
                                         {"test_batch.bin", cifar(7, 1, 10)}};
  const Imported imported = import_of(files);
  const Dataset& data = imported.data;
  CHECK(imported.report.kind == "CIFAR-10");
  CHECK(data.shape == ImageShape{3, 32, 32});
  CHECK(data.train.count() == 20);
  CHECK(data.test.count() == 7);
  CHECK(data.class_names.size() == 10);
  CHECK(data.class_names[9] == "truck");
  CHECK(data.train.labels[11] == 1);
  CHECK(data.train.labels[12] == 5);
  CHECK(data.train.bytes()[1024 + 3 * 32 + 16] == 80 + 6 + 1);
  CHECK(imported.report.notes.empty());
  const Imported one = import_of({{"data_batch_1.bin.gz", gzip(cifar(12, 1, 10))}});
  CHECK(one.data.train.count() == 10);
  CHECK(one.data.class_names[3] == "3");
  CHECK(contains(sentences(one), "batches.meta.txt"));
  ImportOptions none;
  none.label = "none";
  CHECK(import_of(files, none).data.class_names.empty());
  none.label = "fine";
  CHECK(contains(error_of([&] { import_of(files, none); }), "data.label=fine is no label"));
}

TEST_CASE("CIFAR-100: fine labels, or coarse ones") {
  std::string fine, coarse;
  for (int i = 0; i < 100; ++i) fine += "kind " + std::to_string(i) + "\n";
  for (int i = 0; i < 20; ++i) coarse += "group " + std::to_string(i) + "\n";
  const std::vector<NamedBytes> files = {{"coarse_label_names.txt", text_file(coarse)},
                                         {"fine_label_names.txt", text_file(fine)},
                                         {"test.bin", cifar(6, 2, 100)},
                                         {"train.bin", cifar(12, 2, 100)}};
  const Imported imported = import_of(files);
  CHECK(imported.report.kind == "CIFAR-100");
  CHECK(imported.data.train.count() == 12);
  CHECK(imported.data.class_names[11] == "kind 11");
  CHECK(imported.data.train.labels[11] == 11);
  ImportOptions options;
  options.label = "coarse";
  const Imported groups = import_of(files, options);
  CHECK(groups.data.class_names.size() == 20);
  CHECK(groups.data.train.labels[11] == 2);
  CHECK(groups.data.class_names[2] == "group 2");
}

// Images of 96 x 96, column by column: pixel (c, row, column) is 100 in the upper left quarter of
// the first channel, row / 4 elsewhere in it.
Bytes stl(int count) {
  Bytes file;
  for (int n = 0; n < count; ++n) {
    for (int c = 0; c < 3; ++c) {
      for (int column = 0; column < 96; ++column) {
        for (int row = 0; row < 96; ++row) {
          file.push_back(static_cast<std::uint8_t>(c > 0 ? 50 * c : row < 24 ? 200 : 20));
        }
      }
    }
  }
  return file;
}

TEST_CASE("STL-10: columns become rows, labels begin at 1, images are made smaller") {
  const std::vector<NamedBytes> files = {{"class_names.txt", text_file("airplane\nbird\ncar\n")},
                                         {"test_X.bin", stl(4)},
                                         {"test_y.bin", {1, 2, 3, 1}},
                                         {"train_X.bin", stl(6)},
                                         {"train_y.bin", {3, 2, 1, 3, 2, 1}},
                                         {"unlabeled_X.bin", stl(2)}};
  const Imported imported = import_of(files);
  const Dataset& data = imported.data;
  CHECK(imported.report.kind == "STL-10");
  CHECK(data.shape == ImageShape{3, 64, 64});
  CHECK(data.train.count() == 6);
  CHECK(data.test.count() == 4);
  CHECK(data.class_names == std::vector<std::string>{"airplane", "bird", "car"});
  CHECK(data.train.labels == std::vector<std::int32_t>{2, 1, 0, 2, 1, 0});
  // The upper quarter is bright from left to right.
  CHECK(data.train.bytes()[5] == 200);
  CHECK(data.train.bytes()[5 * 64 + 60] == 200);
  CHECK(data.train.bytes()[60 * 64 + 5] == 20);
  CHECK(data.train.bytes()[64 * 64] == 50);
  CHECK(imported.report.left_out == 2);
  CHECK(contains(sentences(imported), "96 x 96 pixels, are made 64 x 64"));
  ImportOptions options;
  options.array = "unlabeled";
  options.shape = "32x32";
  const Imported many = import_of(files, options);
  CHECK(many.data.shape == ImageShape{3, 32, 32});
  CHECK(many.data.train.count() + many.data.test.count() == 2);
  CHECK(many.data.class_names.empty());
  options.array = "other";
  CHECK(contains(error_of([&] { import_of(files, options); }), "auto or unlabeled is needed"));
}

TEST_CASE("binary data: what is none of them") {
  CHECK(contains(error_of([] { import_of({{"model.bin", Bytes(1000, 7)}}); }),
                 "'model.bin' has 1000 bytes, and a .bin is a whole number of CIFAR-10's"));
  Bytes wrong = cifar(3, 1, 10);
  wrong[3073] = 77;
  CHECK(contains(error_of([&] { import_of({{"a.bin", wrong}}); }), "has the label 77 in record 2"));
  CHECK(contains(
      error_of([] { import_of({{"a.bin", cifar(3, 1, 10)}, {"b.bin", cifar(3, 2, 10)}}); }),
      "CIFAR-10 and of CIFAR-100"));
}

}  // namespace
}  // namespace hourglass
