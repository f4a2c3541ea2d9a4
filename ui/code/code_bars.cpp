#include "ui/code/code_bars.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string_view>

#include "core/model/layer_type.h"
#include "ui/state/layer_info.h"

namespace hourglass::ui {
namespace {

const session::LayerInfo* code_layer(const Store& store) {
  const session::NetworkInfo& network = store.network;
  if (network.code_layer < 0 ||
      network.code_layer >= static_cast<std::int64_t>(network.layers.size())) {
    return nullptr;
  }
  return &network.layers[static_cast<std::size_t>(network.code_layer)];
}

// Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

// In (0, 1].
double uniform(std::uint64_t bits) {
  return (static_cast<double>(bits >> 11) + 1) / 9007199254740992.0;
}

UnitRange with_room(float low, float high, float mean, std::string_view activation) {
  const float span = high - low;
  // A unit that never changes can still be moved.
  const float room = span > 0 ? 0.08f * span : std::max(1.0f, std::fabs(low));
  UnitRange range{low - room, high + room, mean};
  const bool sigmoid = activation == "sigmoid", relu = activation == "relu";
  if ((sigmoid || relu) && low >= 0) range.low = std::max(0.0f, range.low);
  if ((sigmoid || activation == "tanh") && high <= 1) range.high = std::min(1.0f, range.high);
  if (activation == "tanh" && low >= -1) range.low = std::max(-1.0f, range.low);
  return range;
}

float bar_width(const BarPage& page, const Rect& area, float widest) {
  return std::min(widest, area.w / static_cast<float>(std::max(1, page.per_page)));
}

}  // namespace

bool gaussian_code(const Store& store) {
  const session::LayerInfo* layer = code_layer(store);
  const LayerType* const type = layer ? find_layer_type(layer->kind) : nullptr;
  return type && type->is_sampled;
}

std::vector<UnitRange> unit_ranges(const Store& store) {
  const std::int64_t units = store.network.code_size;
  const session::LayerInfo* layer = code_layer(store);
  if (units < 1 || !layer) return {};
  const auto& known = store.snapshot.code_ranges;
  if (known && static_cast<std::int64_t>(known->size()) == 3 * units) {
    std::vector<UnitRange> ranges;
    ranges.reserve(static_cast<std::size_t>(units));
    for (std::size_t i = 0; i < known->size(); i += 3) {
      const float low = (*known)[i], high = (*known)[i + 1], mean = (*known)[i + 2];
      UnitRange range = with_room(low, high, mean, layer->activation);
      // A code that runs away still has bars.
      if (!(range.low <= range.high) || !std::isfinite(range.high - range.low) ||
          !std::isfinite(mean)) {
        range = {};
      }
      if (layer->kind == "gaussian") {
        // Whatever the encoder makes of it, the decoder has learned from codes around N(0, 1).
        range.low = std::min(range.low, -3.0f);
        range.high = std::max(range.high, 3.0f);
      }
      ranges.push_back(range);
    }
    return ranges;
  }
  if (!gaussian_code(store)) return {};
  return std::vector<UnitRange>(static_cast<std::size_t>(units));
}

std::span<const float> sample_code(const Store& store) {
  const session::NetworkInfo& network = store.network;
  const auto& activations = store.snapshot.activations;
  const auto offsets = activation_offsets(network, activations.get());
  if (offsets.empty() || !code_layer(store)) return {};
  const auto at = static_cast<std::size_t>(network.code_layer) + 1;
  const std::size_t count = offsets[at + 1] - offsets[at];
  if (static_cast<std::int64_t>(count) != network.code_size) return {};
  return {activations->data() + offsets[at], count};
}

BarPage bar_page(int units, int wanted, float width, float least) {
  BarPage page;
  page.units = std::max(0, units);
  int fitting = std::max(1, static_cast<int>(width / std::max(1.0f, least)));
  if (page.units > fitting && fitting > 16)
    fitting -= fitting % 8;  // round numbers are easier to follow
  page.per_page = std::min(fitting, std::max(1, page.units));
  if (page.units < 1) return page;
  page.first = std::clamp(wanted, 0, page.units - 1) / page.per_page * page.per_page;
  page.count = std::min(page.per_page, page.units - page.first);
  return page;
}

Rect bar_of(const BarPage& page, const Rect& area, float widest, int unit) {
  const float width = bar_width(page, area, widest);
  return {area.x + static_cast<float>(unit - page.first) * width, area.y, width, area.h};
}

int unit_at(const BarPage& page, const Rect& area, float widest, float x) {
  const float width = bar_width(page, area, widest);
  const float place = std::clamp((x - area.x) / std::max(1e-6f, width), 0.0f, 1e6f);
  return page.first + std::clamp(static_cast<int>(place), 0, std::max(0, page.count - 1));
}

float value_at(const UnitRange& range, const Rect& area, float y) {
  const float share = std::clamp((area.bottom() - y) / std::max(1e-6f, area.h), 0.0f, 1.0f);
  return range.low + share * (range.high - range.low);
}

float bar_position(const UnitRange& range, float value) {
  const float span = range.high - range.low;
  if (!(span > 0) || !std::isfinite(value)) return 0;
  return std::clamp((value - range.low) / span, 0.0f, 1.0f);
}

void paint_bars(std::span<float> code, std::span<const UnitRange> ranges, const BarPage& page,
                const Rect& area, float widest, BarPoint from, BarPoint to) {
  if (page.count < 1) return;
  const int start = unit_at(page, area, widest, from.x), end = unit_at(page, area, widest, to.x);
  const auto set = [&](int unit, float y) {
    const auto at = static_cast<std::size_t>(unit);
    if (at < code.size() && at < ranges.size()) code[at] = value_at(ranges[at], area, y);
  };
  // The bar that the pointer left keeps what it was set to.
  for (int unit = std::min(start, end); unit <= std::max(start, end); ++unit) {
    if (unit == start || unit == end) continue;
    const Rect bar = bar_of(page, area, widest, unit);
    const float share = (bar.x + bar.w / 2 - from.x) / (to.x - from.x);
    set(unit, from.y + (to.y - from.y) * std::clamp(share, 0.0f, 1.0f));
  }
  set(end, to.y);
}

session::Floats random_code(std::span<const UnitRange> ranges, bool gaussian,
                            std::uint64_t number) {
  session::Floats code;
  code.reserve(ranges.size());
  std::uint64_t state = mix(number);
  for (const UnitRange& range : ranges) {
    const double one = uniform(state = mix(state)), other = uniform(state = mix(state));
    if (gaussian) {
      // Box and Muller, "A note on the generation of random normal deviates" (1958).
      code.push_back(static_cast<float>(std::sqrt(-2 * std::log(one)) *
                                        std::cos(2 * std::numbers::pi * other)));
    } else {
      code.push_back(range.low + static_cast<float>(one) * (range.high - range.low));
    }
  }
  return code;
}

}  // namespace hourglass::ui
