// The largest of some numbers, for one instruction set; included by isa/*.cpp only, see simd.h.
#pragma once

#include "core/math/simd/vector_math.h"

namespace hourglass {
namespace {

constexpr Bits kInfinity =
    sizeof(Bits) == 4 ? static_cast<Bits>(0x7f800000) : static_cast<Bits>(0x7ff0000000000000);

// Integers that are ordered as the numbers are, and 0 and -0 are equal; and back.
HOURGLASS_INLINE BitsVec ordered_bits(Vec x) {
  const BitsVec bits = bits_of(x + Vec{});
  return bits ^ ((bits >> (8 * sizeof(Bits) - 1)) & ~kSignBit);
}
HOURGLASS_INLINE Scalar number_of_ordered(Bits key) {
  const Bits bits = key ^ ((key >> (8 * sizeof(Bits) - 1)) & ~kSignBit);
  Scalar number;
  __builtin_memcpy(&number, &bits, sizeof(number));
  return number;
}

HOURGLASS_INLINE Index sum_of_bits(BitsVec lanes) {
  Bits sum = 0;
  HOURGLASS_UNROLL
  for (Index i = 0; i < kLanes; ++i) sum += lanes[i];
  return static_cast<Index>(sum);
}

// How many keys are at least `threshold`: of those in `vectors` vectors and in `last`.
HOURGLASS_INLINE Index count_from_threshold(const Scalar* keys, Index vectors, BitsVec last,
                                            Bits threshold) {
  BitsVec count = last >= threshold;
  for (Index v = 0; v < vectors; ++v) count += bits_of(load(keys + v * kLanes)) >= threshold;
  return -sum_of_bits(count);
}

HOURGLASS_INLINE Vec load_some(const Scalar* from, Index count) {
  Scalar lanes[kLanes] = {};
  for (Index i = 0; i < count; ++i) lanes[i] = from[i];
  return load(lanes);
}
HOURGLASS_INLINE void store_some(Scalar* to, Vec value, Index count) {
  Scalar lanes[kLanes];
  store(lanes, value);
  for (Index i = 0; i < count; ++i) to[i] = lanes[i];
}

// The k-th largest is searched by halving a range of keys: in the numbers' own order, at most as
// often as a key has bits, and without a branch that depends on one of the numbers.
void keep_largest(const Scalar* x, Index k, Scalar* y, Scalar* kept, Index size) {
  const Index vectors = size / kLanes, whole = vectors * kLanes, rest = size - whole;
  // Of infinities: everything finite lies between them.
  Bits low = -kInfinity - 1, high = kInfinity;
  BitsVec not_finite = {};
  const auto make_keys = [&](Vec values) {
    not_finite |= (bits_of(values) & kInfinity) == kInfinity;
    return ordered_bits(values);
  };
  for (Index i = 0; i < whole; i += kLanes) store(y + i, from_bits(make_keys(load(x + i))));
  const Vec x_last = load_some(x + whole, rest);
  // What is behind the end is below everything that is counted.
  BitsVec last = make_keys(x_last);
  for (Index i = rest; i < kLanes; ++i) last[i] = low;

  // At least k keys are `low` or more, and fewer than k are `high` or more.
  Index from_high = 0;
  if (k == size || sum_of_bits(not_finite) != 0) {
    high = kSignBit;
    from_high = k;
  }
  while (from_high != k && low + 1 != high) {
    const Bits middle = (low & high) + ((low ^ high) >> 1);
    const Index from_middle = count_from_threshold(y, vectors, last, middle);
    if (from_middle > k) {
      low = middle;
    } else {
      high = middle;
      from_high = from_middle;
    }
  }
  const auto select = [&](BitsVec keys, Vec values, Vec& ones) {
    const BitsVec stays = keys >= high;
    ones = stays ? splat(1) : Vec{};
    return stays ? values : Vec{};
  };
  Vec ones;
  for (Index i = 0; i < whole; i += kLanes) {
    store(y + i, select(bits_of(load(y + i)), load(x + i), ones));
    store(kept + i, ones);
  }
  store_some(y + whole, select(last, x_last, ones), rest);
  store_some(kept + whole, ones, rest);
  // What is missing are the first that equal the k-th largest.
  const Scalar equal = number_of_ordered(low);
  for (Index i = 0; from_high < k; ++i) {
    if (x[i] != equal) continue;
    y[i] = x[i];  // -0 stays that
    kept[i] = 1;
    ++from_high;
  }
}

}  // namespace
}  // namespace hourglass
