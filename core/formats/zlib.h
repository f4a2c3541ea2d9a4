// The zlib container (RFC 1950), in memory, in which MATLAB packs arrays.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hourglass {

// The content of one zlib stream; its checksum is verified. `name` is what messages call it. Throws
// Error if it is damaged, cut short, or holds more than `most_bytes` or most_decompressed()
// (core/formats/gzip.h); takes at most that much memory. Throws Error where the build has no
// library for it.
std::vector<std::uint8_t> zlib_decompress(std::span<const std::uint8_t> bytes,
                                          const std::string& name, std::uint64_t most_bytes);

}  // namespace hourglass
