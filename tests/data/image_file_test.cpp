#include "core/formats/image_file.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>

#include "core/formats/bmp.h"
#include "core/formats/jpeg.h"
#include "core/formats/jpeg_header.h"
#include "tests/data/bmp_builder.h"
#include "tests/data/expect_error.h"
#include "tests/data/png_builder.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes pixels_of(const Bytes& file) { return read_image_file(file, "it", true).pixels; }

TEST_CASE("image files: PNG of 1, 2 and 4 bits, palettes and what is transparent in them") {
  CHECK(pixels_of(make_png({.width = 8, .height = 1, .depth = 1}, {{0b10100001}})) ==
        Bytes{255, 0, 255, 0, 0, 0, 0, 255});
  CHECK(pixels_of(make_png({.width = 4, .height = 1, .depth = 2}, {{0b00011011}})) ==
        Bytes{0, 85, 170, 255});
  CHECK(pixels_of(make_png({.width = 3, .height = 1, .depth = 4}, {{0x0F, 0x30}})) ==
        Bytes{0, 255, 51});
  const PngKind palette{
      .width = 2, .height = 1, .depth = 8, .colour = 3, .palette = {10, 20, 30, 40, 50, 60}};
  CHECK(pixels_of(make_png(palette, {{1, 0}})) == Bytes{40, 50, 60, 10, 20, 30});
  PngKind clear = palette;
  clear.transparency = {0};  // of the first entry alone
  CHECK(pixels_of(make_png(clear, {{1, 0}})) == Bytes{40, 50, 60, 255, 10, 20, 30, 0});
  PngKind grey_key{.width = 2, .height = 1};
  grey_key.transparency = {0, 7};
  CHECK(pixels_of(make_png(grey_key, {{7, 8}})) == Bytes{7, 0, 8, 255});
}

TEST_CASE("image files: PNG interlaced, of 16 bits, with alpha") {
  // Adam7 of 2 x 2: pass 1 has the first pixel, 6 the second, 7 the second row.
  CHECK(pixels_of(make_png({.width = 2, .height = 2, .interlaced = true}, {{1}, {2}, {3, 4}})) ==
        Bytes{1, 2, 3, 4});
  const Bytes deep = make_png({.width = 2, .height = 1, .depth = 16}, {{0x12, 0x34, 0xFF, 0x80}});
  CHECK(is_deep_png(deep));
  CHECK(pixels_of(deep) == Bytes{0x12, 0xFF});
  CHECK(read_deep_png(deep, "it").values == std::vector<std::uint16_t>{0x1234, 0xFF80});
  const Bytes alpha = make_png({.width = 1, .height = 1, .colour = 6}, {{1, 2, 3, 4}});
  CHECK_FALSE(is_deep_png(alpha));
  CHECK(pixels_of(alpha) == Bytes{1, 2, 3, 4});
  CHECK(may_have_colour(alpha));
  CHECK_FALSE(may_have_colour(deep));
}

TEST_CASE("image files: what a file is is told from its contents") {
  const Image grey{16, 8, 1, Bytes(128, 100)};
  const Image from_jpeg = read_image_file(write_jpeg(grey, 95), "photo.png", false);
  CHECK(from_jpeg.width == 16);
  CHECK(from_jpeg.height == 8);
  CHECK(from_jpeg.channels == 1);
  CHECK(std::abs(from_jpeg.pixels[0] - 100) <= 1);
  CHECK(contains(error_of([] { read_image_file(Bytes{'G', 'I', 'F', '8'}, "a.png", false); }),
                 "'a.png' is no picture that is read: PNG, JPEG and BMP are."));
  CHECK(contains(error_of([] { read_image_file({}, "a.png", false); }), "it is empty"));
}

TEST_CASE("image files: BMP of every depth, from either end") {
  const Bytes rgb = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};  // 2 x 2
  BmpKind kind{.width = 2, .height = 2, .depth = 24};
  CHECK(pixels_of(make_bmp(kind, {{9, 8, 7, 12, 11, 10}, {3, 2, 1, 6, 5, 4}})) == rgb);
  kind.height = -2;  // from the top down
  CHECK(pixels_of(make_bmp(kind, {{3, 2, 1, 6, 5, 4}, {9, 8, 7, 12, 11, 10}})) == rgb);
  kind = {.width = 3, .height = 1, .depth = 8, .palette = {5, 6, 7, 0, 9, 8, 7, 0}};
  CHECK(pixels_of(make_bmp(kind, {{0, 1, 0}})) == Bytes{7, 6, 5, 7, 8, 9, 7, 6, 5});
  kind = {.width = 3, .height = 1, .depth = 4, .palette = {5, 5, 5, 0, 9, 9, 9, 0}};
  CHECK(pixels_of(make_bmp(kind, {{0x01, 0x10}})) == Bytes{5, 5, 5, 9, 9, 9, 9, 9, 9});
  kind = {.width = 3, .height = 1, .depth = 1, .palette = {0, 0, 0, 0, 255, 255, 255, 0}};
  CHECK(pixels_of(make_bmp(kind, {{0b10100000}})) == Bytes{255, 255, 255, 0, 0, 0, 255, 255, 255});
  kind = {.width = 1, .height = 1, .depth = 32};
  CHECK(pixels_of(make_bmp(kind, {{3, 2, 1, 0}})).size() >= 3);
  kind = {.width = 1, .height = 1, .depth = 16};
  CHECK(pixels_of(make_bmp(kind, {{0xFF, 0x7F}})) == Bytes{255, 255, 255});
}

TEST_CASE("image files: BMP that is cut short, packed or absurd is refused") {
  const BmpKind kind{.width = 2, .height = 2, .depth = 24};
  const Bytes whole = make_bmp(kind, {{1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 6}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(read_bmp(std::span(whole).first(size), "b.bmp"), Error);
  }
  const auto refusal = [&](std::size_t at, std::uint8_t value) {
    Bytes bytes = whole;
    bytes[at] = value;
    return error_of([&] { read_bmp(bytes, "b.bmp"); });
  };
  CHECK(contains(refusal(30, 1), "packed BMP"));
  CHECK(contains(refusal(18, 0), "0 x 2 pixels"));
  CHECK(contains(refusal(28, 7), "of 7 bits"));
  CHECK(contains(refusal(22, 3), "cut short: its 2 x 3 pixels would end at byte 78"));
  CHECK(contains(refusal(24, 1), "2 x 65538 pixels"));
  CHECK(contains(refusal(0, 'X'), "not a BMP"));
}

TEST_CASE("image files: a JPEG is turned as Exif says") {
  const Image image{2, 3, 1, {1, 2, 3, 4, 5, 6}};  // rows 1 2, 3 4, 5 6
  CHECK(oriented(image, 1).pixels == image.pixels);
  CHECK(oriented(image, 2).pixels == Bytes{2, 1, 4, 3, 6, 5});
  CHECK(oriented(image, 3).pixels == Bytes{6, 5, 4, 3, 2, 1});
  CHECK(oriented(image, 4).pixels == Bytes{5, 6, 3, 4, 1, 2});
  CHECK(oriented(image, 5).pixels == Bytes{1, 3, 5, 2, 4, 6});
  CHECK(oriented(image, 6).pixels == Bytes{5, 3, 1, 6, 4, 2});
  CHECK(oriented(image, 7).pixels == Bytes{6, 4, 2, 5, 3, 1});
  CHECK(oriented(image, 8).pixels == Bytes{2, 4, 6, 1, 3, 5});
  CHECK(oriented(image, 6).width == 3);

  Bytes jpeg = write_jpeg({16, 8, 1, Bytes(128, 100)}, 90);
  CHECK(read_jpeg_header(jpeg)->orientation == 1);
  for (const bool little : {false, true}) {
    Bytes exif = {0xFF, 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0};
    const Bytes big_tiff = {'M', 'M',  0, 42, 0, 0, 0, 8, 0, 1,  // one entry
                            1,   0x12, 0, 3,  0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0};
    const Bytes little_tiff = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3,
                               0,   1,   0,  0, 0, 6, 0, 0, 0, 0, 0,    0, 0};
    const Bytes& tiff = little ? little_tiff : big_tiff;
    exif.insert(exif.end(), tiff.begin(), tiff.end());
    Bytes turned = jpeg;
    turned.insert(turned.begin() + 2, exif.begin(), exif.end());
    CHECK(read_jpeg_header(turned)->orientation == 6);
    const Image upright = read_image_file(turned, "it", false);
    CHECK(upright.width == 8);
    CHECK(upright.height == 16);
    for (std::size_t size = 4; size < 40; ++size) read_jpeg_header(std::span(turned).first(size));
  }
}

// A JPEG header of these many components with or without Adobe's mark; no image data.
Bytes jpeg_of(int components, bool adobe) {
  Bytes file = {0xFF, 0xD8};
  if (adobe) {
    const Bytes mark = {0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 2};
    file.insert(file.end(), mark.begin(), mark.end());
  }
  const Bytes frame = {0xFF, 0xC0, 0, static_cast<std::uint8_t>(8 + 3 * components), 8, 0,
                       8,    0,    8, static_cast<std::uint8_t>(components)};
  file.insert(file.end(), frame.begin(), frame.end());
  for (int i = 0; i < 3 * components; ++i) file.push_back(1);
  file.insert(file.end(), 20, 0);
  return file;
}

TEST_CASE("image files: a progressive JPEG, grey") {
  // One block of 8 x 8 whose only scan has the mean: 200 times the quantiser 2, in a category of 8
  // bits whose code is one 0; an eighth of 400 above 128 is 178 (T.81, annexes A, F and G).
  Bytes file = {0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0};
  file.insert(file.end(), 64, 2);
  const Bytes rest = {0xFF, 0xC2, 0,    11,  8, 0,    8,    0, 8, 1, 1, 0x11, 0,  // SOF2
                      0xFF, 0xC4, 0,    20,  0, 1,    0,    0, 0, 0, 0, 0,    0, 0, 0, 0, 0,
                      0,    0,    0,    0,   8, 0xFF, 0xDA, 0, 8, 1, 1, 0,    0, 0, 0,  // DC alone
                      0x64, 0x7F, 0xFF, 0xD9};
  file.insert(file.end(), rest.begin(), rest.end());
  CHECK(read_image_file(file, "it", false).pixels == Bytes(64, 178));
  CHECK(read_image_file(file, "it", true).pixels == Bytes(192, 178));
  CHECK_FALSE(may_have_colour(file));
}

TEST_CASE("image files: JPEG that is cut short, of unknown print colours or too large is refused") {
  const auto refusal = [](const Bytes& bytes) {
    return error_of([&] { read_image_file(bytes, "a.jpg", true); });
  };
  const Bytes whole = write_jpeg({32, 32, 3, Bytes(3072, 100)}, 90);
  Bytes cut(whole.begin(), whole.end() - 20);
  CHECK(contains(refusal(cut), "damaged"));
  CHECK(contains(refusal(jpeg_of(4, false)), "four colours"));
  CHECK(contains(refusal(jpeg_of(4, true)), "damaged"));  // known colours, and no data
  // A table of codes that ends before its codes do: the first one's segment is made shorter.
  const std::array<std::uint8_t, 2> table = {0xFF, 0xC4};
  Bytes short_table = whole;
  const auto at = std::search(short_table.begin(), short_table.end(), table.begin(), table.end());
  REQUIRE(at != short_table.end());
  CHECK(has_sound_huffman_tables(whole));
  at[2] = 0;
  at[3] = 2 + 1 + 16 + 3;
  CHECK_FALSE(has_sound_huffman_tables(short_table));
  CHECK(contains(refusal(short_table), "damaged"));
  Bytes arithmetic = jpeg_of(3, false);
  arithmetic[3] = 0xC9;
  CHECK(contains(refusal(arithmetic), "arithmetic"));
  Bytes large = jpeg_of(3, false);
  large[7] = large[9] = 0x3F;  // 16,136 x 16,136
  CHECK(contains(refusal(large), "more than can be used"));
}

}  // namespace
}  // namespace hourglass
