// The type of sizes and positions.
#pragma once

#include <cstddef>

namespace hourglass {

// Signed, as Eigen's; 32 bits in a browser, so products of sizes from outside are made in 64.
using Index = std::ptrdiff_t;

}  // namespace hourglass
