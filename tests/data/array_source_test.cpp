// NPY files and archives of them as data sets.
#include "core/data/import/array_source.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/base/file.h"
#include "core/data/scaling.h"
#include "core/formats/gzip.h"
#include "core/formats/npy.h"
#include "tests/data/array_builder.h"
#include "tests/data/expect_error.h"
#include "tests/data/import_of.h"
#include "tests/data/temporary_folder.h"
#include "tests/data/zip_builder.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes ramp(const std::vector<Index>& shape, double step = 0.001) {
  return npy_floats(shape, [&](std::size_t i) { return step * static_cast<double>(i); });
}

Bytes counting(const std::vector<Index>& shape) {
  return npy_bytes(shape, [](std::size_t i) { return i; });
}

Bytes blobs(const std::vector<Index>& shape, std::size_t side, double low, double high) {
  return npy_floats(shape, [&](std::size_t i) {
    const std::size_t pixels = side * side;
    return low + (high - low) *
                     std::round(255 * blob(i / pixels, i % pixels / side, i % side, side)) / 255;
  });
}

Imported read(const Bytes& file, const ImportOptions& options = {}) {
  return import_of({{"x.npy", file}}, options);
}

std::string notes_of(const Imported& imported) {
  std::string text;
  for (const std::string& note : imported.report.notes) text += note + "\n";
  return text;
}

// The features of the sample that was the file's first.
std::vector<float> first_sample(const Dataset& data) {
  for (const Samples* samples : {&data.train, &data.test}) {
    for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(samples->count()); ++i) {
      if (!samples->rows.empty() && samples->rows[i] != 0) continue;
      Matrix column(samples->features(), 1);
      samples->gather(std::span(&i, 1), columns(column, 0, 1));
      return {column.data(), column.data() + column.size()};
    }
  }
  return {};
}

TEST_CASE("NPY data: shapes") {
  CHECK(read(ramp({12, 5})).data.shape == ImageShape{1, 1, 5});
  CHECK(read(counting({12, 64})).data.shape == ImageShape{1, 8, 8});
  CHECK(read(counting({12, 5})).data.shape == ImageShape{1, 1, 5});
  CHECK(read(ramp({12, 3, 4})).data.shape == ImageShape{1, 3, 4});
  CHECK(read(ramp({12, 3, 2, 4})).data.shape == ImageShape{3, 2, 4});
  CHECK(read(ramp({12, 1, 2, 4})).data.shape == ImageShape{1, 2, 4});
  CHECK(read(ramp({12, 6, 5, 3})).data.shape == ImageShape{3, 6, 5});
  CHECK(read(ramp({12, 6, 5, 1})).data.shape == ImageShape{1, 6, 5});
  CHECK(read(ramp({12, 6, 5, 4})).data.shape == ImageShape{4, 6, 5});
  CHECK(read(ramp({12, 4, 5, 5})).data.shape == ImageShape{4, 5, 5});
  CHECK(read(ramp({12, 2, 3, 2})).data.shape == ImageShape{2, 3, 2});
  CHECK(read(ramp({12, 6, 5, 1, 1})).data.shape == ImageShape{1, 6, 5});
  const Dataset data = read(counting({12, 2, 2})).data;
  CHECK(data.train.count() == 10);
  CHECK(data.test.count() == 2);
  CHECK(data.train.bytes().size() == 40);
  CHECK(data.train.bytes()[3] == data.train.bytes()[0] + 3);
  CHECK(data.train.bytes()[0] % 4 == 0);
  CHECK(data.train.labels.empty());
}

TEST_CASE("NPY data: channels that come last are put first") {
  const Dataset data = read(counting({2, 2, 3, 3})).data;
  const auto first = first_sample(data);
  REQUIRE(first.size() == 18);
  // Element (row, column, channel) is 9 row + 3 column + channel.
  for (int c = 0; c < 3; ++c) {
    for (int at = 0; at < 6; ++at) {
      CHECK(first[static_cast<std::size_t>(6 * c + at)] == doctest::Approx((3 * at + c) / 255.0));
    }
  }
}

TEST_CASE("NPY data: samples that come last are put first") {
  const Imported imported = read(counting({3, 2, 80}));
  CHECK(imported.data.shape == ImageShape{1, 3, 2});
  CHECK(imported.data.train.count() + imported.data.test.count() == 80);
  CHECK(contains(notes_of(imported), "The last dimension of 'x.npy', (3, 2, 80)"));
  const auto first = first_sample(imported.data);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(first[i] == doctest::Approx(static_cast<double>(80 * i % 256) / 255));
  }
}

TEST_CASE("NPY data: which dimension the samples are is said by data.shape, too") {
  ImportOptions options;
  CHECK(read(counting({50, 20, 70})).data.shape == ImageShape{1, 18, 64});
  CHECK(read(counting({20, 20, 70})).data.shape == ImageShape{1, 20, 20});
  options.shape = "50x20";
  CHECK(read(counting({50, 20, 70}), options).data.shape == ImageShape{1, 50, 20});
  options.shape = "5x20";
  CHECK(read(counting({20, 20, 70}), options).data.shape == ImageShape{1, 5, 20});
  CHECK(read(counting({20, 20, 70}), options).data.train.count() == 17);
  options.shape = "auto";
  CHECK(read(counting({8, 8, 3, 100}), options).data.shape == ImageShape{3, 8, 8});
  CHECK(read(counting({3, 8, 8, 100}), options).data.shape == ImageShape{3, 8, 8});
}

TEST_CASE("NPY data: rows of floats are images where they look like pixels") {
  for (const auto& [low, high] :
       {std::pair{0.0, 1.0}, std::pair{0.0, 255.0}, std::pair{-1.0, 1.0}, std::pair{0.0, 16.0}}) {
    CAPTURE(high);
    const Imported imported = read(blobs({24, 144}, 12, low, high));
    CHECK(imported.data.shape == ImageShape{1, 12, 12});
    CHECK(contains(notes_of(imported), "data.shape=table makes them plain numbers"));
    const auto first = first_sample(imported.data);
    // Black is 0 and white is 1, whatever they were in the file.
    CHECK(first[0] == doctest::Approx(0));
    CHECK(first[6 * 12 + 6] == doctest::Approx(1).epsilon(0.001));
    CHECK(first[6 * 12 + 3] == doctest::Approx(blob(0, 6, 3, 12)).epsilon(0.01));
    CHECK_NOTHROW(scaled(imported.data, Scaling::kUnit));
  }
  // Values without order, and those of a table by another range, stay numbers.
  const auto hash = [](std::size_t i) {
    auto x = static_cast<std::uint32_t>(i) + 0x9e3779b9u;
    x = (x ^ x >> 15) * 0x2c1b3c6du;
    x = (x ^ x >> 12) * 0x297a2d39u;
    return static_cast<double>(x >> 8) / (1 << 24);
  };
  CHECK(read(npy_floats({24, 144}, hash)).data.shape == ImageShape{1, 1, 144});
  CHECK(read(blobs({24, 144}, 12, -3, 900)).data.shape == ImageShape{1, 1, 144});
  ImportOptions table;
  table.shape = "table";
  const Imported plain = read(blobs({24, 144}, 12, 0, 255), table);
  CHECK(plain.data.shape == ImageShape{1, 1, 144});
  CHECK(first_sample(plain.data)[6 * 12 + 6] == 255);
}

TEST_CASE("NPY data: 0..255 is told from 0..1, and every other range said") {
  const auto first_of = [](const Bytes& file, const ImportOptions& options = {}) {
    return first_sample(read(file, options).data);
  };
  // Whole numbers up to 255 become bytes, which take a quarter of the room.
  const Imported whole = read(blobs({12, 8, 8}, 8, 0, 255));
  CHECK(whole.data.train.bytes().size() > 0);
  CHECK(contains(notes_of(whole), "0 for black and 255 for white"));
  CHECK(read(blobs({12, 8, 8}, 8, 0, 1)).report.notes.empty());
  const Imported few = read(npy_bytes({12, 8, 8}, [](std::size_t i) { return i % 17; }));
  CHECK(contains(notes_of(few), "16 for white"));
  CHECK(first_sample(few.data)[16] == doctest::Approx(1));
  const Imported deep = read(npy_floats({12, 2, 2}, [](std::size_t i) { return 1000 + i; }));
  CHECK(contains(notes_of(deep), "4095 for white"));
  const Imported free = read(npy_floats({12, 2, 2}, [](std::size_t i) { return i - 7.5; }));
  CHECK(contains(notes_of(free), "-7.5 for black and 39.5 for white"));
  ImportOptions options;
  options.range = "0..100";
  CHECK(first_of(npy_floats({12, 2, 2}, [](std::size_t) { return 25; }), options)[0] == 0.25f);
  options.range = "own";
  CHECK(first_of(npy_floats({12, 2, 2}, [](std::size_t) { return 25; }), options)[0] == 25);
  options.invert = true;
  options.range = "auto";
  CHECK(first_of(counting({12, 2, 2}), options)[1] == doctest::Approx(254 / 255.0));
  options.range = "1..0";
  CHECK(contains(error_of([&] { read(counting({12, 2, 2}), options); }), "LOW..HIGH"));
  options.range = "0..x";
  CHECK(contains(error_of([&] { read(counting({12, 2, 2}), options); }), "LOW..HIGH"));
}

TEST_CASE("NPY data: truth values are black and white, or plain 0 and 1") {
  const auto content = [](std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = i % 3 == 0;
    return bytes;
  };
  const Dataset images = read(npy_of("|b1", {12, 2, 3}, content(72))).data;
  CHECK(first_sample(images) == std::vector<float>{1, 0, 0, 1, 0, 0});
  const Dataset table = read(npy_of("|b1", {12, 6}, content(72))).data;
  CHECK(first_sample(table) == std::vector<float>{1, 0, 0, 1, 0, 0});
}

TEST_CASE("NPY data: halves and big-endian floats are images like any") {
  Bytes halves, big;
  for (int i = 0; i < 12 * 4; ++i) {
    const std::uint16_t half = i % 2 ? 0x3C00 : 0x3800;  // 1, 0.5
    halves.push_back(static_cast<std::uint8_t>(half & 0xFF));
    halves.push_back(static_cast<std::uint8_t>(half >> 8));
    const Bytes value = i % 2 ? Bytes{0x3f, 0x80, 0, 0} : Bytes{0x3f, 0, 0, 0};
    big.insert(big.end(), value.begin(), value.end());
  }
  const std::vector<float> wanted = {0.5f, 1, 0.5f, 1};
  CHECK(first_sample(read(npy_of("<f2", {12, 2, 2}, halves)).data) == wanted);
  CHECK(first_sample(read(npy_of(">f4", {12, 2, 2}, big)).data) == wanted);
}

TEST_CASE("NPY data: large images are made smaller, with a note; data.shape says the size") {
  const Imported imported = read(npy_bytes({3, 100, 50}, [](std::size_t) { return 200; }));
  CHECK(imported.data.shape == ImageShape{1, 64, 32});
  CHECK(contains(notes_of(imported), "100 x 50 pixels, are made 64 x 32"));
  CHECK(first_sample(imported.data)[0] == doctest::Approx(200 / 255.0));
  ImportOptions options;
  options.shape = "20x10";
  CHECK(read(npy_bytes({3, 100, 50, 3}, [](std::size_t) { return 9; }), options).data.shape ==
        ImageShape{3, 20, 10});
  options.shape = "4x9";
  CHECK(read(counting({12, 36}), options).data.shape == ImageShape{1, 4, 9});
  options.shape = "table";
  CHECK(read(counting({12, 3, 2, 4}), options).data.shape == ImageShape{1, 1, 24});
  CHECK(read(counting({12, 5, 2, 6}), options).data.shape == ImageShape{1, 1, 60});
  options.shape = "3x4x2";
  CHECK(contains(error_of([&] { read(counting({12, 4, 4}), options); }), "has 3 channels, but"));
  options.shape = "4x8";
  CHECK(contains(error_of([&] { read(counting({12, 36}), options); }), "32 values a sample"));
  for (const char* wrong : {"28", "x", "0x4", "9x4x4", "100x100", "4x4x", "axb"}) {
    options.shape = wrong;
    CAPTURE(wrong);
    CHECK(contains(error_of([&] { read(counting({12, 36}), options); }), "data.shape="));
  }
  options.shape = "auto";
  options.transpose = Guess::kYes;
  const Imported turned = read(counting({12, 3, 2}), options);
  CHECK(turned.data.shape == ImageShape{1, 2, 3});
  CHECK(first_sample(turned.data)[1] == doctest::Approx(2 / 255.0));
}

TEST_CASE("NPY data: labels beside, by name, one-hot or as a column") {
  const Bytes labels =
      write_npy(std::vector<Index>{12}, std::vector<float>{7, 3, 7, 3, 7, 3, 7, 3, 7, 3, 7, 3});
  for (const char* name : {"x_labels.npy", "y.npy", "labels.npy", "targets.npy"}) {
    CAPTURE(name);
    const Imported imported = import_of({{"x.npy", counting({12, 4})}, {name, labels}});
    const Dataset& data = imported.data;
    CHECK(data.class_names == std::vector<std::string>{"3", "7"});
    CHECK(data.labels_from == "'" + std::string(name) + "'");
    for (std::size_t i = 0; i < data.train.labels.size(); ++i) {
      CHECK(data.train.labels[i] == (data.train.bytes()[4 * i] / 4 % 2 ? 0 : 1));
    }
    CHECK(data.test.labels.size() == 2);
  }
  ImportOptions none;
  none.label = "none";
  CHECK(
      import_of({{"x.npy", counting({12, 4})}, {"y.npy", labels}}, none).data.class_names.empty());
  const Bytes column = npy_bytes({12, 1}, [](std::size_t i) { return i % 3; });
  CHECK(import_of({{"x.npy", counting({12, 4})}, {"y.npy", column}}).data.class_names.size() == 3);
  const Bytes one_hot = npy_bytes({12, 4}, [](std::size_t i) { return i % 4 == i / 4 % 4; });
  const Imported hot = import_of({{"x.npy", counting({12, 4, 4})}, {"y.npy", one_hot}});
  CHECK(hot.data.class_names.size() == 4);
  CHECK(contains(notes_of(hot), "place of the 1"));
}

TEST_CASE("NPY data: a file on disk has its labels beside it") {
  const TemporaryFolder folder;
  write_file(folder / "x.npy.gz", gzip(ramp({12, 2})));
  const auto load = [&](const std::string& name) {
    return import_data(*files_at(folder / name), "mine", {}).data;
  };
  CHECK(load("x.npy.gz").test.labels.empty());
  write_file(folder / "x_labels.npy", npy_bytes({12}, [](std::size_t i) { return i % 2; }));
  CHECK(load("x.npy.gz").test.labels.size() == 2);
  write_file(folder / "x.npy", ramp({11, 2}));
  CHECK(contains(error_of([&] { load("x.npy"); }), "x_labels.npy' holds 12 labels"));
}

TEST_CASE("NPZ data: Keras's names, stored and deflated") {
  for (const bool deflate : {false, true}) {
    ZipBuilder zip;
    const ZipBuilder::Way way{.deflate = deflate};
    zip.add("x_test.npy", counting({12, 8, 8}), way);
    zip.add("x_train.npy", counting({24, 8, 8}), way);
    zip.add("y_train.npy", npy_bytes({24}, [](std::size_t i) { return i % 3; }), way);
    zip.add("y_test.npy", npy_bytes({12}, [](std::size_t i) { return i % 2; }), way);
    const Imported imported = import_of({{"mnist.npz", zip.finish()}});
    CHECK(imported.report.kind == "NPZ");
    CHECK(imported.data.train.count() == 24);
    CHECK(imported.data.test.count() == 12);
    CHECK(imported.data.shape == ImageShape{1, 8, 8});
    CHECK(imported.data.class_names.size() == 3);
    CHECK(imported.data.train.labels[4] == 1);
    CHECK(imported.data.labels_from == "'y_train' and 'y_test'");
    CHECK(imported.data.split_by == "as the files have it");
    // As in the file: nothing is mixed.
    CHECK(imported.data.train.bytes()[64] == 64);
  }
}

TEST_CASE("NPZ data: an archive in a folder, beside other files") {
  ZipBuilder zip;
  zip.add("x.npy", counting({12, 8, 8}));
  const Bytes text = {'h', 'i', '\n'}, file = zip.finish();
  const Imported imported = import_of({{"README.md", text}, {"a.npz", file}});
  CHECK(imported.report.kind == "NPZ");
  CHECK(imported.data.shape == ImageShape{1, 8, 8});
  CHECK(contains(notes_of(imported), "what lies beside it is left out"));
  CHECK(imported.report.left_out == 1);
  CHECK(contains(error_of([&] { import_of({{"a.npz", file}, {"b.npz", file}}); }),
                 "2 archives of arrays, the first 'a.npz'"));
}

Imported archive(const std::vector<std::pair<std::string, Bytes>>& members,
                 const ImportOptions& options = {}) {
  ZipBuilder zip;
  for (const auto& [name, bytes] : members) zip.add(name, bytes);
  return import_of({{"a.npz", zip.finish()}}, options);
}

TEST_CASE("NPZ data: samples and labels are picked by shape and name") {
  const auto labels = [](Index count) {
    return npy_bytes({count}, [](std::size_t i) { return i % 4; });
  };
  CHECK(archive({{"arr_0.npy", ramp({12, 5})}}).data.shape.features() == 5);
  const Imported pair = archive({{"arr_0.npy", counting({12, 8, 8})}, {"arr_1.npy", labels(12)}});
  CHECK(pair.data.class_names.size() == 4);
  CHECK(contains(notes_of(pair), "'arr_1' is taken as the labels"));
  // As dSprites has it: factors are no labels, names of types that are no numbers are left out.
  const Imported sprites = archive({{"imgs.npy", counting({12, 8, 8})},
                                    {"latents_classes.npy", counting({12, 6})},
                                    {"latents_values.npy", ramp({12, 6})},
                                    {"metadata.npy", npy_of("|O", {}, {1, 2})}},
                                   {.label = "none"});
  CHECK(sprites.data.shape == ImageShape{1, 8, 8});
  CHECK(sprites.report.left_out == 3);
  CHECK(contains(notes_of(sprites), "'metadata'"));
  // Of three splits the validation is left out, and said to be.
  const Imported three = archive({{"train_images.npy", counting({12, 8, 8})},
                                  {"train_labels.npy", labels(12)},
                                  {"val_images.npy", counting({4, 8, 8})},
                                  {"val_labels.npy", labels(4)},
                                  {"test_images.npy", counting({6, 8, 8})},
                                  {"test_labels.npy", labels(6)}});
  CHECK(three.data.test.count() == 6);
  CHECK(contains(notes_of(three), "'val_images'"));
  CHECK(three.report.arrays.size() == 6);
}

TEST_CASE("NPZ data: a choice is named, and made by data.array and data.label") {
  const std::vector<std::pair<std::string, Bytes>> members = {
      {"a.npy", ramp({12, 5})},
      {"b.npy", ramp({12, 6})},
      {"kind.npy", npy_bytes({12}, [](std::size_t i) { return i % 2; })},
      {"size.npy", npy_bytes({12}, [](std::size_t i) { return i % 3; })}};
  const std::string message = error_of([&] { archive(members); });
  CHECK(contains(message, "several arrays"));
  CHECK(contains(message, "'a' (12, 5), 'b' (12, 6)"));
  CHECK(contains(message, "data.array=NAME"));
  const Imported chosen = archive(members, {.label = "size", .array = "b"});
  CHECK(chosen.data.shape.features() == 6);
  CHECK(chosen.data.class_names.size() == 3);
  CHECK(chosen.data.labels_from == "'size'");
  CHECK(archive(members, {.array = "a"}).data.labels_from.empty());
  CHECK(contains(error_of([&] { archive(members, {.array = "c"}); }), "no array 'c'"));
  CHECK(contains(error_of([&] { archive(members, {.label = "c", .array = "a"}); }),
                 "no array 'c' for the labels"));
}

TEST_CASE("NPY data: that all values are the same is said") {
  CHECK(contains(notes_of(read(npy_bytes({4, 8, 8}, [](std::size_t) { return 0; }))),
                 "All values of 'x.npy' are 0."));
}

TEST_CASE("NPY data: what cannot be used") {
  const auto refusal = [](const Bytes& file) { return error_of([&] { read(file); }); };
  CHECK(contains(refusal(ramp({12})), "the shape (12,); (samples, features)"));
  CHECK(contains(refusal(ramp({12})), "one dimension"));
  CHECK(contains(refusal(ramp({2, 5, 8, 8})), "channels, of which there are 1 to 4"));
  CHECK(contains(refusal(ramp({2, 12289})), "at most 12288 features"));
  CHECK(contains(refusal(ramp({1, 3})), "one sample"));
  CHECK(contains(refusal(npy_of("<U1", {2}, Bytes(8))), "no array of numbers"));
  const auto broken = [](float value) {
    return npy_floats({4, 2, 2}, [=](std::size_t i) { return i == 7 ? value : 0.5f; });
  };
  for (const float value :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    CHECK(contains(refusal(broken(value)), "no finite number"));
    CHECK(contains(refusal(broken(value)), "in sample 2 of 4"));
  }
  const auto label_error = [](const Bytes& labels) {
    return error_of([&] { import_of({{"x.npy", ramp({3, 2})}, {"x_labels.npy", labels}}); });
  };
  CHECK(contains(label_error(ramp({3}, 0.5)), "no whole numbers"));
  CHECK(contains(label_error(ramp({4}, 1)), "4 labels, but 'x.npy' holds 3 samples"));
  CHECK(contains(label_error(Bytes{0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}), "x_labels.npy"));
  CHECK(contains(label_error(ramp({3, 2}, 1)), "one whole number for each sample"));
}

TEST_CASE("NPY data: the array that follows is named") {
  Bytes file = counting({12, 8, 8});
  const Bytes second = counting({3});
  file.insert(file.end(), second.begin(), second.end());
  CHECK(contains(notes_of(read(file)), "Another array follows the first in 'x.npy'"));
}

}  // namespace
}  // namespace hourglass
