// Images of any size made small.
#pragma once

#include <cstdint>
#include <vector>

#include "core/formats/png.h"

namespace hourglass {

// `image` as rows x columns pixels, each channel for itself, channel by channel as samples are laid
// out: one channel, or three if `colour`. A side that shrinks is averaged by area, one that grows
// is interpolated linearly between pixel centres; an image of other proportions is stretched.
// Transparent pixels are seen on the grey level `ground`. Grey is 0.299 red + 0.587 green + 0.114
// blue (ITU-R BT.601). An image of that size and those channels stays what it is.
std::vector<std::uint8_t> resized(const Image& image, int rows, int columns, bool colour,
                                  std::uint8_t ground = 255);
inline std::vector<std::uint8_t> resized(const Image& image, int side, bool colour) {
  return resized(image, side, side, colour);
}

}  // namespace hourglass
