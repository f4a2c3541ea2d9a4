// Models that differ in the size of their code alone, and which of them is large enough.
#pragma once

#include <span>

#include "core/model/spec.h"

namespace hourglass {

// `spec` with a code of `units`: the last layer of the encoder that has units of its own gets them,
// and a k-sparse layer behind it keeps at most so many. Everything else stays. Throws Error if the
// code is not made by a dense or a gaussian layer of a plain number of units (feature maps have no
// size of one number), or if `units` is not 1 to kMaxUnits.
ModelSpec with_code_size(const ModelSpec& spec, std::int64_t units);

// Where a falling curve of errors over sizes bends: the place that is furthest below the straight
// line between its ends, sizes on a logarithmic scale and both axes from 0 to 1 (Satopää et al.
// 2011, "Finding a 'kneedle' in a haystack"). `sizes` rise and are positive. -1 where there are
// fewer than three places, where a number is not finite, or where the curve nowhere lies below the
// line.
int elbow(std::span<const double> sizes, std::span<const double> errors);

}  // namespace hourglass
