#include "ui/network/feature_maps.h"

#include <algorithm>
#include <cmath>

#include "ui/state/layer_info.h"

namespace hourglass::ui {
namespace {

// Every so many pixels of a large map: more than this cannot be told apart at the size of a bar.
constexpr int kMaxSide = 32;

struct MapShape {
  int channels, rows, columns;
};

bool images_of(const session::LayerInfo& layer, MapShape& shape) {
  const auto& s = layer.output_shape;
  if (s.size() != 3 || s[0] < 2 || s[1] < 2 || s[2] < 1 || s[0] * s[1] * s[2] > (1 << 17)) {
    return false;
  }
  shape = {static_cast<int>(s[0]), static_cast<int>(s[1]), static_cast<int>(s[2])};
  return true;
}

}  // namespace

void FeatureMapAtlas::update(std::uint64_t revision, const session::NetworkInfo& network,
                             const session::Floats* activations) {
  if (revision == revision_) return;
  revision_ = revision;
  rows_.assign(network.layers.size(), {});
  const auto offsets = activation_offsets(network, activations);
  if (offsets.empty()) return;
  int width = 0, height = 0;
  MapShape shape{};
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    if (!images_of(network.layers[i], shape)) continue;
    Row& row = rows_[i];
    row.count = std::min(shape.channels, kMaxMaps);
    row.width = std::min(shape.columns, kMaxSide);
    row.height = std::min(shape.rows, kMaxSide);
    row.first_y = height;
    width = std::max(width, row.count * (row.width + 2));
    height += row.height + 2;
  }
  if (width == 0 || height > 2048) {
    rows_.assign(rows_.size(), {});
    return;
  }
  texture_.update(width, height, [&](std::span<std::uint8_t> pixels) {
    std::fill(pixels.begin(), pixels.end(), std::uint8_t{0});
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const Row& row = rows_[i];
      if (row.count == 0 || !images_of(network.layers[i], shape)) continue;
      const float* values = activations->data() + offsets[i + 1];
      const int plane = shape.rows * shape.columns;
      float largest = 0;
      for (int k = 0; k < shape.channels * plane; ++k) {
        if (std::isfinite(values[k])) largest = std::max(largest, std::fabs(values[k]));
      }
      if (largest <= 0) continue;
      for (int map = 0; map < row.count; ++map) {
        // One more pixel on every side repeats the edge: the filter between pixels reads it.
        for (int y = 0; y < row.height + 2; ++y) {
          const int from_y = std::clamp(y - 1, 0, row.height - 1) * shape.rows / row.height;
          for (int x = 0; x < row.width + 2; ++x) {
            const int from_x = std::clamp(x - 1, 0, row.width - 1) * shape.columns / row.width;
            const float value =
                std::fabs(values[map * plane + from_y * shape.columns + from_x]) / largest;
            std::uint8_t* out =
                pixels.data() +
                4 * (static_cast<std::size_t>(row.first_y + y) * static_cast<std::size_t>(width) +
                     static_cast<std::size_t>(map * (row.width + 2) + x));
            out[0] = out[1] = out[2] = 255;
            out[3] = static_cast<std::uint8_t>((value > 0 ? std::min(value, 1.0f) : 0.0f) * 255);
          }
        }
      }
    }
  });
}

int FeatureMapAtlas::count(int layer) const {
  return layer >= 0 && layer < static_cast<int>(rows_.size())
             ? rows_[static_cast<std::size_t>(layer)].count
             : 0;
}

void FeatureMapAtlas::corners(int layer, int map, ImVec2& from, ImVec2& to) const {
  const Row& row = rows_[static_cast<std::size_t>(layer)];
  const float w = static_cast<float>(texture_.width()), h = static_cast<float>(texture_.height());
  const float x = static_cast<float>(map * (row.width + 2) + 1);
  const float y = static_cast<float>(row.first_y + 1);
  from = {x / w, y / h};
  to = {(x + static_cast<float>(row.width)) / w, (y + static_cast<float>(row.height)) / h};
}

FeatureMapAtlas& NetworkPictures::maps(const Store& store) {
  maps_.update(store.revisions.activations, store.network, store.snapshot.activations.get());
  return maps_;
}

ImageAtlas& NetworkPictures::sample(const Store& store) {
  const session::Floats* all = store.snapshot.activations.get();
  const auto offsets = activation_offsets(store.network, all);
  if (offsets.empty()) {
    sample_.update(store.revisions.activations, std::span<const float>(), store.data);
    return sample_;
  }
  const std::uint64_t revision = store.revisions.activations;
  if (sample_.revision() == revision) return sample_;
  const auto features = static_cast<std::size_t>(store.network.input_features);
  session::Floats ends(all->begin(), all->begin() + static_cast<std::ptrdiff_t>(features));
  if (offsets.size() >= 3 && offsets.back() - offsets[offsets.size() - 2] == features) {
    ends.insert(ends.end(), all->end() - static_cast<std::ptrdiff_t>(features), all->end());
  }
  // The network's numbers need not be those of pictures: they may run from -1, or be standardised.
  const auto [low, high] =
      std::minmax_element(ends.begin(), ends.begin() + static_cast<std::ptrdiff_t>(features));
  const float from = *low, to = *high;
  if ((from < 0 || to > 1) && to > from) {
    for (float& value : ends) value = (value - from) / (to - from);
  }
  sample_.update(revision, ends, store.data);
  return sample_;
}

}  // namespace hourglass::ui
