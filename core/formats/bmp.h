// Windows bitmaps (BMP), read.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/formats/png.h"

namespace hourglass {

// Whether the file begins as a BMP does: "BM" and the size of a header that is known.
bool is_bmp(std::span<const std::uint8_t> file);

// Decodes a BMP of 1, 4, 8, 16, 24 or 32 bits a pixel, from the bottom up or from the top down:
// three channels, or four if it has alpha. Palettes become colours. Throws Error if it is no BMP,
// cut short, packed (RLE, or JPEG and PNG within), has a side of 0 or above kMaxImageSide, or more
// than 256 MiB decoded.
Image read_bmp(std::span<const std::uint8_t> file, const std::string& name);

}  // namespace hourglass
