// The gzip container (RFC 1952), in memory.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hourglass {

// What a compressed file may become: 64 times its size, or 64 MiB. Deflate can make a thousand
// bytes of one, and no data are like that: MNIST gives 5 of one, black images of single white
// pixels some 30.
inline constexpr std::uint64_t kMaxExpansion = 64, kFreeExpansion = std::uint64_t{64} << 20;
inline std::uint64_t most_decompressed(std::uint64_t compressed_bytes) {
  return std::max(kFreeExpansion, kMaxExpansion * compressed_bytes);
}

// Whether `bytes` begin like a gzip file.
bool is_gzip(std::span<const std::uint8_t> bytes);

// The content of a gzip file of one or several members; their checksums are verified. `name` is
// what messages call it. Throws Error if it is damaged, cut short, followed by something else, or
// holds more than `most_bytes` or most_decompressed(); takes at most twice as much memory as it may
// return. On the web this always throws: there the page decompresses before
// the bytes come here.
std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes, const std::string& name,
                                 std::uint64_t most_bytes);

// `bytes` as a gzip file of one member. Throws Error on the web.
std::vector<std::uint8_t> gzip(std::span<const std::uint8_t> bytes);

}  // namespace hourglass
