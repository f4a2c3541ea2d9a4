// A fast hash of bytes that is the same on every machine: to tell contents apart, not to withstand
// anybody who wants two of them to look alike.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace hourglass {

// XXH64 with seed 0 (Collet, "xxHash fast digest algorithm", version 0.1.1 of its specification),
// of bytes that come in pieces: how they are cut makes no difference.
class Xxh64 {
 public:
  void add(std::span<const std::uint8_t> bytes);
  // A number as its eight bytes, little-endian.
  void add(std::uint64_t number);

  // Of all that was added so far; more may follow.
  std::uint64_t value() const;

 private:
  static constexpr std::size_t kStripe = 32;
  static constexpr std::uint64_t kPrime1 = 0x9E3779B185EBCA87u, kPrime2 = 0xC2B2AE3D27D4EB4Fu,
                                 kPrime3 = 0x165667B19E3779F9u, kPrime4 = 0x85EBCA77C2B2AE63u,
                                 kPrime5 = 0x27D4EB2F165667C5u;

  static std::uint64_t round(std::uint64_t lane, std::uint64_t word);
  void add_stripes(const std::uint8_t* bytes, std::size_t count);

  std::array<std::uint64_t, 4> lanes_ = {kPrime1 + kPrime2, kPrime2, 0, 0 - kPrime1};
  std::array<std::uint8_t, kStripe> rest_ = {};  // bytes that make no whole stripe yet
  std::uint64_t count_ = 0;                      // of bytes
};

}  // namespace hourglass
