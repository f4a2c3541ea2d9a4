// The largest of many errors.
#pragma once

namespace hourglass::tests {

// std::max would pass a NaN by.
inline void worsen(double& worst, double error) {
  if (!(error <= worst)) worst = error;
}

}  // namespace hourglass::tests
