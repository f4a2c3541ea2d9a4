// The shape of one sample.
#pragma once

#include <string>

#include "core/base/index.h"

namespace hourglass {

// How a sample's features are laid out: channel by channel, row by row. Plain feature vectors are
// {1, 1, features}.
struct ImageShape {
  Index channels = 1;
  Index rows = 0;
  Index columns = 0;

  Index features() const { return channels * rows * columns; }
  // A plain vector, or an image of a single row, which is laid out in the same way.
  bool is_vector() const { return channels == 1 && rows == 1; }
  bool operator==(const ImageShape&) const = default;
};

// "32 numbers" for a vector, "16 x 7 x 7" (channels, rows, columns) for an image.
std::string shape_text(ImageShape shape);

}  // namespace hourglass
