// Raw deflate by libdeflate.
#include "core/formats/inflate.h"

#include <libdeflate.h>

#include <memory>
#include <new>

namespace hourglass {
namespace {

struct FreeInflater {
  void operator()(libdeflate_decompressor* d) const { libdeflate_free_decompressor(d); }
};

}  // namespace

bool inflate(std::span<const std::uint8_t> packed, std::span<std::uint8_t> out) {
  const std::unique_ptr<libdeflate_decompressor, FreeInflater> decompressor(
      libdeflate_alloc_decompressor());
  if (!decompressor) throw std::bad_alloc();
  std::uint8_t nothing = 0;  // the library wants an address even for no bytes
  // Without a place for the number of bytes made, fewer than there is room for are an error.
  return libdeflate_deflate_decompress(decompressor.get(), packed.data(), packed.size(),
                                       out.empty() ? &nothing : out.data(), out.size(),
                                       nullptr) == LIBDEFLATE_SUCCESS;
}

std::uint32_t fast_crc32(std::span<const std::uint8_t> bytes) {
  // The library takes a null pointer for the wish to have the first value.
  return bytes.empty() ? 0 : libdeflate_crc32(0, bytes.data(), bytes.size());
}

}  // namespace hourglass
