#include "core/data/known_scaling.h"

#include <algorithm>
#include <cassert>

#include "core/base/error.h"

namespace hourglass {

Dataset scaled_by(Dataset data, Scaling scaling, const ScalingMap& map, const ValueRange& range) {
  if (data.documents) return data;
  assert(data.map.is_identity() && data.range == ValueRange{});
  data.scaling = scaling;
  data.map = map;
  data.range = range;
  for (Samples* samples : {&data.train, &data.test}) {
    const auto values = samples->values();
    const bool finite = std::all_of(values.begin(), values.end(),
                                    [](float value) { return value - value == 0.0f; });
    if (!finite) {
      throw Error("The data set '" + data.name +
                  "' holds numbers that are not finite; every value must be a number.");
    }
    samples->scale(map);
  }
  return data;
}

}  // namespace hourglass
