#include "core/data/corruption.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "core/base/names.h"

namespace hourglass {
namespace {

constexpr std::string_view kNames[] = {"none", "gaussian", "masking", "salt-and-pepper", "dropout"};

}  // namespace

std::span<const std::string_view> corruption_names() { return kNames; }

std::string_view corruption_name(CorruptionKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

CorruptionKind corruption_from_name(std::string_view name) {
  return value_from_name<CorruptionKind>(kNames, name, "kind of noise");
}

void corrupt(const Corruption& corruption, Random random, std::span<const Scalar> clean,
             std::span<Scalar> out, ValueRange range) {
  assert(clean.size() == out.size());
  if (corruption.is_none()) {
    std::copy(clean.begin(), clean.end(), out.begin());
    return;
  }
  // Draws are made a stretch at a time, which is faster than one by one and needs no memory.
  std::array<Scalar, 256> draws;
  const Scalar level = corruption.level;
  const Scalar deviation = level * range.width();
  // All features are dropped at level 1; none is left to be scaled.
  const Scalar keep_scale = level < 1 ? 1 / (1 - level) : 0;
  for (std::size_t at = 0; at < clean.size(); at += draws.size()) {
    const std::size_t count = std::min(draws.size(), clean.size() - at);
    const std::span<Scalar> draw(draws.data(), count);
    if (corruption.kind == CorruptionKind::kGaussian) {
      random.fill_normal(draw);
    } else {
      random.fill_uniform(draw);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const Scalar x = clean[at + i], u = draw[i];
      Scalar& y = out[at + i];
      switch (corruption.kind) {
        case CorruptionKind::kNone:
          y = x;
          break;
        case CorruptionKind::kGaussian:
          y = std::clamp(x + deviation * u, range.low, range.high);
          break;
        case CorruptionKind::kMasking:
          y = u < level ? range.low : x;
          break;
        case CorruptionKind::kSaltAndPepper:
          y = u < level ? (u < level / 2 ? range.low : range.high) : x;
          break;
        case CorruptionKind::kDropout:
          y = u < level ? Scalar(0) : x * keep_scale;
          break;
      }
    }
  }
}

}  // namespace hourglass
