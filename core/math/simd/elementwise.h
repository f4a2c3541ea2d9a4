// Element by element over arrays: activations, losses, sums; included by isa/*.cpp only, see
// simd.h.
//
// An operation is a struct that works on one vector of each of its arrays. What is left over at the
// end of the arrays goes through the very same code on copies of one vector's length, so that a
// result does not depend on how the arrays were cut.
#pragma once

#include "core/math/simd/interface.h"
#include "core/math/simd/vector_math.h"

namespace hourglass {
namespace {

// `size` is a multiple of kLanes. Operations have the constants kArrays, how many arrays there are,
// and kWritten, how many of them, from the first, are written.
template <typename Operation>
HOURGLASS_ONE_COPY void for_whole_vectors(const Operation& operation, Scalar* const* arrays,
                                          Index size) {
  const Operation own = operation;  // or each store would have it read again
  Scalar* array[Operation::kArrays];
  HOURGLASS_UNROLL
  for (int a = 0; a < Operation::kArrays; ++a) array[a] = arrays[a];
  for (Index i = 0; i < size; i += kLanes) {
    Vec values[Operation::kArrays];
    HOURGLASS_UNROLL
    for (int a = 0; a < Operation::kArrays; ++a) values[a] = load(array[a] + i);
    own(values);
    HOURGLASS_UNROLL
    for (int a = 0; a < Operation::kWritten; ++a) store(array[a] + i, values[a]);
  }
}

// Arrays may be the same; they may not overlap otherwise.
template <typename Operation>
HOURGLASS_INLINE void for_all(const Operation& operation, Scalar* const* arrays, Index size) {
  constexpr int kArrays = Operation::kArrays;
  const Index rest = size % kLanes, whole = size - rest;
  if (whole) for_whole_vectors(operation, arrays, whole);
  if (!rest) return;
  Scalar copies[kArrays][kLanes] = {};
  Scalar* places[kArrays];
  for (int a = 0; a < kArrays; ++a) {
    places[a] = copies[a];
    for (Index i = 0; i < rest; ++i) copies[a][i] = arrays[a][whole + i];
  }
  for_whole_vectors(operation, places, kLanes);
  for (int a = 0; a < Operation::kWritten; ++a) {
    for (Index i = 0; i < rest; ++i) arrays[a][whole + i] = copies[a][i];
  }
}

// --- activations
// ----------------------------------------------------------------------------------

constexpr Scalar kLeak = Scalar(0.01);

struct Sigmoid {
  Vec y, e;  // e = exp(-|z|)
  HOURGLASS_INLINE explicit Sigmoid(Vec z) {
    e = exponential_below_0(-absolute(z));
    const Vec one = constant<Scalar(1)>();
    y = div(z < 0 ? e : one, one + e);
  }
};

// values: z, which becomes f(z).
struct Activate {
  static constexpr int kArrays = 1, kWritten = 1;
};
struct ActivateRelu : Activate {
  HOURGLASS_INLINE void operator()(Vec* z) const { z[0] = max(z[0], Vec{}); }
};
struct ActivateLeakyRelu : Activate {
  HOURGLASS_INLINE void operator()(Vec* z) const { z[0] = max(z[0], z[0] * kLeak); }
};
struct ActivateElu : Activate {
  HOURGLASS_INLINE void operator()(Vec* z) const {
    const Vec below = exponential_below_0(min(z[0], Vec{})) - Scalar(1);
    z[0] = z[0] > 0 ? z[0] : below;
  }
};
struct ActivateTanh : Activate {
  HOURGLASS_INLINE void operator()(Vec* z) const { z[0] = hyperbolic_tangent(z[0]); }
};
struct ActivateSigmoid : Activate {
  HOURGLASS_INLINE void operator()(Vec* z) const { z[0] = Sigmoid(z[0]).y; }
};

// values: delta, which is multiplied by f'(z); and y = f(z).
struct Backward {
  static constexpr int kArrays = 2, kWritten = 1;
};
struct DeriveRelu : Backward {
  HOURGLASS_INLINE void operator()(Vec* v) const { v[0] = v[1] > 0 ? v[0] : Vec{}; }
};
struct DeriveLeakyRelu : Backward {
  HOURGLASS_INLINE void operator()(Vec* v) const { v[0] = v[1] > 0 ? v[0] : v[0] * kLeak; }
};
struct DeriveElu : Backward {
  HOURGLASS_INLINE void operator()(Vec* v) const {
    const Vec below = (v[1] + Scalar(1)) * v[0];
    v[0] = v[1] > 0 ? v[0] : below;
  }
};
struct DeriveTanh : Backward {
  HOURGLASS_INLINE void operator()(Vec* v) const { v[0] = v[0] * (Scalar(1) - v[1] * v[1]); }
};
struct DeriveSigmoid : Backward {
  HOURGLASS_INLINE void operator()(Vec* v) const { v[0] = v[0] * (v[1] * (Scalar(1) - v[1])); }
};

template <typename Operation>
void activate(Scalar* z, Index size) {
  Scalar* const arrays[] = {z};
  for_all(Operation{}, arrays, size);
}

template <typename Operation>
void derive(const Scalar* y, Scalar* delta, Index size) {
  Scalar* const arrays[] = {delta, const_cast<Scalar*>(y)};
  for_all(Operation{}, arrays, size);
}

// --- gradients of losses, and sums of arrays
// ------------------------------------------------------

// As loss.cpp holds outputs within bounds; NaN stays.
constexpr Scalar kClip = Scalar(1e-7);
HOURGLASS_INLINE Vec clip(Vec y) { return min(max(y, splat(kClip)), splat(Scalar(1) - kClip)); }

// out = scale (a - b)
struct ScaledDifference {
  static constexpr int kArrays = 3, kWritten = 1;
  Scalar scale;
  HOURGLASS_INLINE void operator()(Vec* v) const { v[0] = splat(scale) * (v[1] - v[2]); }
};
struct CrossEntropyGradient {
  static constexpr int kArrays = 3, kWritten = 1;
  Scalar scale;
  HOURGLASS_INLINE void operator()(Vec* v) const {
    const Vec p = clip(v[1]);
    v[0] = div(splat(scale) * (p - v[2]), p * (Scalar(1) - p));
  }
};
template <int kAdded>
struct AddTo {
  static constexpr int kArrays = 1 + kAdded, kWritten = 1;
  HOURGLASS_INLINE void operator()(Vec* v) const {
    HOURGLASS_UNROLL
    for (int j = 1; j <= kAdded; ++j) v[0] += v[j];
  }
};

template <typename Operation>
void gradient(const Scalar* y, const Scalar* target, Scalar scale, Scalar* delta, Index size) {
  Scalar* const arrays[] = {delta, const_cast<Scalar*>(y), const_cast<Scalar*>(target)};
  for_all(Operation{scale}, arrays, size);
}

template <int kAdded>
HOURGLASS_INLINE void add_some(const Scalar* x, Index x_stride, Scalar* y, Index size) {
  Scalar* arrays[1 + kAdded] = {y};
  for (int j = 0; j < kAdded; ++j) arrays[1 + j] = const_cast<Scalar*>(x) + j * x_stride;
  for_all(AddTo<kAdded>{}, arrays, size);
}
void add_columns(const Scalar* x, Index x_stride, Index columns, Scalar* y, Index size) {
  constexpr int kAtOnce = 4;  // between reading y and writing it
  Index j = 0;
  for (; j + kAtOnce <= columns; j += kAtOnce) {
    add_some<kAtOnce>(x + j * x_stride, x_stride, y, size);
  }
  for (; j < columns; ++j) add_some<1>(x + j * x_stride, x_stride, y, size);
}

// --- from bytes
// -----------------------------------------------------------------------------------

void from_bytes(const std::uint8_t* bytes, double scale, double offset, Scalar* out, Index size) {
#ifdef HOURGLASS_DOUBLE
  const Scalar first = scale;
#else
  // The scale in two parts, so that the first times a byte is exact and one rounding is left: with
  // one part, 255 / 255 would be 1 and 128 / 255 not what a division gives.
  const Scalar first = from_bits(bits_of(splat(static_cast<Scalar>(scale))) & ~0xff)[0];
#endif
  const Scalar rest = static_cast<Scalar>(scale - static_cast<double>(first));
  const Scalar start = static_cast<Scalar>(offset);
  // A plain loop: GCC turns bytes to vectors better in loops of its own making.
  const std::uint8_t* __restrict const from = bytes;
  Scalar* __restrict const to = out;
  for (Index i = 0; i < size; ++i) {
    const Scalar x = static_cast<Scalar>(from[i]);
    to[i] = x * first + (x * rest + start);
  }
}

}  // namespace
}  // namespace hourglass
