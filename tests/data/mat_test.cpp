#include "core/formats/mat.h"

#include <doctest/doctest.h>

#include "tests/data/expect_error.h"
#include "tests/data/mat_builder.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

// 2 x 3 bytes, a struct, truth values, and text.
MatBuilder example(bool big_endian, bool compressed) {
  MatBuilder file(big_endian, compressed);
  file.add_bytes("a", {2, 3}, {1, 2, 3, 4, 5, 6});
  file.add_small_doubles("labels", {3, 1}, {7, 8, 9});
  file.add_text("title");
  file.add_bytes("mask", {2, 1}, {0, 5}, 0x200);
  file.add_nested("set", "train", {{"images", {4, 1}, {9, 8, 7, 6}}, {"empty", {0, 0}, {}}});
  return file;
}

TEST_CASE("MAT: arrays of either byte order, plain and compressed") {
  for (const bool big_endian : {false, true}) {
    for (const bool compressed : {false, true}) {
      CAPTURE(big_endian);
      CAPTURE(compressed);
      const MatFile file = read_mat(example(big_endian, compressed).file(), "x");
      REQUIRE(file.arrays.size() == 4);
      CHECK(file.arrays[0].name == "a");
      // Column by column, which is the reverse of the dimensions in C order.
      CHECK(file.arrays[0].shape == std::vector<Index>{3, 2});
      CHECK(file.arrays[0].bytes == Bytes{1, 2, 3, 4, 5, 6});
      CHECK(file.arrays[1].name == "labels");
      CHECK(file.arrays[1].values == std::vector<float>{7, 8, 9});
      CHECK(file.arrays[2].is_bool);
      CHECK(file.arrays[2].bytes == Bytes{0, 1});
      CHECK(file.arrays[3].name == "set.train.images");
      CHECK(file.arrays[3].bytes == Bytes{9, 8, 7, 6});
      CHECK(file.left_out ==
            std::vector<std::string>{"'title' (text)", "'set.train.empty' (empty)"});
    }
  }
}

TEST_CASE("MAT: every truncation is an error, or lacks whole arrays at the end") {
  for (const bool compressed : {false, true}) {
    const Bytes file = example(false, compressed).file();
    std::size_t whole = 0;
    for (std::size_t size = 0; size < file.size(); ++size) {
      CAPTURE(size);
      try {
        const MatFile part = read_mat(std::span(file).first(size), "x");
        CHECK(part.arrays.size() < 4);
        ++whole;
      } catch (const Error& error) {
        CHECK(contains(error.what(), "'x'"));
      }
    }
    // The header alone, and the file after each array.
    CHECK(whole == 5);
  }
}

TEST_CASE("MAT: hostile files are one sentence") {
  const auto refusal = [](const Bytes& file) {
    return error_of([&] { read_mat(file, "some/file"); });
  };
  CHECK(contains(refusal(Bytes(100)), "header of 128 bytes"));
  CHECK(contains(refusal(Bytes(200)), "byte order"));
  // The array's dimensions: 2^31 - 1 each, whose product is beyond 4 GiB.
  MatBuilder builder;
  builder.add_bytes("a", {2, 3}, {1, 2, 3, 4, 5, 6});
  Bytes huge = builder.file();
  const std::size_t sizes = 128 + 8 + 16 + 8;
  REQUIRE(huge[sizes] == 2);
  for (const std::size_t at : {sizes, sizes + 4}) {
    huge[at] = huge[at + 1] = huge[at + 2] = 0xff;
    huge[at + 3] = 0x7f;
  }
  CHECK(contains(refusal(huge), "4 GiB"));
  Bytes more = builder.file();
  more[sizes] = 3;
  CHECK(contains(refusal(more), "should have 9 numbers of 1 bytes, but 6"));
  // The first element's size is beyond the file's end.
  Bytes beyond = builder.file();
  beyond[128 + 6] = 0x7f;
  CHECK(contains(refusal(beyond), "bytes are there") == false);
  CHECK(contains(refusal(beyond), "are there"));
  Bytes packed = example(false, true).file();
  packed[128 + 12] ^= 0xff;
  CHECK(contains(refusal(packed), "damaged"));
}

}  // namespace
}  // namespace hourglass
