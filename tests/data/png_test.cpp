#include "core/formats/png.h"

#include <doctest/doctest.h>

#include "tests/data/expect_error.h"

namespace hourglass {
namespace {

// 2 x 1 grey pixels, 0 and 255, as written by another program (zlib and crc32 of Python).
const std::vector<std::uint8_t> kTwoPixels = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48,
    0x44, 0x52, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00,
    0x00, 0xd1, 0x49, 0x20, 0x56, 0x00, 0x00, 0x00, 0x0b, 0x49, 0x44, 0x41, 0x54, 0x78,
    0x9c, 0x63, 0x60, 0xf8, 0x0f, 0x00, 0x01, 0x02, 0x01, 0x00, 0x42, 0xbe, 0xbc, 0x68,
    0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

ConstMatrixView view(const Matrix& matrix) {
  return {matrix.data(), matrix.rows(), matrix.cols(), Eigen::OuterStride<>(matrix.rows())};
}

TEST_CASE("PNG: a file by another program is read") {
  const Image image = read_png(kTwoPixels, "x");
  CHECK(image.width == 2);
  CHECK(image.height == 1);
  CHECK(image.channels == 1);
  CHECK(image.pixels == std::vector<std::uint8_t>{0, 255});
  CHECK(read_png(kTwoPixels, "x", 3).pixels == std::vector<std::uint8_t>{0, 0, 0, 255, 255, 255});
}

TEST_CASE("PNG: what is written is read back") {
  for (const int channels : {1, 2, 3, 4}) {
    Image image{7, 5, channels, {}};
    for (int i = 0; i < 35 * channels; ++i) {
      image.pixels.push_back(static_cast<std::uint8_t>(i * 37 + i * i));
    }
    const Image back = read_png(write_png(image), "x");
    CHECK(back.width == 7);
    CHECK(back.height == 5);
    CHECK(back.channels == channels);
    CHECK(back.pixels == image.pixels);
  }
  CHECK_THROWS_AS(write_png(Image{}), Error);
  CHECK_THROWS_AS(write_png(Image{20000, 1, 1, std::vector<std::uint8_t>(20000)}), Error);
}

TEST_CASE("PNG: truncated and absurd files are errors") {
  for (std::size_t size = 0; size < kTwoPixels.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(read_png(std::span(kTwoPixels).first(size), "x"), Error);
  }
  auto wide = kTwoPixels;
  wide[16] = 0x7f;  // 2 billion pixels wide
  CHECK(contains(error_of([&] { read_png(wide, "some/file"); }), "some/file"));
  auto large = kTwoPixels;  // 16384 x 16384 in colour: 768 MiB
  large[18] = large[22] = 0x40;
  large[19] = large[23] = 0;
  large[25] = 2;
  CHECK(contains(error_of([&] { read_png(large, "x"); }), "256 MiB"));
  CHECK(contains(error_of([] { read_png(std::vector<std::uint8_t>{0xff, 0xd8, 0xff}, "x"); }),
                 "not a PNG"));
}

TEST_CASE("sheets: images lie in reading order, sets below each other") {
  Matrix first(4, 3), second(4, 3);
  first << 0, 1, 2, 0.25f, 1, -1, 0.5f, 1, 0, 1, 1, 0;
  second.setConstant(Scalar(0.2));
  const ImageShape shape{1, 2, 2};
  const GridLayout layout{2, 1, true, 9};
  const std::vector<ConstMatrixView> sets = {view(first), view(second)};
  const Image sheet = make_grid(sets, shape, layout);
  CHECK(sheet.width == 7);    // 1 + 2 + 1 + 2 + 1
  CHECK(sheet.height == 13);  // two lines of two sets
  const auto line = [&](int y) {
    return std::vector<int>(sheet.pixels.begin() + y * 7, sheet.pixels.begin() + y * 7 + 7);
  };
  CHECK(line(0) == std::vector<int>(7, 9));
  CHECK(line(1) == std::vector<int>{9, 0, 64, 9, 255, 255, 9});
  CHECK(line(2) == std::vector<int>{9, 128, 255, 9, 255, 255, 9});
  CHECK(line(4) == std::vector<int>{9, 51, 51, 9, 51, 51, 9});
  CHECK(line(7) ==
        std::vector<int>{9, 255, 0, 9, 9, 9, 9});  // the third image, values held in range
  CHECK(line(10) == std::vector<int>{9, 51, 51, 9, 9, 9, 9});
}

TEST_CASE("sheets: cutting undoes laying out, in grey and in colour") {
  for (const Index channels : {1, 3}) {
    const ImageShape shape{channels, 3, 2};
    Matrix images(shape.features(), 6);
    for (Index i = 0; i < images.size(); ++i) {
      images.data()[i] = static_cast<Scalar>(i * 5 % 256) / 255;
    }
    const Image sheet = make_grid(view(images), shape, {3, 0, false, 0});
    CHECK(sheet.width == 6);
    CHECK(sheet.height == 6);
    const std::vector<float> values = split_grid(read_png(write_png(sheet), "x"), shape, "x");
    REQUIRE(values.size() == static_cast<std::size_t>(images.size()));
    float most = 0;
    for (Index i = 0; i < images.size(); ++i) {
      most = std::max(most, std::abs(values[static_cast<std::size_t>(i)] -
                                     static_cast<float>(images.data()[i])));
    }
    CHECK(most < 1e-6f);
  }
  const Image odd{5, 4, 1, std::vector<std::uint8_t>(20)};
  CHECK(contains(error_of([&] { split_grid(odd, {1, 2, 2}, "some/file"); }), "5 x 4"));
  CHECK_THROWS_AS(split_grid(odd, {3, 4, 5}, "x"), Error);
}

TEST_CASE("sheets: one that is too large is an error") {
  Matrix images = Matrix::Zero(100, 2000);
  CHECK_THROWS_AS(make_grid(view(images), {1, 10, 10}, {2000, 0, false, 0}), Error);
  CHECK_THROWS_AS(make_grid(view(Matrix(100, 0)), {1, 10, 10}, {}), Error);
}

}  // namespace
}  // namespace hourglass
