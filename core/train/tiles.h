// How the parameters are cut for the second phase of a training step.
#pragma once

#include <vector>

#include "core/nn/model.h"

namespace hourglass {

// Columns of one slice of the parameters, and the layers that have a part in their gradient.
struct Tile {
  int parameter = 0;
  Index first = 0, count = 0;
  Index offset = 0, size = 0;  // where they are in a ParameterBuffer
  std::vector<int> layers;
};

// All parameters of `model`, in tiles whose gradient and moments fit the second-level cache. The
// cuts depend on shapes alone. Threads begin at both ends (see ThreadPool): there are the largest,
// so that none starts on a large one when the others have ended. Layers keep their order as far as
// that goes, so that of two threads only one reads what enters the network, and only the other the
// gradient by what leaves it; half of each was written by the other's core, and is slow to come.
std::vector<Tile> cut_parameters(const Model& model);

}  // namespace hourglass
