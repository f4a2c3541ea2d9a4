// Numbers out of and into bytes of either order, for file formats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hourglass {

// The largest array that a reader makes: 4 GiB, or a quarter of what a program of 32 bits may have,
// where the files and what becomes of them lie beside it.
inline constexpr std::uint64_t kMaxArrayBytes =
    sizeof(void*) < 8 ? std::uint64_t{1} << 29 : std::uint64_t{4} << 30;

// `Bits` is an unsigned integer type; reads sizeof(Bits) bytes at `at`.
template <typename Bits>
Bits read_big_endian(const std::uint8_t* at) {
  Bits value = 0;
  for (std::size_t i = 0; i < sizeof(Bits); ++i) value = static_cast<Bits>(value << 8 | at[i]);
  return value;
}

template <typename Bits>
Bits read_little_endian(const std::uint8_t* at) {
  Bits value = 0;
  for (std::size_t i = sizeof(Bits); i-- > 0;) value = static_cast<Bits>(value << 8 | at[i]);
  return value;
}

inline void append_big_endian(std::uint32_t value, std::vector<std::uint8_t>& out) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(value >> shift));
}

inline void append_little_endian(std::uint32_t value, std::vector<std::uint8_t>& out) {
  for (int shift = 0; shift < 32; shift += 8)
    out.push_back(static_cast<std::uint8_t>(value >> shift));
}

}  // namespace hourglass
