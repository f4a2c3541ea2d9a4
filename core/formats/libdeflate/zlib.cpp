// zlib streams by libdeflate.
#include "core/formats/zlib.h"

#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <new>

#include "core/base/error.h"
#include "core/formats/gzip.h"

namespace hourglass {
namespace {

struct FreeZlib {
  void operator()(libdeflate_decompressor* d) const { libdeflate_free_decompressor(d); }
};

}  // namespace

std::vector<std::uint8_t> zlib_decompress(std::span<const std::uint8_t> bytes,
                                          const std::string& name, std::uint64_t most_bytes) {
  const std::unique_ptr<libdeflate_decompressor, FreeZlib> decompressor(
      libdeflate_alloc_decompressor());
  if (!decompressor) throw std::bad_alloc();
  constexpr std::uint64_t kFirstRoom = 4096, kGrowth = 4;
  const std::uint64_t limit = std::min(most_bytes, most_decompressed(bytes.size()));
  std::vector<std::uint8_t> out;
  // Such a stream does not tell how much is in it.
  std::uint64_t room = std::max<std::uint64_t>(kFirstRoom, kGrowth * bytes.size());
  while (true) {
    room = std::min(room, limit);
    out.resize(static_cast<std::size_t>(room));
    std::size_t made = 0;
    const libdeflate_result result = libdeflate_zlib_decompress(
        decompressor.get(), bytes.data(), bytes.size(), out.data(), out.size(), &made);
    if (result == LIBDEFLATE_SUCCESS) {
      out.resize(made);
      return out;
    }
    if (result != LIBDEFLATE_INSUFFICIENT_SPACE) {
      throw Error("'" + name + "' is damaged: its zlib data or checksum is wrong; get it again.");
    }
    if (room == limit) {
      throw Error("'" + name + "' has " + std::to_string(bytes.size()) +
                  " bytes and would have more than " + std::to_string(limit) +
                  " once decompressed, as no data do.");
    }
    room *= kGrowth;
  }
}

}  // namespace hourglass
