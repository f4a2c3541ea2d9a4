// gzip by libdeflate, for native builds.
#include "core/formats/gzip.h"

#include <libdeflate.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <new>

#include "core/base/error.h"

namespace hourglass {
namespace {

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* d) const { libdeflate_free_decompressor(d); }
};
struct FreeCompressor {
  void operator()(libdeflate_compressor* c) const { libdeflate_free_compressor(c); }
};

// Deflate cannot expand more than this (RFC 1951: 258 bytes from two bits), so no file makes us
// allocate more than this times its own size.
constexpr std::uint64_t kDeflateExpansion = 1032;

[[noreturn]] void throw_bad_size(const std::string& name, std::uint64_t compressed,
                                 std::uint64_t most_bytes) {
  if (most_bytes <= most_decompressed(compressed)) {
    throw Error("'" + name + "' holds more than the " + std::to_string(most_bytes) +
                " bytes that are allowed once decompressed.");
  }
  throw Error("'" + name + "' has " + std::to_string(compressed) +
              " bytes and would have more than " + std::to_string(most_decompressed(compressed)) +
              " once decompressed, as no data do; if it is right all the same, decompress it with "
              "gunzip and give the plain file.");
}

// The least room to try first, and the room for a file whose trailer tells its size.
std::uint64_t first_room(std::span<const std::uint8_t> bytes, std::uint64_t most) {
  std::uint64_t told = 0;  // size modulo 2^32 of the last member, little-endian
  for (int i = 0; i < 4; ++i) {
    told |= std::uint64_t{bytes[bytes.size() - 4 + static_cast<std::size_t>(i)]} << (8 * i);
  }
  const std::uint64_t room = std::max<std::uint64_t>(told, 2 * bytes.size());
  return std::clamp<std::uint64_t>(room, 64, std::max<std::uint64_t>(most, 64));
}

}  // namespace

bool is_gzip(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes, const std::string& name,
                                 std::uint64_t most_bytes) {
  if (!is_gzip(bytes)) {
    throw Error("'" + name + "' is not a gzip file: it does not begin with the bytes 1f 8b.");
  }
  if (bytes.size() < 18)
    throw Error("'" + name + "' is cut short: a gzip file has 18 bytes or more.");
  const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor(
      libdeflate_alloc_decompressor());
  if (!decompressor) throw std::bad_alloc();

  const std::uint64_t limit =
      std::min({most_bytes, most_decompressed(bytes.size()),
                kDeflateExpansion * static_cast<std::uint64_t>(bytes.size()),
                static_cast<std::uint64_t>(std::numeric_limits<std::ptrdiff_t>::max())});
  std::vector<std::uint8_t> out(static_cast<std::size_t>(first_room(bytes, limit)));
  std::size_t read = 0, written = 0;
  while (read < bytes.size()) {
    std::size_t taken = 0, made = 0;
    const libdeflate_result result =
        libdeflate_gzip_decompress_ex(decompressor.get(), bytes.data() + read, bytes.size() - read,
                                      out.data() + written, out.size() - written, &taken, &made);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
      if (out.size() >= limit) {
        throw_bad_size(name, bytes.size(), most_bytes);
      }
      out.resize(static_cast<std::size_t>(std::min<std::uint64_t>(limit, 2 * out.size())));
      continue;
    }
    if (result != LIBDEFLATE_SUCCESS) {
      throw Error("'" + name + "' is damaged: its gzip data or checksum is wrong" +
                  (read > 0 ? " after byte " + std::to_string(read) : "") +
                  "; get the file again.");
    }
    read += taken;
    written += made;
  }
  if (written > most_bytes) {  // only where most_bytes is below the least room
    throw_bad_size(name, bytes.size(), most_bytes);
  }
  out.resize(written);
  return out;
}

std::vector<std::uint8_t> gzip(std::span<const std::uint8_t> bytes) {
  constexpr int kLevel = 6;
  const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
      libdeflate_alloc_compressor(kLevel));
  if (!compressor) throw std::bad_alloc();
  std::vector<std::uint8_t> out(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()));
  out.resize(libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), out.data(),
                                      out.size()));
  return out;
}

}  // namespace hourglass
