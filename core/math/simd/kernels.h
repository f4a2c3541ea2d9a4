// The kernels of the instruction set that was chosen when the program started. Everything else is
// compiled for the least processor that the program runs on.
#pragma once

#include <vector>

#include "core/math/simd/interface.h"

namespace hourglass {

// The kernels in use: the best that this processor runs, or those that the environment variable
// HOURGLASS_ISA names. Throws Error, on every call, if it names none that can run here.
const Kernels& kernels();

// All that can run here, the best one last; for tests, which compare them.
std::vector<const Kernels*> runnable_kernels();

// For tests and benchmarks: makes kernels() return `other` from now on, which must live as long as
// it is in use. Not while anybody computes.
void use_kernels_for_test(const Kernels& other);

}  // namespace hourglass
