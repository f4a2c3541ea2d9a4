// The engine's number types, without Eigen: for the kernels, which must not see its templates.
#pragma once

#include "core/base/index.h"

namespace hourglass {

// `float`, except in the build of the tests that checks gradients by finite differences.
#ifdef HOURGLASS_DOUBLE
using Scalar = double;
#else
using Scalar = float;
#endif

}  // namespace hourglass
