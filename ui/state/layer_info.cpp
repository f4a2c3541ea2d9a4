#include "ui/state/layer_info.h"

#include <algorithm>

#include "ui/kit/number_text.h"

namespace hourglass::ui {

std::int64_t units_of(const session::LayerInfo& layer) {
  std::int64_t units = 1;
  // Held, so that sums of them cannot overflow whatever a message says.
  constexpr std::int64_t kMost = std::int64_t{1} << 31;
  for (const std::int64_t side : layer.output_shape) {
    units = std::min(kMost, units * std::clamp<std::int64_t>(side, 1, kMost));
  }
  return units;
}

std::string shape_text(const session::LayerInfo& layer) {
  const auto& shape = layer.output_shape;
  if (shape.size() == 3 && shape[0] > 1) {
    return std::to_string(shape[0]) + "×" + std::to_string(shape[1]) + "×" +
           std::to_string(shape[2]);
  }
  return grouped(units_of(layer));
}

std::vector<std::size_t> activation_offsets(const session::NetworkInfo& network,
                                            const session::Floats* activations) {
  if (!activations || network.input_features < 1) return {};
  std::vector<std::size_t> offsets{0, static_cast<std::size_t>(network.input_features)};
  for (const auto& layer : network.layers) {
    offsets.push_back(offsets.back() + static_cast<std::size_t>(units_of(layer)));
  }
  if (offsets.back() != activations->size()) offsets.clear();
  return offsets;
}

}  // namespace hourglass::ui
