#include "core/formats/idx.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/data/expect_error.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

// 2 images of 1 x 3 pixels, written out by hand.
const Bytes kImages = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 10, 20, 30, 40, 50, 255};

TEST_CASE("IDX: bytes are read as the format lays them out") {
  const IdxArray array = read_idx(kImages, "x");
  CHECK(array.is_bytes);
  CHECK(array.shape == std::vector<Index>{2, 1, 3});
  CHECK(array.features() == 3);
  CHECK(array.bytes == Bytes{10, 20, 30, 40, 50, 255});
}

TEST_CASE("IDX: floats are big-endian") {
  const Bytes file = {0, 0, 13, 1, 0, 0, 0, 2, 0x3f, 0x80, 0, 0, 0xc0, 0x20, 0, 0};
  const IdxArray array = read_idx(file, "x");
  CHECK_FALSE(array.is_bytes);
  CHECK(array.values == std::vector<float>{1.0f, -2.5f});
}

TEST_CASE("IDX: every other type is read, big-endian") {
  const auto read = [](std::uint8_t type, std::uint8_t count, const Bytes& content) {
    Bytes file = {0, 0, type, 1, 0, 0, 0, count};
    file.insert(file.end(), content.begin(), content.end());
    const IdxArray array = read_idx(file, "x");
    CHECK_FALSE(array.is_bytes);
    return array.values;
  };
  CHECK(read(0x09, 3, {0x7f, 0x80, 0xff}) == std::vector<float>{127, -128, -1});
  CHECK(read(0x0B, 2, {0x01, 0x02, 0xff, 0xfe}) == std::vector<float>{258, -2});
  CHECK(read(0x0C, 2, {0, 1, 0, 1, 0xff, 0xff, 0xff, 0xff}) == std::vector<float>{65537, -1});
  CHECK(read(0x0E, 2, {0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0}) ==
        std::vector<float>{1.5f, -2});
  // A double that no float can hold, and one that is no number, are not made something else.
  CHECK(std::isinf(read(0x0E, 1, {0x7f, 0xe0, 0, 0, 0, 0, 0, 0})[0]));
  CHECK(std::isnan(read(0x0E, 1, {0x7f, 0xf8, 0, 0, 0, 0, 0, 0})[0]));
}

TEST_CASE("IDX: one to eight dimensions") {
  for (std::uint8_t dimensions = 1; dimensions <= 8; ++dimensions) {
    CAPTURE(dimensions);
    Bytes file = {0, 0, 8, dimensions};
    for (int i = 0; i < dimensions; ++i) {
      const Bytes size = {0, 0, 0, static_cast<std::uint8_t>(i == 0 ? 3 : 1)};
      file.insert(file.end(), size.begin(), size.end());
    }
    const Bytes content = {7, 8, 9};
    file.insert(file.end(), content.begin(), content.end());
    const IdxArray array = read_idx(file, "x");
    CHECK(array.shape.size() == dimensions);
    CHECK(array.features() == 1);
    CHECK(array.bytes == content);
  }
}

TEST_CASE("IDX: what is written is read back") {
  CHECK(write_idx(std::vector<Index>{2, 1, 3}, Bytes{10, 20, 30, 40, 50, 255}) == kImages);
  const std::vector<float> values = {0.0f, -0.0f, 1e-40f, 3.25f, 1e30f, -7.0f};
  const IdxArray array = read_idx(write_idx(std::vector<Index>{3, 2}, values), "x");
  CHECK(array.shape == std::vector<Index>{3, 2});
  CHECK(array.values == values);
  CHECK_THROWS_AS(write_idx(std::vector<Index>{0, 2}, std::vector<float>{}), Error);
}

TEST_CASE("IDX: every truncation and every addition is an error") {
  for (std::size_t size = 0; size < kImages.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(read_idx(std::span(kImages).first(size), "x"), Error);
  }
  Bytes longer = kImages;
  longer.push_back(0);
  const std::string message = error_of([&] { read_idx(longer, "some/file"); });
  CHECK(contains(message, "some/file"));
  CHECK(contains(message, "7 are there"));
}

TEST_CASE("IDX: absurd headers are errors before anything is allocated") {
  const auto broken = [](std::size_t at, std::uint8_t value) {
    Bytes file = kImages;
    file[at] = value;
    return error_of([&] { read_idx(file, "x"); });
  };
  CHECK(contains(broken(0, 1), "two zero bytes"));
  CHECK(contains(broken(2, 10), "type 10; 8, 9"));
  CHECK(contains(broken(2, 12), "24 bytes, but 6 are there"));
  CHECK(contains(broken(3, 0), "0 dimensions"));
  CHECK(contains(broken(3, 9), "9 dimensions"));
  CHECK(contains(broken(7, 0), "dimension 1 is 0"));
  CHECK(contains(broken(5, 0x7f), "are there"));
  // 2^32 - 1 in each of four dimensions: the product overflows 64 bits, and 65536^4 is 0 modulo
  // 2^64.
  Bytes huge = {0, 0, 8, 4};
  huge.resize(20, 0xff);
  CHECK(contains(error_of([&] { read_idx(huge, "x"); }), "4 GiB"));
  const Bytes wrapping = {0, 0, 8, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0};
  CHECK(contains(error_of([&] { read_idx(wrapping, "x"); }), "4 GiB"));
}

}  // namespace
}  // namespace hourglass
