// PNG files of every kind, made chunk by chunk after the PNG specification (second edition), which
// write_png() does not make.
#pragma once

#include <libdeflate.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hourglass {

struct PngKind {
  int width = 1, height = 1;
  int depth = 8;   // bits a channel
  int colour = 0;  // 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
  bool interlaced = false;
  std::vector<std::uint8_t> palette = {}, transparency = {};  // contents of PLTE and tRNS
};

// `lines` are the scanlines (of all passes, if interlaced) without their filter bytes, each of
// line_bytes[i] bytes.
inline std::vector<std::uint8_t> make_png(const PngKind& kind,
                                          const std::vector<std::vector<std::uint8_t>>& lines) {
  using Bytes = std::vector<std::uint8_t>;
  Bytes file = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  const auto put32 = [](std::uint32_t value, Bytes& out) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.push_back(static_cast<std::uint8_t>(value >> shift));
    }
  };
  const auto chunk = [&](const std::string& type, const Bytes& content) {
    put32(static_cast<std::uint32_t>(content.size()), file);
    Bytes body(type.begin(), type.end());
    body.insert(body.end(), content.begin(), content.end());
    file.insert(file.end(), body.begin(), body.end());
    put32(libdeflate_crc32(0, body.data(), body.size()), file);
  };
  Bytes header;
  put32(static_cast<std::uint32_t>(kind.width), header);
  put32(static_cast<std::uint32_t>(kind.height), header);
  for (const int value : {kind.depth, kind.colour, 0, 0, kind.interlaced ? 1 : 0}) {
    header.push_back(static_cast<std::uint8_t>(value));
  }
  chunk("IHDR", header);
  if (!kind.palette.empty()) chunk("PLTE", kind.palette);
  if (!kind.transparency.empty()) chunk("tRNS", kind.transparency);
  Bytes raw;
  for (const Bytes& line : lines) {
    raw.push_back(0);
    raw.insert(raw.end(), line.begin(), line.end());
  }
  libdeflate_compressor* const compressor = libdeflate_alloc_compressor(6);
  Bytes packed(libdeflate_zlib_compress_bound(compressor, raw.size()));
  packed.resize(
      libdeflate_zlib_compress(compressor, raw.data(), raw.size(), packed.data(), packed.size()));
  libdeflate_free_compressor(compressor);
  chunk("IDAT", packed);
  chunk("IEND", {});
  return file;
}

}  // namespace hourglass
