// Sums over arrays, and the losses, which are sums; included by isa/*.cpp only, see simd.h.
#pragma once

#include "core/math/simd/elementwise.h"

namespace hourglass {
namespace {

HOURGLASS_INLINE double sum_of_lanes(Vec x) {
  double sums[kLanes];
  HOURGLASS_UNROLL
  for (Index i = 0; i < kLanes; ++i) sums[i] = static_cast<double>(x[i]);
  HOURGLASS_UNROLL
  for (Index half = kLanes / 2; half > 0; half /= 2) {
    HOURGLASS_UNROLL
    for (Index i = 0; i < half; ++i) sums[i] += sums[i + half];
  }
  return sums[0];
}

// This many vectors are summed in single precision, and such sums in double: that rounds little and
// costs nothing. An even number of cross-entropy's factors up to 2 stays far from overflow, too.
constexpr Index kBlock = 64 * kLanes;

// A sum's operation takes one vector of each of its arrays and adds to its own sums; the first
// kWritten arrays are written. Of the vector of sums the first `lanes` count.
template <typename Operation>
HOURGLASS_ONE_COPY double sum_stretch(Operation operation, Scalar* const* arrays, Index size,
                                      Index lanes) {
  Scalar* array[Operation::kArrays];
  HOURGLASS_UNROLL
  for (int a = 0; a < Operation::kArrays; ++a) array[a] = arrays[a];
  for (Index i = 0; i < size; i += kLanes) {
    Vec values[Operation::kArrays];
    HOURGLASS_UNROLL
    for (int a = 0; a < Operation::kArrays; ++a) values[a] = load(array[a] + i);
    operation(values);
    HOURGLASS_UNROLL
    for (int a = 0; a < Operation::kWritten; ++a) store(array[a] + i, values[a]);
  }
  Vec total = operation.total();
  for (Index i = lanes; i < kLanes; ++i) total[i] = 0;
  return sum_of_lanes(total);
}

template <typename Operation>
HOURGLASS_INLINE double sum_over(const Operation& operation, Scalar* const* arrays, Index size) {
  constexpr int kArrays = Operation::kArrays;
  const Index rest = size % kLanes, whole = size - rest;
  Scalar* places[kArrays];
  double sum = 0;
  for (Index at = 0; at < whole; at += kBlock) {
    for (int a = 0; a < kArrays; ++a) places[a] = arrays[a] + at;
    sum += sum_stretch(operation, places, whole - at < kBlock ? whole - at : kBlock, kLanes);
  }
  if (!rest) return sum;
  Scalar copies[kArrays][kLanes] = {};
  for (int a = 0; a < kArrays; ++a) {
    places[a] = copies[a];
    for (Index i = 0; i < rest; ++i) copies[a][i] = arrays[a][whole + i];
  }
  sum += sum_stretch(operation, places, kLanes, rest);
  for (int a = 0; a < Operation::kWritten; ++a) {
    for (Index i = 0; i < rest; ++i) arrays[a][whole + i] = copies[a][i];
  }
  return sum;
}

struct Sum {
  static constexpr int kArrays = 1, kWritten = 0;
  Vec so_far{};
  HOURGLASS_INLINE void operator()(Vec* v) { so_far += v[0]; }
  HOURGLASS_INLINE Vec total() const { return so_far; }
};
struct SumOfSquares : Sum {
  HOURGLASS_INLINE void operator()(Vec* v) { so_far = mul_add(v[0], v[0], so_far); }
};
struct SquaredError {
  static constexpr int kArrays = 2, kWritten = 0;
  Vec so_far{};
  HOURGLASS_INLINE void operator()(Vec* v) {
    const Vec difference = v[0] - v[1];
    so_far = mul_add(difference, difference, so_far);
  }
  HOURGLASS_INLINE Vec total() const { return so_far; }
};

// Of outputs y: t log y + (1 - t) log(1 - y), with the other sign.
struct CrossEntropy {
  static constexpr int kArrays = 2, kWritten = 0;
  Vec so_far{};
  HOURGLASS_INLINE void operator()(Vec* v) {
    const Vec p = clip(v[0]);
    so_far -= mul_add(v[1], log(p), (Scalar(1) - v[1]) * log(Scalar(1) - p));
  }
  HOURGLASS_INLINE Vec total() const { return so_far; }
};

// Of pre-activations z, which become the gradient: max(z, 0) - t z + log(1 + exp(-|z|)). The
// logarithms are taken of products over a stretch, each factor being from 1 to 2.
struct SigmoidCrossEntropy {
  static constexpr int kArrays = 2, kWritten = 1;  // z, target
  // The logits of CrossEntropy's bounds.
#ifdef HOURGLASS_DOUBLE
  static constexpr Scalar kLow = -16.118095550958316, kHigh = 16.118095550958316;
#else
  static constexpr Scalar kLow = -16.1180954f, kHigh = 15.9423847f;
#endif
  Scalar scale;
  Vec linear{}, product = splat(1);
  HOURGLASS_INLINE void operator()(Vec* v) {
    const Vec z = v[0], t = v[1];
    const Sigmoid sigmoid(z);
    const Vec held = min(max(z, constant<kLow>()), constant<kHigh>());
    linear += max(held, Vec{}) - t * held;
    product *= sigmoid.e + constant<Scalar(1)>();
    v[0] = splat(scale) * (sigmoid.y - t);
  }
  HOURGLASS_INLINE Vec total() const { return linear + log(product); }
};

double sum(const Scalar* x, Index size) {
  Scalar* const arrays[] = {const_cast<Scalar*>(x)};
  return sum_over(Sum{}, arrays, size);
}

double sum_of_squares(const Scalar* x, Index size) {
  Scalar* const arrays[] = {const_cast<Scalar*>(x)};
  return sum_over(SumOfSquares{}, arrays, size);
}

template <typename Operation>
double loss(const Scalar* y, const Scalar* target, Index size) {
  Scalar* const arrays[] = {const_cast<Scalar*>(y), const_cast<Scalar*>(target)};
  return sum_over(Operation{}, arrays, size);
}

double sigmoid_cross_entropy(Scalar* z, const Scalar* target, Scalar scale, Index size) {
  Scalar* const arrays[] = {z, const_cast<Scalar*>(target)};
  SigmoidCrossEntropy operation;
  operation.scale = scale;
  return sum_over(operation, arrays, size);
}

}  // namespace
}  // namespace hourglass
