// MATLAB's files as data sets: which axis the samples are, which way images lie.
#include "core/data/import/mat_source.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/data/array_builder.h"
#include "tests/data/expect_error.h"
#include "tests/data/import_of.h"
#include "tests/data/mat_builder.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

// Bytes value(row, column) of a matrix, column by column.
template <typename Value>
Bytes by_columns(std::uint32_t rows, std::uint32_t columns, const Value& value) {
  Bytes bytes;
  for (std::uint32_t c = 0; c < columns; ++c) {
    for (std::uint32_t r = 0; r < rows; ++r)
      bytes.push_back(static_cast<std::uint8_t>(value(r, c)));
  }
  return bytes;
}

Imported read_matrix(const MatBuilder& file, const ImportOptions& options = {},
                     const std::string& name = "faces.mat") {
  return import_data(*files_in_memory(name, {{name, file.file()}}), "mine", options);
}

// Of the training samples, the bytes of the one that was in place 0 of the file.
Bytes first_of(const Dataset& data) {
  const auto features = static_cast<std::size_t>(data.shape.features());
  for (const Samples* samples : {&data.train, &data.test}) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(samples->count()); ++i) {
      if (!samples->rows.empty() && samples->rows[i] != 0) continue;
      const auto from = samples->bytes().begin() + static_cast<std::ptrdiff_t>(i * features);
      return {from, from + static_cast<std::ptrdiff_t>(features)};
    }
  }
  return {};
}

std::string said(const Imported& imported) {
  std::string text;
  for (const std::string& note : imported.report.notes) text += note + "\n";
  return text;
}

TEST_CASE("MAT data: Frey's faces, a column each, 28 x 20 row by row") {
  MatBuilder file;
  // Pixel p of face n is p % 20, its column, plus 100 in the first row.
  file.add_bytes("ff", {560, 1965}, by_columns(560, 1965, [](std::uint32_t p, std::uint32_t) {
                   return p % 20 + (p < 20 ? 100 : 0);
                 }));
  const Imported imported = read_matrix(file);
  CHECK(imported.report.kind == "MAT");
  CHECK(imported.data.shape == ImageShape{1, 28, 20});
  CHECK(imported.data.train.count() + imported.data.test.count() == 1965);
  const Bytes face = first_of(imported.data);
  for (std::size_t p = 0; p < 560; ++p) CHECK(face[p] == p % 20 + (p < 20 ? 100 : 0));
  CHECK(contains(said(imported), "Each column of"));
  CHECK(contains(said(imported), "data.transpose=no takes each row"));
  ImportOptions rows;
  rows.transpose = Guess::kNo;
  CHECK(read_matrix(file, rows).data.train.features() == 1965);
}

TEST_CASE("MAT data: a row each with its label, images column by column as MATLAB has them") {
  MatBuilder file(false, true);
  // Pixel (row, column) of an 8 x 8 image is at place row + 8 * column of its row.
  file.add_small_doubles("fea", {12, 64}, by_columns(12, 64, [](std::uint32_t n, std::uint32_t p) {
                           return p % 8 + 10 * (p / 8) + 100 * (n % 2);
                         }));
  file.add_small_doubles(
      "gnd", {12, 1}, by_columns(12, 1, [](std::uint32_t n, std::uint32_t) { return n % 3 + 1; }));
  const Imported imported = read_matrix(file);
  CHECK(imported.data.shape == ImageShape{1, 8, 8});
  CHECK(imported.data.class_names == std::vector<std::string>{"1", "2", "3"});
  const Bytes image = first_of(imported.data);
  for (std::size_t row = 0; row < 8; ++row) {
    for (std::size_t column = 0; column < 8; ++column) {
      CHECK(image[8 * row + column] == row + 10 * column);
    }
  }
}

TEST_CASE("MAT data: images of four dimensions, as SVHN has them") {
  MatBuilder file;
  Bytes content;
  // 5 rows x 4 columns x 3 channels x 9 images, the first dimension fastest.
  for (int n = 0; n < 9; ++n) {
    for (int c = 0; c < 3; ++c) {
      for (int column = 0; column < 4; ++column) {
        for (int row = 0; row < 5; ++row) {
          content.push_back(static_cast<std::uint8_t>(100 * c + 10 * row + column));
        }
      }
    }
  }
  file.add_bytes("X", {5, 4, 3, 9}, content);
  file.add_bytes("y", {9, 1}, {1, 2, 10, 1, 2, 10, 1, 2, 10});
  const Imported imported = read_matrix(file);
  CHECK(imported.data.shape == ImageShape{3, 5, 4});
  CHECK(imported.data.train.count() + imported.data.test.count() == 9);
  CHECK(imported.data.class_names == std::vector<std::string>{"1", "2", "10"});
  const Bytes image = first_of(imported.data);
  for (int c = 0; c < 3; ++c) {
    for (int row = 0; row < 5; ++row) {
      for (int column = 0; column < 4; ++column) {
        CHECK(image[static_cast<std::size_t>(20 * c + 4 * row + column)] ==
              100 * c + 10 * row + column);
      }
    }
  }
}

TEST_CASE("MAT data: EMNIST's struct, with its split and names") {
  const auto part = [](std::uint32_t count) -> std::vector<MatBuilder::Field> {
    return {
        {"images",
         {count, 784},
         by_columns(count, 784, [](std::uint32_t, std::uint32_t p) { return p == 1 ? 99 : 5; })},
        {"labels",
         {count, 1},
         by_columns(count, 1, [](std::uint32_t n, std::uint32_t) { return n % 26 + 1; })},
        {"writers", {count, 1}, Bytes(count, 7)}};
  };
  MatBuilder file;
  file.add_nested("dataset", "train", part(52));
  file.add_nested("dataset", "test", part(26));
  const Imported imported = read_matrix(file, {}, "emnist-letters.mat");
  CHECK(imported.data.train.count() == 52);
  CHECK(imported.data.test.count() == 26);
  CHECK(imported.data.shape == ImageShape{1, 28, 28});
  CHECK(imported.data.class_names[2] == "C");
  CHECK(imported.data.train.bytes()[28] == 99);
}

TEST_CASE("MAT data: tables, and what holds no samples") {
  MatBuilder file;
  file.add_small_doubles("x", {20, 3}, Bytes(60, 2));
  CHECK(read_matrix(file).data.shape == ImageShape{1, 1, 3});
  MatBuilder text;
  text.add_text("title");
  CHECK(contains(error_of([&] { read_matrix(text); }),
                 "holds no array of numbers, but 'title' (text)"));
  // Version 7.3 is another format.
  Bytes later(600);
  const std::string mark = "MATLAB 7.3 MAT-file, Platform: GLNXA64";
  std::ranges::copy(mark, later.begin());
  CHECK(contains(error_of([&] { import_of({{"a.mat", later}}); }), "save(..., '-v7')"));
  MatBuilder two;
  two.add_bytes("a", {20, 3}, Bytes(60, 2));
  two.add_bytes("b", {20, 4}, Bytes(80, 2));
  CHECK(contains(error_of([&] { read_matrix(two); }), "'a' (20, 3), 'b' (20, 4)"));
}

}  // namespace
}  // namespace hourglass
