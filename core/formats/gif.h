// Films of few colours as GIF files.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hourglass {

// Writes a GIF (version 89a) that plays for ever: frames of one size and one palette, packed by LZW
// (Welch 1984, "A Technique for High-Performance Data Compression", as appendix F of the format's
// specification has it).
class GifWriter {
 public:
  // `width` and `height` in pixels, `palette` of 0xRRGGBB. Throws Error unless the sides are from 1
  // to 65535 and the palette has 1 to 256 colours.
  GifWriter(int width, int height, std::span<const std::uint32_t> palette);

  // width x height places in the palette, row by row, which must be in it; shown for so many
  // hundredths of a second.
  void add(std::span<const std::uint8_t> pixels, int hundredths);

  // The file. Nothing can be added after it.
  std::vector<std::uint8_t> finish();

 private:
  void put(std::uint8_t byte) { bytes_.push_back(byte); }
  void put16(int value);
  void put_pixels(std::span<const std::uint8_t> pixels);

  int width_, height_;
  int bits_ = 1;  // of a place in the palette
  std::vector<std::uint8_t> bytes_;
  std::vector<std::uint16_t> children_;  // of each code by the next pixel; 0: none
};

}  // namespace hourglass
