// Vectors of 16 bytes, which every machine has: for loops that a compiler would not vectorise by
// itself, in files that are compiled once. (Where the most time goes, core/math/kernels has wider
// ones.)
#pragma once

#include "core/base/scalar.h"

namespace hourglass {

// May lie at any address.
typedef Scalar Lanes __attribute__((vector_size(16), aligned(alignof(Scalar)), may_alias));
inline constexpr Index kLanes = 16 / sizeof(Scalar);

inline Lanes load_lanes(const Scalar* from) { return *reinterpret_cast<const Lanes*>(from); }
inline void store_lanes(Scalar* to, Lanes value) { *reinterpret_cast<Lanes*>(to) = value; }

// get(0), get(1), ... (A template, so that only the branch that fits is compiled.)
template <typename Get, Index kCount = kLanes>
inline Lanes make_lanes(const Get& get) {
  if constexpr (kCount == 4) {
    return Lanes{get(0), get(1), get(2), get(3)};
  } else {
    static_assert(kCount == 2);
    return Lanes{get(0), get(1)};
  }
}

// All lanes the same.
inline Lanes splat_lanes(Scalar value) {
  return make_lanes([value](int) { return value; });
}

// Where a number is negative, 0.
inline Lanes positive_part(Lanes v) {
  const auto positive = v > 0;
  typedef decltype(v > 0) Bits;
  return reinterpret_cast<Lanes>(reinterpret_cast<Bits>(v) & positive);
}

template <Index kCount = kLanes>
inline Scalar sum_of_lanes(Lanes v) {
  if constexpr (kCount == 4) {
    return (v[0] + v[1]) + (v[2] + v[3]);
  } else {
    return v[0] + v[1];
  }
}

}  // namespace hourglass
