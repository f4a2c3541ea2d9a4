// Work on the short rows of small images for one instruction set; included by isa/*.cpp only, see
// simd.h.
#pragma once

#include "core/math/simd/gemm_kernel.h"
#include "core/math/simd/interface.h"
#include "core/math/simd/simd.h"

namespace hourglass {
namespace {

template <int kBytes>
struct Short {
  typedef Scalar Type __attribute__((vector_size(kBytes)));
  static constexpr int kCount = kBytes / sizeof(Scalar);
};

// Templates forget that a vector type may lie at any address, so this is said by a copy.
template <typename V>
HOURGLASS_INLINE V load_as(const Scalar* from) {
  V value;
  __builtin_memcpy(&value, from, sizeof(value));
  return value;
}
template <typename V>
HOURGLASS_INLINE void store_as(Scalar* to, V value) {
  __builtin_memcpy(to, &value, sizeof(value));
}

// Calls body.vectors<V>(i) so that [0, n) is covered by vectors V, the last of which may overlap
// the one before it, and body.one(i) where not even the shortest vector fits. A row of 14 or 28
// numbers is most of what there is here: with whole vectors of 16 it would go number by number.
template <int kBytes = HOURGLASS_SIMD_BYTES, typename Body>
HOURGLASS_INLINE void over_row(Index n, const Body& body) {
  constexpr Index kCount = Short<kBytes>::kCount;
  if (n >= kCount) {
    using V = typename Short<kBytes>::Type;
    Index i = 0;
    for (; i + kCount <= n; i += kCount) body.template vectors<V, static_cast<int>(kCount)>(i);
    if (i < n) body.template vectors<V, static_cast<int>(kCount)>(n - kCount);
  } else if constexpr (kCount > 2) {
    over_row<kBytes / 2>(n, body);
  } else {
    for (Index i = 0; i < n; ++i) body.one(i);
  }
}

// The two halves of a0 b0 a1 b1 ..., and the even and the odd numbers of what follows each other in
// a, b.
template <typename V, int... I>
HOURGLASS_INLINE void zip(V a, V b, V& low, V& high, IndexSequence<I...>) {
  constexpr int n = sizeof...(I);
  low = __builtin_shufflevector(a, b, (I / 2 + I % 2 * n)...);
  high = __builtin_shufflevector(a, b, (n / 2 + I / 2 + I % 2 * n)...);
}
template <typename V, int... I>
HOURGLASS_INLINE void unzip(V a, V b, V& even, V& odd, IndexSequence<I...>) {
  even = __builtin_shufflevector(a, b, (2 * I)...);
  odd = __builtin_shufflevector(a, b, (2 * I + 1)...);
}

struct CopyRow {
  const Scalar* from;
  Scalar* to;
  template <typename V, int n>
  HOURGLASS_INLINE void vectors(Index i) const {
    store_as<V>(to + i, load_as<V>(from + i));
  }
  HOURGLASS_INLINE void one(Index i) const { to[i] = from[i]; }
};

struct CopyPositiveRow {
  const Scalar *from, *y;
  Scalar* to;
  template <typename V, int n>
  HOURGLASS_INLINE void vectors(Index i) const {
    store_as<V>(to + i, load_as<V>(y + i) > 0 ? load_as<V>(from + i) : V{});
  }
  HOURGLASS_INLINE void one(Index i) const { to[i] = y[i] > 0 ? from[i] : Scalar(0); }
};

void copy_rows(const Scalar* from, const Scalar* y, Index rows, Index columns, Scalar* to,
               Index stride) {
  if (!y) {
    for (; rows > 0; --rows, from += columns, to += stride) over_row(columns, CopyRow{from, to});
    return;
  }
  for (; rows > 0; --rows, from += columns, y += columns, to += stride) {
    over_row(columns, CopyPositiveRow{from, y, to});
  }
}

struct ZipRow {
  const Scalar *even, *odd;
  Scalar* to;
  template <typename V, int n>
  HOURGLASS_INLINE void vectors(Index i) const {
    using All = typename MakeIndexSequence<n>::Type;
    V first, second;
    zip(load_as<V>(even + i), load_as<V>(odd + i), first, second, All());
    store_as<V>(to + 2 * i, first);
    store_as<V>(to + 2 * i + n, second);
  }
  HOURGLASS_INLINE void one(Index i) const {
    to[2 * i] = even[i];
    to[2 * i + 1] = odd[i];
  }
};

struct UnzipRow {
  const Scalar *from, *y;  // y: null, or what must be above 0
  Scalar *even, *odd;
  template <typename V>
  HOURGLASS_INLINE V at(Index i) const {
    const V value = load_as<V>(from + i);
    return y ? (load_as<V>(y + i) > 0 ? value : V{}) : value;
  }
  template <typename V, int n>
  HOURGLASS_INLINE void vectors(Index i) const {
    using All = typename MakeIndexSequence<n>::Type;
    V first, second;
    unzip(at<V>(2 * i), at<V>(2 * i + n), first, second, All());
    store_as<V>(even + i, first);
    store_as<V>(odd + i, second);
  }
  HOURGLASS_INLINE void one(Index i) const {
    even[i] = !y || y[2 * i] > 0 ? from[2 * i] : Scalar(0);
    odd[i] = !y || y[2 * i + 1] > 0 ? from[2 * i + 1] : Scalar(0);
  }
};

void zip_rows(const Scalar* even, const Scalar* odd, Index from_stride, Index rows, Index columns,
              Scalar* to, Index stride) {
  for (; rows > 0; --rows, even += from_stride, odd += from_stride, to += stride) {
    over_row(columns, ZipRow{even, odd, to});
  }
}
void unzip_rows(const Scalar* from, const Scalar* y, Index from_stride, Index rows, Index columns,
                Scalar* even, Scalar* odd, Index stride) {
  for (; rows > 0; --rows, from += from_stride, even += stride, odd += stride) {
    over_row(columns, UnzipRow{from, y, even, odd});
    if (y) y += from_stride;
  }
}

// Windows of 2 x 2: `low` and `high` are the image's two rows. Places are numbered row by row.

struct MaxRow {
  const Scalar *low, *high;
  Scalar *out, *places;
  template <typename V, int n>
  HOURGLASS_INLINE void vectors(Index i) const {
    using All = typename MakeIndexSequence<n>::Type;
    V a, b, c, d;
    unzip(load_as<V>(low + 2 * i), load_as<V>(low + 2 * i + n), a, b, All());
    unzip(load_as<V>(high + 2 * i), load_as<V>(high + 2 * i + n), c, d, All());
    V best = a, place = V{};
    place = b > best ? V{} + Scalar(1) : place;
    best = b > best ? b : best;
    place = c > best ? V{} + Scalar(2) : place;
    best = c > best ? c : best;
    place = d > best ? V{} + Scalar(3) : place;
    best = d > best ? d : best;
    store_as<V>(out + i, best);
    store_as<V>(places + i, place);
  }
  HOURGLASS_INLINE void one(Index i) const {
    const Scalar window[4] = {low[2 * i], low[2 * i + 1], high[2 * i], high[2 * i + 1]};
    int best = 0;
    for (int place = 1; place < 4; ++place) best = window[place] > window[best] ? place : best;
    out[i] = window[best];
    places[i] = static_cast<Scalar>(best);
  }
};

struct PlaceRow {
  const Scalar *values, *places;
  Scalar *low, *high;
  template <typename V, int n>
  HOURGLASS_INLINE void vectors(Index i) const {
    using All = typename MakeIndexSequence<n>::Type;
    const V value = load_as<V>(values + i), place = load_as<V>(places + i), zero = V{};
    V first, second;
    zip(place == V{} ? value : zero, place == V{} + Scalar(1) ? value : zero, first, second, All());
    store_as<V>(low + 2 * i, first);
    store_as<V>(low + 2 * i + n, second);
    zip(place == V{} + Scalar(2) ? value : zero, place == V{} + Scalar(3) ? value : zero, first,
        second, All());
    store_as<V>(high + 2 * i, first);
    store_as<V>(high + 2 * i + n, second);
  }
  HOURGLASS_INLINE void one(Index i) const {
    // One by one: GCC 12 leaves some out of a loop over the places when it also checks for
    // undefined behaviour.
    const Scalar value = values[i], place = places[i];
    low[2 * i] = place == Scalar(0) ? value : Scalar(0);
    low[2 * i + 1] = place == Scalar(1) ? value : Scalar(0);
    high[2 * i] = place == Scalar(2) ? value : Scalar(0);
    high[2 * i + 1] = place == Scalar(3) ? value : Scalar(0);
  }
};

struct SumRow {
  const Scalar *low, *high;
  Scalar factor;
  Scalar* out;
  template <typename V, int n>
  HOURGLASS_INLINE void vectors(Index i) const {
    using All = typename MakeIndexSequence<n>::Type;
    V a, b;
    unzip(load_as<V>(low + 2 * i) + load_as<V>(high + 2 * i),
          load_as<V>(low + 2 * i + n) + load_as<V>(high + 2 * i + n), a, b, All());
    store_as<V>(out + i, (a + b) * factor);
  }
  HOURGLASS_INLINE void one(Index i) const {
    out[i] = ((low[2 * i] + high[2 * i]) + (low[2 * i + 1] + high[2 * i + 1])) * factor;
  }
};

struct FillRow {
  const Scalar* values;
  Scalar factor;
  Scalar *low, *high;
  template <typename V, int n>
  HOURGLASS_INLINE void vectors(Index i) const {
    using All = typename MakeIndexSequence<n>::Type;
    const V value = load_as<V>(values + i) * factor;
    V first, second;
    zip(value, value, first, second, All());
    store_as<V>(low + 2 * i, first);
    store_as<V>(low + 2 * i + n, second);
    store_as<V>(high + 2 * i, first);
    store_as<V>(high + 2 * i + n, second);
  }
  HOURGLASS_INLINE void one(Index i) const {
    low[2 * i] = low[2 * i + 1] = high[2 * i] = high[2 * i + 1] = values[i] * factor;
  }
};

void max_pool(const PoolTask& t, const Scalar* image, Scalar* out, Scalar* places) {
  for (Index r = 0; r < t.rows; ++r, image += 2 * t.width, out += t.columns, places += t.columns) {
    over_row(t.columns, MaxRow{image, image + t.width, out, places});
  }
}
void max_unpool(const PoolTask& t, const Scalar* values, const Scalar* places, Scalar* image) {
  for (Index r = 0; r < t.rows;
       ++r, image += 2 * t.width, values += t.columns, places += t.columns) {
    over_row(t.columns, PlaceRow{values, places, image, image + t.width});
  }
}
void avg_pool(const PoolTask& t, const Scalar* image, Scalar factor, Scalar* out) {
  for (Index r = 0; r < t.rows; ++r, image += 2 * t.width, out += t.columns) {
    over_row(t.columns, SumRow{image, image + t.width, factor, out});
  }
}
void upsample_nearest(const PoolTask& t, const Scalar* values, Scalar factor, Scalar* image) {
  for (Index r = 0; r < t.rows; ++r, image += 2 * t.width, values += t.columns) {
    over_row(t.columns, FillRow{values, factor, image, image + t.width});
  }
}

}  // namespace
}  // namespace hourglass
