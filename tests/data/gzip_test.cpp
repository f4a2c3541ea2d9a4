#include "core/formats/gzip.h"

#include <doctest/doctest.h>

#include "tests/data/expect_error.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;
constexpr std::uint64_t kPlenty = 1 << 24;

// What `printf hourglass | gzip -n` gives.
const Bytes kHourglass = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03,
                          0xcb, 0xc8, 0x2f, 0x2d, 0x4a, 0xcf, 0x49, 0x2c, 0x2e, 0x06,
                          0x00, 0x01, 0x9e, 0x2a, 0x2e, 0x09, 0x00, 0x00, 0x00};

Bytes text(const char* string) { return {string, string + std::char_traits<char>::length(string)}; }

TEST_CASE("gzip: a file by another program is read") {
  CHECK(is_gzip(kHourglass));
  CHECK(gunzip(kHourglass, "x", kPlenty) == text("hourglass"));
}

TEST_CASE("gzip: several members follow each other") {
  Bytes two = kHourglass;
  two.insert(two.end(), kHourglass.begin(), kHourglass.end());
  CHECK(gunzip(two, "x", kPlenty) == text("hourglasshourglass"));
  // The last member's size says nothing about the first, which is far larger.
  Bytes mixed = gzip(Bytes(3'000'000, 7));
  mixed.insert(mixed.end(), kHourglass.begin(), kHourglass.end());
  CHECK(gunzip(mixed, "x", kPlenty).size() == 3'000'009);
}

TEST_CASE("gzip: round trips") {
  Bytes noise(100'000);
  for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = static_cast<std::uint8_t>(i * i >> 7);
  for (const Bytes& bytes : {Bytes{}, Bytes{5}, Bytes(1'000'000, 0), noise}) {
    CHECK(gunzip(gzip(bytes), "x", kPlenty) == bytes);
  }
}

TEST_CASE(
    "gzip: truncation at every byte and a change of any byte of checksum or size are errors") {
  for (std::size_t size = 0; size < kHourglass.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(gunzip(std::span(kHourglass).first(size), "x", kPlenty), Error);
  }
  for (std::size_t at = kHourglass.size() - 8; at < kHourglass.size(); ++at) {
    CAPTURE(at);
    Bytes damaged = kHourglass;
    damaged[at] ^= 1;
    CHECK(contains(error_of([&] { gunzip(damaged, "some/file", kPlenty); }), "damaged"));
  }
  Bytes trailing = kHourglass;
  trailing.push_back('x');
  CHECK_THROWS_AS(gunzip(trailing, "x", kPlenty), Error);
}

TEST_CASE("gzip: what is allowed is a limit") {
  const Bytes bomb = gzip(Bytes(5'000'000, 0));
  CHECK(bomb.size() < 10'000);
  CHECK(gunzip(bomb, "x", 5'000'000).size() == 5'000'000);
  CHECK(contains(error_of([&] { gunzip(bomb, "x", 4'999'999); }), "4999999"));
  CHECK_THROWS_AS(gunzip(kHourglass, "x", 8), Error);
  CHECK(gunzip(kHourglass, "x", 9).size() == 9);
}

}  // namespace
}  // namespace hourglass
