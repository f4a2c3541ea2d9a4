#include "core/formats/jpeg_header.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "core/formats/byte_reader.h"

namespace hourglass {
namespace {

using Segment = std::span<const std::uint8_t>;

bool begins_with(Segment segment, std::string_view mark) {
  return segment.size() >= mark.size() && std::equal(mark.begin(), mark.end(), segment.begin());
}

// Exif's orientation (tag 0x0112 of its first directory, a TIFF one of either byte order); 1 if it
// has none.
int exif_orientation(Segment tiff) {
  if (tiff.size() < 8) return 1;
  const bool is_little = tiff[0] == 'I';
  const auto number = [&](std::size_t at, int bytes) -> std::uint32_t {
    if (bytes == 2) {
      return is_little ? read_little_endian<std::uint16_t>(tiff.data() + at)
                       : read_big_endian<std::uint16_t>(tiff.data() + at);
    }
    return is_little ? read_little_endian<std::uint32_t>(tiff.data() + at)
                     : read_big_endian<std::uint32_t>(tiff.data() + at);
  };
  const std::size_t directory = number(4, 4);
  if (directory > tiff.size() - 2) return 1;
  const std::size_t entries = number(directory, 2);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t at = directory + 2 + 12 * i;
    if (at + 12 > tiff.size()) break;
    if (number(at, 2) != 0x0112) continue;
    const std::uint32_t value = number(at + 8, 2);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

// SOF0 to SOF15 without the tables (DHT, JPG, DAC) among them.
bool is_frame(std::uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// Tables one behind the other: a byte for what they are, the numbers of codes of 1 to 16 bits, and
// a byte for each code.
bool are_sound_tables(Segment segment) {
  constexpr std::size_t kLengths = 16, kMaxCodes = 256;
  while (!segment.empty()) {
    if (segment.size() < 1 + kLengths) return false;
    std::size_t codes = 0;
    for (const std::uint8_t count : segment.subspan(1, kLengths)) codes += count;
    if (codes > kMaxCodes || segment.size() < 1 + kLengths + codes) return false;
    segment = segment.subspan(1 + kLengths + codes);
  }
  return true;
}

// Where the next marker is from `at` on, behind image data: 0xFF and neither 0, nor a restart, nor
// filling. The file's size if there is none.
std::size_t next_marker(Segment file, std::size_t at) {
  for (; at + 1 < file.size(); ++at) {
    const std::uint8_t next = file[at + 1];
    if (file[at] == 0xFF && next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) return at;
  }
  return file.size();
}

}  // namespace

std::optional<JpegHeader> read_jpeg_header(std::span<const std::uint8_t> file) {
  using namespace std::string_view_literals;
  if (file.size() < 4 || file[0] != 0xFF || file[1] != 0xD8) return std::nullopt;
  JpegHeader header;
  std::size_t at = 2;
  while (file.size() - at >= 4) {
    if (file[at] != 0xFF) return std::nullopt;
    const std::uint8_t marker = file[at + 1];
    if (marker == 0xFF) {  // filling
      ++at;
      continue;
    }
    if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD9)) {  // those without content
      at += 2;
      continue;
    }
    const std::size_t length = read_big_endian<std::uint16_t>(file.data() + at + 2);
    if (length < 2 || length > file.size() - at - 2) return std::nullopt;
    const Segment content = file.subspan(at + 4, length - 2);
    if (is_frame(marker)) {
      if (content.size() < 6) return std::nullopt;
      header.height = read_big_endian<std::uint16_t>(content.data() + 1);
      header.width = read_big_endian<std::uint16_t>(content.data() + 3);
      header.components = content[5];
      header.has_arithmetic_codes = marker >= 0xC9;
      return header;
    }
    if (marker == 0xE1 && begins_with(content, "Exif\0\0"sv)) {
      header.orientation = exif_orientation(content.subspan(6));
    }
    if (marker == 0xEE && begins_with(content, "Adobe"sv)) header.is_by_adobe = true;
    if (marker == 0xDA) return std::nullopt;  // image data without a frame
    at += 2 + length;
  }
  return std::nullopt;
}

bool has_sound_huffman_tables(std::span<const std::uint8_t> file) {
  // Whatever stands between segments is passed over, as decoders pass it over.
  for (std::size_t at = next_marker(file, 2); at + 4 <= file.size();) {
    const std::uint8_t marker = file[at + 1];
    if (marker == 0x01 || marker == 0xD8 || marker == 0xD9) {
      at = next_marker(file, at + 2);
      continue;
    }
    const std::size_t length = read_big_endian<std::uint16_t>(file.data() + at + 2);
    if (length < 2 || length > file.size() - at - 2) return marker != 0xC4;
    if (marker == 0xC4 && !are_sound_tables(file.subspan(at + 4, length - 2))) return false;
    at = next_marker(file, at + 2 + length);
  }
  return true;
}

}  // namespace hourglass
