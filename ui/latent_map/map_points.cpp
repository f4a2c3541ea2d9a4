#include "ui/latent_map/map_points.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hourglass::ui {
namespace {

constexpr float kOpacity = 0.8f;
constexpr float kDimmed = 0.13f;  // of what is not selected, while something is

constexpr Rgb kRamp[] = {0x2F55A4, 0x5A6FA0, 0x858B93, 0xB5A66B, 0xEBC52F};
constexpr int kSteps = 64;

ImU32 with_opacity(ImU32 color, float opacity) {
  const auto alpha = static_cast<ImU32>(opacity * 255.0f + 0.5f);
  return (color & ~IM_COL32_A_MASK) | (alpha << IM_COL32_A_SHIFT);
}

}  // namespace

Rgb ramp_color(float t) {
  constexpr int kLast = static_cast<int>(std::size(kRamp)) - 1;
  const float at = std::clamp(t, 0.0f, 1.0f) * static_cast<float>(kLast);
  const int from = std::min(static_cast<int>(at), kLast - 1);
  const float rest = at - static_cast<float>(from);
  const auto mix = [&](int shift) {
    const auto a = static_cast<float>((kRamp[from] >> shift) & 0xFF);
    const auto b = static_cast<float>((kRamp[from + 1] >> shift) & 0xFF);
    return static_cast<Rgb>(a + (b - a) * rest + 0.5f) << shift;
  };
  return mix(16) | mix(8) | mix(0);
}

int colouring_factor(const Store& store, const MapState& state) {
  const bool known = state.factor >= 0 &&
                     static_cast<std::size_t>(state.factor) < store.data.factors.size() &&
                     !store.data.map_factors.empty();
  return known ? state.factor : -1;
}

float factor_share(const Store& store, int factor, std::size_t i) {
  const session::FactorInfo& info = store.data.factors[static_cast<std::size_t>(factor)];
  const auto count = static_cast<std::size_t>(std::max<std::int64_t>(0, store.data.map_points));
  const std::size_t at = static_cast<std::size_t>(factor) * count + i;
  if (i >= count || at >= store.data.map_factors.size() || !(info.high > info.low)) {
    return std::numeric_limits<float>::quiet_NaN();
  }
  return (store.data.map_factors[at] - info.low) / (info.high - info.low);
}

bool point_shown(const Store& store, const MapState& state, std::size_t i) {
  const int factor = colouring_factor(store, state);
  if (factor >= 0) {
    if (state.factor_low <= 0 && state.factor_high >= 1) return true;
    const float share = factor_share(store, factor, i);
    return share >= state.factor_low && share <= state.factor_high;
  }
  if (i >= store.data.map_labels.size()) return true;
  const std::int32_t label = store.data.map_labels[i];
  return label < 0 || static_cast<std::size_t>(label) >= state.hidden.size() ||
         !state.hidden[static_cast<std::size_t>(label)];
}

Mark plane_mark(const Store& store) {
  const Store::Revisions& at = store.revisions;
  return Mark().add(at.map).add(at.data).add(at.network);
}

const MapSummary& MapPoints::summary(const Store& store) {
  const std::uint64_t mark = Mark().add(store.revisions.map).add(store.revisions.data).value();
  if (mark == summary_mark_) return summary_;
  summary_mark_ = mark;
  const auto& points = store.snapshot.map_points;
  summary_ = points ? summarize_map(*points, store.data.map_labels) : MapSummary{};
  return summary_;
}

void MapPoints::build(const Store& store, const MapState& state, const Look& look) {
  ++builds_;
  quads_.clear(store.snapshot.map_points ? store.snapshot.map_points->size() / 2 : 0);
  if (!store.snapshot.map_points) return;
  const session::Floats& points = *store.snapshot.map_points;
  const std::vector<std::int32_t>& labels = store.data.map_labels;
  const std::size_t count = points.size() / 2;
  const int factor = colouring_factor(store, state);

  ImU32 classes[11], steps[kSteps];
  for (std::size_t i = 0; i < 10; ++i) classes[i] = packed(look.colors.classes[i], kOpacity);
  classes[10] = packed(look.colors.unlabelled, kOpacity);
  for (int i = 0; i < kSteps; ++i) {
    steps[i] = packed(ramp_color(static_cast<float>(i) / (kSteps - 1)), kOpacity);
  }
  const auto color = [&](std::size_t i) {
    if (factor >= 0) {
      const float share = factor_share(store, factor, i);
      if (!std::isfinite(share)) return classes[10];
      return steps[static_cast<int>(std::clamp(share, 0.0f, 1.0f) * (kSteps - 1) + 0.5f)];
    }
    return classes[i < labels.size() && labels[i] >= 0 ? static_cast<std::size_t>(labels[i]) % 10
                                                       : 10];
  };

  const auto put = [&](std::size_t i, ImU32 tone) {
    quads_.put(look.map, look.half, static_cast<double>(points[2 * i]),
               static_cast<double>(points[2 * i + 1]), tone);
  };
  const auto among = [](std::span<const std::uint32_t> indices, std::size_t i) {
    return std::binary_search(indices.begin(), indices.end(), static_cast<std::uint32_t>(i));
  };
  const bool some = !state.selected.empty();
  for (std::size_t i = 0; i < count; ++i) {
    if (!point_shown(store, state, i) || among(look.replaced, i)) continue;
    if (some && among(state.selected, i)) continue;
    put(i, some ? with_opacity(color(i), kDimmed) : color(i));
  }
  // Over the others, so that none is hidden.
  for (const std::uint32_t i : state.selected) {
    if (i >= count || !point_shown(store, state, i) || among(look.replaced, i)) continue;
    put(i, with_opacity(color(i), 1));
  }
}

void MapPoints::draw(ImDrawList& list, const Store& store, const MapState& state,
                     const Look& look) {
  Mark mark;
  mark.add(store.revisions.map).add(store.revisions.data).add(look.map.area.x);
  mark.add(look.map.area.y).add(look.map.area.w).add(look.map.area.h).add(look.map.center_x);
  mark.add(look.map.center_y).add(look.map.scale).add(look.half);
  mark.add(std::span<const Rgb>(look.colors.classes)).add(look.colors.unlabelled);
  mark.add(state.factor).add(state.factor_low).add(state.factor_high).add(state.selections);
  for (const bool hidden : state.hidden) mark.add(hidden);
  mark.add(look.replaced);
  if (mark.value() != mark_) {
    mark_ = mark.value();
    build(store, state, look);
  }
  quads_.draw(list, look.map.area, look.sprite);
}

}  // namespace hourglass::ui
