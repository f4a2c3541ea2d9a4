#include "core/data/corruption.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "core/base/names.h"

namespace hourglass {
namespace {

constexpr std::string_view kCorruptionNames[] = {"none", "gaussian", "masking", "salt-and-pepper",
                                                 "dropout"};

}  // namespace

std::span<const std::string_view> corruption_names() { return kCorruptionNames; }

std::string_view corruption_name(CorruptionKind kind) {
  return kCorruptionNames[static_cast<std::size_t>(kind)];
}

CorruptionKind corruption_from_name(std::string_view name) {
  return value_from_name<CorruptionKind>(kCorruptionNames, name, "kind of noise");
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
    // A loop for each kind, so that the compiler makes vectors of it.
    const auto make = [x = clean.data() + at, u = draws.data(), y = out.data() + at,
                       count](auto corrupted) {
      for (std::size_t i = 0; i < count; ++i) y[i] = corrupted(x[i], u[i]);
    };
    const Scalar low = range.low, high = range.high;
    switch (corruption.kind) {
      case CorruptionKind::kNone:
        break;
      case CorruptionKind::kGaussian:
        make([=](Scalar x, Scalar u) {
          const Scalar y = x + deviation * u;
          return y < low ? low : y > high ? high : y;
        });
        break;
      case CorruptionKind::kMasking:
        make([=](Scalar x, Scalar u) { return u < level ? low : x; });
        break;
      case CorruptionKind::kSaltAndPepper:
        make([=, half = level / 2](Scalar x, Scalar u) {
          const Scalar grain = u < half ? low : high;
          return u < level ? grain : x;
        });
        break;
      case CorruptionKind::kDropout:
        make([=](Scalar x, Scalar u) {
          const Scalar kept = x * keep_scale;
          return u < level ? Scalar(0) : kept;
        });
        break;
    }
  }
}

}  // namespace hourglass
