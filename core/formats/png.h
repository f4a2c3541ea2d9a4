// Images as files and as sheets.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/shape.h"
#include "core/math/types.h"

namespace hourglass {

// Pixels row by row from the top, channels of a pixel side by side: 1 grey, 2 grey and alpha, 3
// red, green and blue, 4 with alpha. Values 0 to 255.
struct Image {
  int width = 0;
  int height = 0;
  int channels = 1;
  std::vector<std::uint8_t> pixels;  // width * height * channels
};

// Sides of a PNG that is read or written, in pixels.
inline constexpr int kMaxImageSide = 16384;

// Decodes a PNG. `want_channels` 0 keeps what the file has (16 bits a channel become 8, a palette
// becomes colours); 1 to 4 converts. `name` is what messages call it. Throws Error if it is no PNG,
// damaged, wider or higher than kMaxImageSide, or larger decoded than 256 MiB or than
// most_decompressed() of the file's size (core/formats/gzip.h); takes at most six times that.
Image read_png(std::span<const std::uint8_t> file, const std::string& name, int want_channels = 0);

// An image of 16 bits a channel: values 0 to 65535.
struct DeepImage {
  int width = 0;
  int height = 0;
  int channels = 1;
  std::vector<std::uint16_t> values;  // width * height * channels
};

// Whether a file is a PNG of 16 bits a channel, as its header says.
bool is_deep_png(std::span<const std::uint8_t> file);

// Decodes a PNG with all its bits; one of 8 or fewer is spread over 0 to 65535. Throws Error as
// read_png() does.
DeepImage read_deep_png(std::span<const std::uint8_t> file, const std::string& name);

// The image as a PNG file. Throws Error if a side is 0 or above kMaxImageSide.
std::vector<std::uint8_t> write_png(const Image& image);

// Lays out images as a sheet, in reading order. `sets` are one or more batches of the same number
// of images (features x images, features as in `shape`, values held within [0, 1]): with two sets,
// each line of `columns` images of the first has the matching ones of the second below it.
// `spacing` pixels of grey level `background` separate the images and surround the sheet if
// `border`. shape.channels must be 1 or 3. Throws Error if the sheet would exceed kMaxImageSide.
struct GridLayout {
  int columns = 10;
  int spacing = 2;
  bool border = true;
  std::uint8_t background = 128;
};
Image make_grid(std::span<const ConstMatrixView> sets, const ImageShape& shape,
                const GridLayout& layout);
Image make_grid(const ConstMatrixView& images, const ImageShape& shape, const GridLayout& layout);

// The reverse for a sheet without spacing or border: cuts `image` into pieces of `shape` in reading
// order and returns them sample by sample, as values in [0, 1]. Throws Error if the image's sides
// are no multiples of the shape's, or the channels differ. `name` is what messages call it.
std::vector<float> split_grid(const Image& image, const ImageShape& shape, const std::string& name);

}  // namespace hourglass
