// zlib streams where the build has no library for them.
#include "core/formats/zlib.h"

#include "core/base/error.h"

namespace hourglass {

std::vector<std::uint8_t> zlib_decompress(std::span<const std::uint8_t>, const std::string& name,
                                          std::uint64_t) {
  throw Error("'" + name +
              "' is compressed, which this build cannot read; MATLAB's save(..., '-v6') writes it "
              "plain.");
}

}  // namespace hourglass
