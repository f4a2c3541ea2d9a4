// What a JPEG file says of itself before its image data (ITU-T T.81, annex B).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace hourglass {

struct JpegHeader {
  int width = 0, height = 0;
  int components = 0;        // 1 grey, 3 colour, 4 colours of print
  bool is_by_adobe = false;  // has Adobe's mark, which says what four components mean
  int orientation = 1;       // of Exif: 1 upright, 2 to 8 mirrored or turned
  bool has_arithmetic_codes = false;
};

// Reads the segments up to the frame header; nothing if there is none, or one that claims to reach
// beyond the file.
std::optional<JpegHeader> read_jpeg_header(std::span<const std::uint8_t> file);

// Whether every Huffman table (DHT), before the image data and between their scans, has at most 256
// codes and lies within its segment (T.81, B.2.4.2). A decoder may take both for granted.
bool has_sound_huffman_tables(std::span<const std::uint8_t> file);

}  // namespace hourglass
