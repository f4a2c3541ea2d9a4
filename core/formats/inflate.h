// Raw deflate (RFC 1951), which ZIP packs its members with, and the checksum that goes with it.
#pragma once

#include <cstdint>
#include <span>

namespace hourglass {

// Unpacks one deflate stream at the beginning of `packed`, which must make exactly `out.size()`
// bytes; false if it is damaged or makes more or fewer. What follows it is passed over. Throws
// Error where the build has no library for it.
bool inflate(std::span<const std::uint8_t> packed, std::span<std::uint8_t> out);

// CRC-32 as ZIP, gzip and PNG have it (ISO 3309: polynomial 0xEDB88320, reflected).
std::uint32_t fast_crc32(std::span<const std::uint8_t> bytes);

}  // namespace hourglass
