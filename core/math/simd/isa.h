// The instruction sets that are compiled in. Calling anything but this function of a set that the
// processor lacks ends the program.
#pragma once

#include "core/math/simd/interface.h"

namespace hourglass {

const Kernels& baseline_kernels();
#ifdef HOURGLASS_X86_KERNELS
const Kernels& avx2_kernels();
const Kernels& avx512_kernels();
#endif

}  // namespace hourglass
