// Raw deflate where the build has no library for it. CMake compiles either this file or the one in
// libdeflate/.
#include "core/formats/inflate.h"

#include "core/base/error.h"

namespace hourglass {

bool inflate(std::span<const std::uint8_t>, std::span<std::uint8_t>) {
  throw Error(
      "This build cannot unpack what is compressed with deflate: hand over the plain "
      "files.");
}

std::uint32_t fast_crc32(std::span<const std::uint8_t> bytes) {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0xEDB88320u : 0);
  }
  return ~crc;
}

}  // namespace hourglass
