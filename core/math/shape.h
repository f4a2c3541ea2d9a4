// The shape of one sample.
#pragma once

#include "core/math/types.h"

namespace hourglass {

// How a sample's features are laid out: channel by channel, row by row. Plain feature vectors are
// {1, 1, features}.
struct ImageShape {
  Index channels = 1;
  Index rows = 0;
  Index columns = 0;

  Index features() const { return channels * rows * columns; }
  bool operator==(const ImageShape&) const = default;
};

}  // namespace hourglass
