#include "core/train/tiles.h"

#include <algorithm>

#include "core/math/gemm/gemm.h"

namespace hourglass {
namespace {

// In a tile.
constexpr Index kTileParameters = 16384;

}  // namespace

std::vector<Tile> cut_parameters(const Model& model) {
  const ParameterLayout& layout = model.layout();
  std::vector<Tile> tiles;
  for (int parameter = 0; parameter < layout.count(); ++parameter) {
    const Parameter& slice = layout[parameter];
    std::vector<int> layers;
    for (int i = 0; i < model.layer_count(); ++i) {
      const auto used = model.layer(i).parameters();
      if (std::find(used.begin(), used.end(), parameter) != used.end()) layers.push_back(i);
    }
    // In steps of kPackedRows, for packed copies are made by tiles too.
    const Index step = std::min(kPackedRows, slice.outputs);
    const Index columns =
        std::clamp(kTileParameters / slice.inputs / step * step, step, slice.outputs);
    for (Index first = 0; first < slice.outputs; first += columns) {
      const Index count = std::min(columns, slice.outputs - first);
      tiles.push_back({parameter, first, count, slice.offset + first * slice.inputs,
                       count * slice.inputs, layers});
    }
  }
  auto middle = tiles.begin();
  for (Index before = 0; 2 * before < layout.parameter_count(); ++middle) before += middle->size;
  std::stable_sort(tiles.begin(), middle,
                   [](const Tile& a, const Tile& b) { return a.size > b.size; });
  std::stable_sort(middle, tiles.end(),
                   [](const Tile& a, const Tile& b) { return a.size < b.size; });
  return tiles;
}

}  // namespace hourglass
