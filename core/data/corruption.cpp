#include "core/data/corruption.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "core/base/names.h"

namespace hourglass {
namespace {

constexpr std::string_view kCorruptionNames[] = {"none", "gaussian", "masking", "salt-and-pepper",
                                                 "dropout"};

void add_salt_and_pepper(Scalar level, Random random, std::span<const Scalar> clean,
                         std::span<Scalar> out, ValueRange range) {
  // Draws are made a stretch at a time, which is faster than one by one and needs no memory.
  std::array<Scalar, 256> draws;
  const Scalar half = level / 2;
  for (std::size_t at = 0; at < clean.size(); at += draws.size()) {
    const std::size_t count = std::min(draws.size(), clean.size() - at);
    random.fill_uniform({draws.data(), count});
    for (std::size_t i = 0; i < count; ++i) {
      const Scalar grain = draws[i] < half ? range.low : range.high;
      out[at + i] = draws[i] < level ? grain : clean[at + i];
    }
  }
}

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
  const Scalar level = corruption.level, low = range.low, high = range.high;
  switch (corruption.kind) {
    case CorruptionKind::kNone:
      break;
    case CorruptionKind::kGaussian:
      random.add_normal(clean, level * range.width(), low, high, out);
      break;
    case CorruptionKind::kMasking:
      random.drop(clean, level, low, Scalar(1), out);
      break;
    case CorruptionKind::kSaltAndPepper:
      add_salt_and_pepper(level, random, clean, out, range);
      break;
    case CorruptionKind::kDropout:
      // All features are dropped at level 1; none is left to be scaled.
      random.drop(clean, level, Scalar(0), level < 1 ? 1 / (1 - level) : Scalar(0), out);
      break;
  }
}

}  // namespace hourglass
