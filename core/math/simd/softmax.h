// Softmax over a sample's features, and its loss; included by isa/*.cpp only, see simd.h.
#pragma once

#include "core/math/simd/sums.h"

namespace hourglass {
namespace {

// The largest of `size` >= 1 numbers; NaN if one of them is.
HOURGLASS_ONE_COPY Scalar largest_of(const Scalar* z, Index size) {
  Vec high = splat(z[0]);
  Index i = 0;
  // max() keeps a NaN of its first operand, so each comes to be that.
  for (; i + kLanes <= size; i += kLanes) {
    const Vec next = load(z + i);
    high = next != next ? next : max(high, next);
  }
  Scalar largest = high[0];
  for (Index lane = 1; lane < kLanes; ++lane) {
    if (high[lane] > largest || high[lane] != high[lane]) largest = high[lane];
  }
  for (; i < size; ++i) {
    if (z[i] > largest || z[i] != z[i]) largest = z[i];
  }
  return largest;
}

// z becomes exp(z - largest); their sum.
struct ShiftedExponential {
  static constexpr int kArrays = 1, kWritten = 1;
  Scalar largest;
  Vec so_far{};
  HOURGLASS_INLINE void operator()(Vec* v) {
    v[0] = exponential_below_0(v[0] - splat(largest));
    so_far += v[0];
  }
  HOURGLASS_INLINE Vec total() const { return so_far; }
};

// Of logits and targets: target (z - largest).
struct WeightedLogits {
  static constexpr int kArrays = 2, kWritten = 0;  // z, target
  Scalar largest;
  Vec so_far{};
  HOURGLASS_INLINE void operator()(Vec* v) {
    so_far = mul_add(v[1], v[0] - splat(largest), so_far);
  }
  HOURGLASS_INLINE Vec total() const { return so_far; }
};

struct Multiply {
  static constexpr int kArrays = 1, kWritten = 1;
  Scalar factor;
  HOURGLASS_INLINE void operator()(Vec* v) const { v[0] = v[0] * splat(factor); }
};

// out = factor e - scale target
struct SoftmaxGradient {
  static constexpr int kArrays = 2, kWritten = 1;  // e, target
  Scalar factor, scale;
  HOURGLASS_INLINE void operator()(Vec* v) const {
    v[0] = splat(factor) * v[0] - splat(scale) * v[1];
  }
};

// Of outputs y: -t log y.
struct CategoricalCrossEntropy {
  static constexpr int kArrays = 2, kWritten = 0;
  Vec so_far{};
  HOURGLASS_INLINE void operator()(Vec* v) {
    so_far -= v[1] * log(max(v[0], constant<Scalar(1e-30)>()));
  }
  HOURGLASS_INLINE Vec total() const { return so_far; }
};

// Leaves exp(z - the largest z) and returns the sum of these.
HOURGLASS_INLINE double exponentials(Scalar* z, Scalar largest, Index size) {
  Scalar* const arrays[] = {z};
  ShiftedExponential operation;
  operation.largest = largest;
  return sum_over(operation, arrays, size);
}

void softmax(Scalar* z, Index size) {
  const double sum = exponentials(z, largest_of(z, size), size);
  Scalar* const arrays[] = {z};
  for_all(Multiply{static_cast<Scalar>(1 / sum)}, arrays, size);
}

double softmax_cross_entropy(Scalar* z, const Scalar* target, Scalar scale, Index size) {
  Scalar* const arrays[] = {z, const_cast<Scalar*>(target)};
  WeightedLogits weighted;
  weighted.largest = largest_of(z, size);
  const double inside = sum_over(weighted, arrays, size);
  const double targets = sum(target, size);
  const double exponential = exponentials(z, weighted.largest, size);
  SoftmaxGradient gradient;
  gradient.factor = static_cast<Scalar>(static_cast<double>(scale) * targets / exponential);
  gradient.scale = scale;
  for_all(gradient, arrays, size);
  return targets * __builtin_log(exponential) - inside;
}

}  // namespace
}  // namespace hourglass
