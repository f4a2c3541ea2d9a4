// What a person says about the pixels of their images, read from settings, and what the numbers in
// a picture file stand for.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/shape.h"
#include "core/data/import/import_options.h"
#include "core/formats/png.h"

namespace hourglass {

// Rows and columns of the tiles that a sheet is cut into, by data.tiles: "28x28" or "28"; 0 x 0 if
// it is empty. Throws Error if it is neither.
struct TileSides {
  int rows = 0, columns = 0;
};
TileSides tile_sides(const std::string& text);

// What each image is made into, by data.shape ("20x60" is rows and columns, "3x32x32" has channels
// before them), data.image_side and data.colour; tiles that are small enough keep their sides.
// Throws Error if the shape is none of an image of 1 or 3 channels and 2 to kMaxPixelsASide pixels
// a side.
ImageShape wanted_shape(const ImportOptions& options, const TileSides& tiles);

// Which numbers in a file are black and white.
class PixelRange {
 public:
  // By data.range: "auto" and "own" are what the file's bits can hold, "LOW..HIGH" says it. Throws
  // Error if it is neither, or empty.
  explicit PixelRange(const std::string& option);

  bool is_said() const { return is_said_; }
  // Puts black and white where the range has them; alpha stays. Nothing if the range is not said.
  void apply(Image& image) const;
  // 8 bits of each value: `white` becomes 255 and what is above it, too. If the range is said,
  // `white` plays no part.
  Image eight_bits(const DeepImage& image, std::uint16_t white) const;

 private:
  std::uint8_t level(double value) const;

  bool is_said_ = false;
  double low_ = 0, high_ = 255;
};

// The largest value of a deep image, alpha aside.
std::uint16_t largest_value(const DeepImage& image);

// What white is among deep images whose largest value is this: files of 12 bits in 16 are nearly
// black otherwise. Where the upper half is used, white is what 16 bits can hold.
std::uint16_t white_of(std::uint16_t largest);

}  // namespace hourglass
