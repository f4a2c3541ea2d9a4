// The largest of many errors.
#pragma once

#include "core/math/types.h"

namespace hourglass::tests {

// std::max would pass a NaN by.
inline void worsen(double& worst, double error) {
  if (!(error <= worst)) worst = error;
}

// The largest |a - b|; NaN if there is one.
template <typename A, typename B>
double largest_difference(const A& a, const B& b) {
  return static_cast<double>((a - b).cwiseAbs().template maxCoeff<Eigen::PropagateNaN>());
}

}  // namespace hourglass::tests
