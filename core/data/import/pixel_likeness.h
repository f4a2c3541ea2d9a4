// Whether rows of plain numbers are pictures.
#pragma once

#include <cstdint>

#include "core/base/shape.h"
#include "core/formats/numeric_array.h"

namespace hourglass {

// The side of a square image of so many pixels, 8 to 64; 0 if they are no such square.
Index square_side(Index features);

// Whether `count` samples out of the values of `array` are images of `shape`, whose number of
// values is the features: value v of sample n is at n * sample_step + v * value_step. They are if
// they lie within [0, 1], [-1, 1] or [0, 255], and neighbours are alike, as they are in pictures:
// the mean squared difference of a pixel to those beside and below it is well below that to one
// half an image away. Looks at 500 samples at most.
bool are_like_pixels(const NumericArray& array, const ImageShape& shape, Index count,
                     std::uint64_t sample_step, std::uint64_t value_step);

}  // namespace hourglass
