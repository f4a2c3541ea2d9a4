// gzip where the build has no library for it: on the web, where the page decompresses with what the
// browser has (DecompressionStream) before it hands bytes to the engine. CMake compiles either this
// file or the one in libdeflate/.
#include "core/formats/gzip.h"

#include "core/base/error.h"

namespace hourglass {

bool is_gzip(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t>, const std::string& name,
                                 std::uint64_t) {
  throw Error("'" + name +
              "' is compressed with gzip, which this build cannot read: hand over the "
              "uncompressed bytes.");
}

std::vector<std::uint8_t> gzip(std::span<const std::uint8_t>) {
  throw Error("This build cannot compress with gzip: write the file without .gz.");
}

}  // namespace hourglass
