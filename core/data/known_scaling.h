// Data in the scale of a model that was trained on others.
#pragma once

#include "core/data/dataset.h"

namespace hourglass {

// As scaled(), with a map and a range that are known instead of the data's own: `map` has one
// element or data.shape.features(). Throws Error if a value is not finite.
Dataset scaled_by(Dataset data, Scaling scaling, const ScalingMap& map, const ValueRange& range);

}  // namespace hourglass
