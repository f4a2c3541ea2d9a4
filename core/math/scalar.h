// The engine's number types, without Eigen: for the kernels, which must not see its templates.
#pragma once

#include <cstddef>

namespace hourglass {

// `float`, except in the build of the tests that checks gradients by finite differences.
#ifdef HOURGLASS_DOUBLE
using Scalar = double;
#else
using Scalar = float;
#endif

using Index = std::ptrdiff_t;

}  // namespace hourglass
