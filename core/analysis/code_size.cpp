#include "core/analysis/code_size.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/error.h"
#include "core/model/layer_type.h"

namespace hourglass {

ModelSpec with_code_size(const ModelSpec& spec, std::int64_t units) {
  if (units < 1 || units > kMaxUnits) {
    throw Error("A code has 1 to " + std::to_string(kMaxUnits) + " units, not " +
                std::to_string(units) + ".");
  }
  ModelSpec resized = spec;
  for (std::size_t i = resized.encoder.size(); i-- > 0;) {
    LayerSpec& layer = resized.encoder[i];
    if (layer.is("k-sparse")) {
      layer.set("k", std::min(layer.whole("k"), units));
      continue;
    }
    if (layer.is("dropout")) continue;
    const std::string name = "encoder." + std::to_string(i);
    if (layer.is("gaussian")) {
      layer.set("units", units);
      return resized;
    }
    if (!layer.is("dense")) {
      throw Error("The code is made by layer " + name + ", which is a " +
                  std::string(layer.type_name()) +
                  " and has no number of units; a sweep needs a code of a dense or a gaussian "
                  "layer.");
    }
    if (!layer.tied().empty() || layer.units().is_image || layer.units().is_input()) {
      throw Error("The code is made by layer " + name +
                  ", whose size is not a plain number of units; a sweep needs \"units\": N there.");
    }
    layer.set("units", Units{.shape = {1, 1, static_cast<Index>(units)}});
    return resized;
  }
  throw Error("The encoder has no layer whose units could be changed.");
}

int elbow(std::span<const double> sizes, std::span<const double> errors) {
  const std::size_t count = std::min(sizes.size(), errors.size());
  if (count < 3) return -1;
  const double first = std::log(sizes[0]), width = std::log(sizes[count - 1]) - first;
  const double last = errors[count - 1], height = errors[0] - last;
  if (!(width > 0) || !(height > 0)) return -1;
  int best = -1;
  double furthest = 1e-6;  // a straight line, but for rounding, has no bend
  for (std::size_t i = 1; i + 1 < count; ++i) {
    const double x = (std::log(sizes[i]) - first) / width, y = (errors[i] - last) / height;
    const double below = 1 - x - y;
    if (!std::isfinite(below)) return -1;
    if (below > furthest) {
      furthest = below;
      best = static_cast<int>(i);
    }
  }
  return best;
}

}  // namespace hourglass
