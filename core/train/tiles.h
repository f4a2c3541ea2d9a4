// How the parameters are cut for the second phase of a training step.
#pragma once

#include <vector>

#include "core/nn/model.h"

namespace hourglass {

// Columns of one slice of the parameters, and the layers that have a part in their gradient.
struct Tile {
  int parameter = 0;
  Index first = 0, count = 0;
  std::vector<int> layers;
};

// All parameters of `model`, in tiles whose gradient and moments fit the second-level cache. The
// cuts depend on shapes alone. The largest come at both ends, where threads begin (see ThreadPool),
// so that none starts on a large one when the others have ended; the first is the largest.
std::vector<Tile> cut_parameters(const Model& model);

}  // namespace hourglass
