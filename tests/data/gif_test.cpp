// GIF files, read by a decoder that was written from the format's description alone.
#include "core/formats/gif.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/math/random.h"

namespace hourglass {
namespace {

struct DecodedGif {
  int width = 0, height = 0;
  std::vector<std::uint32_t> palette;
  std::vector<std::vector<std::uint8_t>> frames;
  std::vector<int> hundredths;
};

class GifReader {
 public:
  explicit GifReader(const std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}

  DecodedGif read() {
    DecodedGif gif;
    REQUIRE(std::string(bytes_.begin(), bytes_.begin() + 6) == "GIF89a");
    at_ = 6;
    gif.width = next16();
    gif.height = next16();
    const int flags = next();
    REQUIRE((flags & 0x80) != 0);
    at_ += 2;
    for (int i = 0; i < 2 << (flags & 7); ++i) {
      const std::uint32_t red = next(), green = next(), blue = next();
      gif.palette.push_back(red << 16 | green << 8 | blue);
    }
    for (;;) {
      switch (next()) {
        case 0x21: {
          const int label = next();
          const std::vector<std::uint8_t> data = blocks();
          if (label == 0xf9) gif.hundredths.push_back(data.at(1) | data.at(2) << 8);
          break;
        }
        case 0x2c:
          at_ += 4;
          REQUIRE(next16() == gif.width);
          REQUIRE(next16() == gif.height);
          ++at_;
          gif.frames.push_back(pixels());
          break;
        case 0x3b:
          CHECK(at_ == bytes_.size());
          return gif;
        default:
          FAIL("no block begins so");
      }
    }
  }

 private:
  int next() { return bytes_.at(at_++); }
  int next16() {
    const int low = next();
    return low | next() << 8;
  }
  std::vector<std::uint8_t> blocks() {
    std::vector<std::uint8_t> data;
    for (int size = next(); size != 0; size = next()) {
      for (int i = 0; i < size; ++i) data.push_back(static_cast<std::uint8_t>(next()));
    }
    return data;
  }
  std::vector<std::uint8_t> pixels() {
    const int root = next();
    const std::vector<std::uint8_t> data = blocks();
    const int clear = 1 << root;
    std::vector<std::vector<std::uint8_t>> table;
    std::vector<std::uint8_t> out, last;
    int bits = root + 1;
    std::size_t bit = 0;
    const auto forget = [&] {
      table.resize(static_cast<std::size_t>(clear) + 2);
      for (int i = 0; i < clear; ++i) table[i] = {static_cast<std::uint8_t>(i)};
      bits = root + 1;
      last.clear();
    };
    forget();
    for (;;) {
      int code = 0;
      for (int i = 0; i < bits; ++i, ++bit) code |= (data.at(bit / 8) >> bit % 8 & 1) << i;
      if (code == clear) {
        forget();
        continue;
      }
      if (code == clear + 1) return out;
      REQUIRE(code <= static_cast<int>(table.size()));
      std::vector<std::uint8_t> now;
      if (code < static_cast<int>(table.size())) {
        now = table[static_cast<std::size_t>(code)];
      } else {
        now = last;
        now.push_back(last.at(0));
      }
      out.insert(out.end(), now.begin(), now.end());
      if (!last.empty() && table.size() < 4096) {
        last.push_back(now[0]);
        table.push_back(last);
        if (static_cast<int>(table.size()) == 1 << bits && bits < 12) ++bits;
      }
      last = now;
    }
  }

  const std::vector<std::uint8_t>& bytes_;
  std::size_t at_ = 0;
};

}  // namespace

TEST_CASE("GIF: what is written is read again, noise and plain areas, of few colours and of many") {
  for (const int colors : {1, 2, 3, 5, 16, 100, 256}) {
    CAPTURE(colors);
    std::vector<std::uint32_t> palette;
    for (int i = 0; i < colors; ++i) palette.push_back(0x010101u * static_cast<std::uint32_t>(i));
    constexpr int kWidth = 131, kHeight = 97;
    GifWriter writer(kWidth, kHeight, palette);
    std::vector<std::vector<std::uint8_t>> frames;
    Random random(3, RandomStream::kTest, 0, static_cast<std::uint32_t>(colors));
    for (int kind = 0; kind < 3; ++kind) {
      std::vector<std::uint8_t> pixels(kWidth * kHeight);
      for (std::size_t i = 0; i < pixels.size(); ++i) {
        const auto noise = static_cast<int>(random.uniform() * 0.999f * static_cast<float>(colors));
        pixels[i] = static_cast<std::uint8_t>(kind == 0   ? 0
                                              : kind == 1 ? static_cast<int>(i / 40) % colors
                                                          : noise);
      }
      frames.push_back(pixels);
      writer.add(frames.back(), 10 + 300 * kind);
    }
    const std::vector<std::uint8_t> bytes = writer.finish();
    const DecodedGif gif = GifReader(bytes).read();
    CHECK(gif.width == kWidth);
    CHECK(gif.height == kHeight);
    for (int i = 0; i < colors; ++i) CHECK(gif.palette[i] == palette[i]);
    CHECK(gif.hundredths == std::vector<int>{10, 310, 610});
    REQUIRE(gif.frames.size() == 3);
    for (int kind = 0; kind < 3; ++kind) {
      CAPTURE(kind);
      CHECK(gif.frames[kind] == frames[kind]);
    }
  }
}

TEST_CASE("GIF: a single pixel, and sides and palettes that there are not") {
  const std::vector<std::uint32_t> palette = {0xff0000, 0xffffff};
  GifWriter writer(1, 1, palette);
  const std::vector<std::uint8_t> pixel = {1};
  writer.add(pixel, 5);
  const std::vector<std::uint8_t> bytes = writer.finish();
  CHECK(GifReader(bytes).read().frames[0] == pixel);
  CHECK_THROWS_AS(GifWriter(0, 1, palette), Error);
  CHECK_THROWS_AS(GifWriter(1, 65536, palette), Error);
  CHECK_THROWS_AS(GifWriter(1, 1, {}), Error);
  CHECK_THROWS_AS(GifWriter(1, 1, std::vector<std::uint32_t>(257)), Error);
}

}  // namespace hourglass
