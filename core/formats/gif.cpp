#include "core/formats/gif.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <string_view>
#include <utility>

#include "core/base/error.h"

namespace hourglass {
namespace {

constexpr int kMaxGifSide = 65535;
constexpr int kMaxCodeBits = 12;
constexpr int kMaxGifCodes = 1 << kMaxCodeBits;
constexpr std::size_t kMaxBlock = 255;

// Codes of any number of bits, lowest first, in blocks of at most 255 bytes.
class CodeBlocks {
 public:
  explicit CodeBlocks(std::vector<std::uint8_t>& out) : out_(out) {}

  void put(int code, int bits) {
    held_ |= static_cast<std::uint32_t>(code) << held_bits_;
    held_bits_ += bits;
    for (; held_bits_ >= 8; held_bits_ -= 8, held_ >>= 8) put_byte();
  }
  void end() {
    if (held_bits_ > 0) put_byte();
    put_block();
    out_.push_back(0);
  }

 private:
  void put_byte() {
    block_.push_back(static_cast<std::uint8_t>(held_ & 0xff));
    if (block_.size() == kMaxBlock) put_block();
  }
  void put_block() {
    if (block_.empty()) return;
    out_.push_back(static_cast<std::uint8_t>(block_.size()));
    out_.insert(out_.end(), block_.begin(), block_.end());
    block_.clear();
  }

  std::vector<std::uint8_t>& out_;
  std::vector<std::uint8_t> block_;
  std::uint32_t held_ = 0;
  int held_bits_ = 0;
};

}  // namespace

GifWriter::GifWriter(int width, int height, std::span<const std::uint32_t> palette)
    : width_(width), height_(height) {
  if (width < 1 || height < 1 || width > kMaxGifSide || height > kMaxGifSide) {
    throw Error("A GIF is 1 to 65535 pixels wide and high.");
  }
  if (palette.empty() || palette.size() > 256) throw Error("A GIF has 1 to 256 colours.");
  while ((std::size_t{1} << bits_) < palette.size()) ++bits_;
  for (const char c : std::string_view("GIF89a")) put(static_cast<std::uint8_t>(c));
  put16(width);
  put16(height);
  put(static_cast<std::uint8_t>(0xf0 | (bits_ - 1)));  // a palette for all frames
  put(0);                                              // background
  put(0);                                              // square pixels
  for (std::size_t i = 0; i < std::size_t{1} << bits_; ++i) {
    const std::uint32_t color = i < palette.size() ? palette[i] : 0;
    for (const int shift : {16, 8, 0}) put(static_cast<std::uint8_t>(color >> shift & 0xff));
  }
  put(0x21);  // an extension: of its application Netscape, how often it plays
  put(0xff);
  put(11);
  for (const char c : std::string_view("NETSCAPE2.0")) put(static_cast<std::uint8_t>(c));
  put(3);
  put(1);
  put16(0);  // for ever
  put(0);
}

void GifWriter::put16(int value) {
  put(static_cast<std::uint8_t>(value & 0xff));
  put(static_cast<std::uint8_t>(value >> 8 & 0xff));
}

void GifWriter::add(std::span<const std::uint8_t> pixels, int hundredths) {
  assert(pixels.size() == static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_));
  put(0x21);  // an extension: how long the frame is shown
  put(0xf9);
  put(4);
  put(1 << 2);  // it stays until the next one covers it
  put16(hundredths);
  put(0);
  put(0);
  put(0x2c);
  put16(0);
  put16(0);
  put16(width_);
  put16(height_);
  put(0);
  put_pixels(pixels);
}

void GifWriter::put_pixels(std::span<const std::uint8_t> pixels) {
  const int root = std::max(2, bits_), clear = 1 << root, end = clear + 1;
  const auto colors = static_cast<std::size_t>(clear);
  put(static_cast<std::uint8_t>(root));
  CodeBlocks blocks(bytes_);
  int next = end + 1, bits = root + 1;
  const auto forget = [&] {
    blocks.put(clear, bits);
    children_.assign(static_cast<std::size_t>(kMaxGifCodes) * colors, 0);
    next = end + 1;
    bits = root + 1;
  };
  forget();
  std::size_t code = pixels[0];
  for (const std::uint8_t pixel : pixels.subspan(1)) {
    std::uint16_t& child = children_[code * colors + pixel];
    if (child != 0) {
      code = child;
      continue;
    }
    blocks.put(static_cast<int>(code), bits);
    // Whoever reads it knows of a code one step later.
    if (next == 1 << bits && bits < kMaxCodeBits) ++bits;
    if (next < kMaxGifCodes) {
      child = static_cast<std::uint16_t>(next++);
    } else {
      forget();
    }
    code = pixel;
  }
  blocks.put(static_cast<int>(code), bits);
  if (next == 1 << bits && bits < kMaxCodeBits) ++bits;
  blocks.put(end, bits);
  blocks.end();
}

std::vector<std::uint8_t> GifWriter::finish() {
  put(0x3b);
  return std::exchange(bytes_, {});
}

}  // namespace hourglass
