// Optimizers' steps over a range of parameters; included by isa/*.cpp only, see simd.h.
#pragma once

#include "core/math/simd/elementwise.h"

namespace hourglass {
namespace {

// Moments that decay would become denormal numbers, which are many times slower.
HOURGLASS_INLINE Vec flush_tiny(Vec x) { return absolute(x) < splat(Scalar(1e-30)) ? Vec{} : x; }

// values: parameter, first moment, [second moment,] gradient.
struct StepOfSgd {
  static constexpr int kArrays = 3, kWritten = 2;
  OptimizerCoefficients n;
  HOURGLASS_INLINE void operator()(Vec* v) const {
    const Vec velocity = flush_tiny(mul_add(splat(n.momentum), v[1], v[2]));
    v[0] = mul_add(splat(-n.rate), velocity, splat(n.kept) * v[0]);
    v[1] = velocity;
  }
};
struct StepOfRmsprop {
  static constexpr int kArrays = 4, kWritten = 3;
  OptimizerCoefficients n;
  HOURGLASS_INLINE void operator()(Vec* v) const {
    const Vec g = v[3];
    const Vec square = flush_tiny(mul_add(splat(n.rho), v[1], splat(1 - n.rho) * (g * g)));
    const Vec step = root_quotient(g, square, splat(1), splat(n.epsilon));
    const Vec velocity = flush_tiny(mul_add(splat(n.momentum), v[2], step));
    v[0] = mul_add(splat(-n.rate), velocity, splat(n.kept) * v[0]);
    v[1] = square;
    v[2] = velocity;
  }
};
struct StepOfAdadelta {
  static constexpr int kArrays = 4, kWritten = 3;
  OptimizerCoefficients n;
  HOURGLASS_INLINE void operator()(Vec* v) const {
    const Vec g = v[3], rest = splat(1 - n.rho), epsilon = splat(n.epsilon);
    const Vec square = flush_tiny(mul_add(splat(n.rho), v[1], rest * (g * g)));
    const Vec step = g * square_root((v[2] + epsilon) / (square + epsilon));
    v[2] = flush_tiny(mul_add(splat(n.rho), v[2], rest * (step * step)));
    v[0] = mul_add(splat(-n.rate), step, splat(n.kept) * v[0]);
    v[1] = square;
  }
};
struct StepOfAdam {
  static constexpr int kArrays = 4, kWritten = 3;
  OptimizerCoefficients n;
  HOURGLASS_INLINE void operator()(Vec* v) const {
    const Vec g = v[3];
    const Vec mean = flush_tiny(mul_add(splat(n.beta1), v[1], splat(1 - n.beta1) * g));
    const Vec square = flush_tiny(mul_add(splat(n.beta2), v[2], splat(1 - n.beta2) * (g * g)));
    const Vec step = root_quotient(mean, square, splat(n.inverse), splat(n.epsilon));
    v[0] = mul_add(splat(-n.rate), step, splat(n.kept) * v[0]);
    v[1] = mean;
    v[2] = square;
  }
};

template <typename Operation>
void step(const OptimizerCoefficients& numbers, Scalar* parameters, Scalar* const* moments,
          const Scalar* gradients, Index size) {
  Scalar* arrays[Operation::kArrays];
  arrays[0] = parameters;
  for (int a = 1; a < Operation::kWritten; ++a) arrays[a] = moments[a - 1];
  arrays[Operation::kWritten] = const_cast<Scalar*>(gradients);
  for_all(Operation{numbers}, arrays, size);
}

}  // namespace
}  // namespace hourglass
