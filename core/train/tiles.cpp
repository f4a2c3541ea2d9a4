#include "core/train/tiles.h"

#include <algorithm>
#include <utility>

#include "core/math/gemm.h"

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
      tiles.push_back({parameter, first, std::min(columns, slice.outputs - first), layers});
    }
  }
  std::stable_sort(tiles.begin(), tiles.end(), [&](const Tile& a, const Tile& b) {
    return a.count * layout[a.parameter].inputs > b.count * layout[b.parameter].inputs;
  });
  std::vector<Tile> ends(tiles.size());
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    ends[i % 2 ? tiles.size() - 1 - i / 2 : i / 2] = std::move(tiles[i]);
  }
  return ends;
}

}  // namespace hourglass
