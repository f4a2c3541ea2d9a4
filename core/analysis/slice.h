// How much work makes a slice: little enough that whoever drives the engine has it back in a few
// milliseconds.
#pragma once

#include "core/nn/model.h"

namespace hourglass {

// Samples that one thread takes through the layers [from, to) in some milliseconds, at least 1.
Index samples_per_slice(const Model& model, int from, int to);

// The same for `threads` of them, in whole pieces of Inference, so that its cut into pieces is the
// same for every number of threads: at least a piece for each, at most 8 pieces where these are
// enough for all.
Index pieced_samples_per_slice(const Model& model, int from, int to, int threads);

}  // namespace hourglass
