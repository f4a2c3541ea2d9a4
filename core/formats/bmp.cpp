// BMP by stb, which is compiled here for BMP alone.
#define STBI_ONLY_BMP
#include "core/formats/bmp.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "core/base/error.h"
#include "core/formats/byte_reader.h"
#include "core/formats/stb_private.h"

namespace hourglass {
namespace {

constexpr std::uint64_t kMaxBitmapBytes = std::uint64_t{1} << 28;
constexpr std::size_t kFileHeader = 14, kCoreHeader = 12;
// BITMAPCOREHEADER, OS/2's, and BITMAPINFOHEADER with its later versions.
constexpr std::array<std::uint32_t, 6> kHeaderSizes = {12, 40, 52, 56, 108, 124};
constexpr std::array<int, 6> kDepths = {1, 4, 8, 16, 24, 32};

// What the headers say, where every kind has it.
struct BitmapHeader {
  std::uint64_t pixels_at = 0;
  std::int64_t width = 0, height = 0;  // of rows from the top down, height is negative
  int depth = 0;
  std::uint32_t packing = 0;  // 0 none, 3 none with masks of the colours
};

BitmapHeader read_header(std::span<const std::uint8_t> file) {
  const auto u16 = [&](std::size_t at) {
    return read_little_endian<std::uint16_t>(file.data() + at);
  };
  const auto u32 = [&](std::size_t at) {
    return read_little_endian<std::uint32_t>(file.data() + at);
  };
  BitmapHeader header;
  header.pixels_at = u32(10);
  if (u32(kFileHeader) == kCoreHeader) {
    header.width = u16(18);
    header.height = u16(20);
    header.depth = u16(24);
  } else {
    header.width = static_cast<std::int32_t>(u32(18));
    header.height = static_cast<std::int32_t>(u32(22));
    header.depth = u16(28);
    header.packing = u32(30);
  }
  return header;
}

}  // namespace

bool is_bmp(std::span<const std::uint8_t> file) {
  if (file.size() < kFileHeader + kCoreHeader || file[0] != 'B' || file[1] != 'M') return false;
  const auto size = read_little_endian<std::uint32_t>(file.data() + kFileHeader);
  return std::ranges::find(kHeaderSizes, size) != kHeaderSizes.end() &&
         file.size() >= kFileHeader + size;
}

Image read_bmp(std::span<const std::uint8_t> file, const std::string& name) {
  if (!is_bmp(file)) throw Error("'" + name + "' is not a BMP file, or one that is cut short.");
  const BitmapHeader header = read_header(file);
  if (header.packing != 0 && header.packing != 3) {
    throw Error("'" + name +
                "' is a packed BMP file (RLE or another), which is not read; save it as PNG.");
  }
  const std::int64_t rows = std::abs(header.height);
  if (header.width < 1 || rows < 1 || header.width > kMaxImageSide || rows > kMaxImageSide ||
      std::ranges::find(kDepths, header.depth) == kDepths.end()) {
    throw Error("'" + name + "' is a damaged BMP file: " + std::to_string(header.width) + " x " +
                std::to_string(rows) + " pixels of " + std::to_string(header.depth) +
                " bits; sides are 1 to " + std::to_string(kMaxImageSide) + ".");
  }
  // Each row ends at a multiple of four bytes. stb takes what is missing for black.
  const std::uint64_t row_bytes =
      (static_cast<std::uint64_t>(header.width * header.depth) + 31) / 32 * 4;
  const std::uint64_t needed = header.pixels_at + row_bytes * static_cast<std::uint64_t>(rows);
  if (needed > file.size()) {
    throw Error("'" + name + "' is cut short: its " + std::to_string(header.width) + " x " +
                std::to_string(rows) + " pixels would end at byte " + std::to_string(needed) +
                ", and it has " + std::to_string(file.size()) + ".");
  }
  if (static_cast<std::uint64_t>(header.width * rows) * 4 > kMaxBitmapBytes) {
    throw Error("'" + name + "' is an image of " + std::to_string(header.width) + " x " +
                std::to_string(rows) + " pixels, which is more than can be used: 256 MiB decoded.");
  }
  int width = 0, height = 0, channels = 0;
  const std::unique_ptr<stbi_uc, FreePixels> pixels(stbi_load_from_memory(
      file.data(), static_cast<int>(file.size()), &width, &height, &channels, 0));
  if (!pixels) throw Error("'" + name + "' is a damaged BMP file: " + stbi_failure_reason() + ".");
  const std::size_t bytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                            static_cast<std::size_t>(channels);
  return {width, height, channels, {pixels.get(), pixels.get() + bytes}};
}

}  // namespace hourglass
