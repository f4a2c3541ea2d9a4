// JPEG in memory: photographs as data, and what a code is compared with.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/formats/png.h"

namespace hourglass {

// `image` of 1 or 3 channels as baseline JPEG by stb_image_write: Huffman tables of the standard
// (not optimised), 4:2:0 chroma up to quality 90, and three components even for grey, whose chroma
// is all zeros and costs a few bytes a block. `quality` is 1 to 100. Throws Error for sides of 0 or
// above kMaxImageSide.
std::vector<std::uint8_t> write_jpeg(const Image& image, int quality);

// The reverse, baseline or progressive, with 1 or 3 channels and as it lies in the file, whatever
// Exif says of its orientation. Four colours of print become red, green and blue where Adobe's mark
// says what they are. Throws Error if it is no JPEG, damaged, cut short, larger than kMaxImageSide
// or decoded than 256 MiB or most_decompressed() of its size, or of another kind.
Image read_jpeg(std::span<const std::uint8_t> file, const std::string& name, int channels);

}  // namespace hourglass
