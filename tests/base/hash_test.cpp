#include "core/base/hash.h"

#include <doctest/doctest.h>

#include <string_view>
#include <vector>

namespace hourglass {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::uint64_t hash_of(std::string_view text) {
  Xxh64 hash;
  hash.add(bytes_of(text));
  return hash.value();
}

// The values are those of the reference implementation (xxHash 0.8).
TEST_CASE("XXH64 gives the published values") {
  CHECK(hash_of("") == 0xef46db3751d8e999u);
  CHECK(hash_of("a") == 0xd24ec4f1a98c6e5bu);
  CHECK(hash_of("abc") == 0x44bc2cf5ad770999u);
  CHECK(hash_of("The quick brown fox jumps over the lazy dog") == 0x0b242d361fda71bcu);
}

TEST_CASE("how the bytes are cut makes no difference") {
  std::vector<std::uint8_t> bytes(200);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 37);
  Xxh64 whole;
  whole.add(bytes);
  for (std::size_t piece = 1; piece < 70; ++piece) {
    Xxh64 cut;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      cut.add(std::span(bytes).subspan(at, std::min(piece, bytes.size() - at)));
    }
    CHECK(cut.value() == whole.value());
  }
}

}  // namespace
}  // namespace hourglass
