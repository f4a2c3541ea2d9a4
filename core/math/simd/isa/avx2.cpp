// For processors with AVX2 and FMA: Intel since 2013, AMD since 2015.
#define HOURGLASS_SIMD_BYTES 32
#include "core/math/simd/isa.h"
#include "core/math/simd/table.h"

namespace hourglass {

constexpr Kernels kAvx2Kernels = make_kernels("avx2", "AVX2");

const Kernels& avx2_kernels() { return kAvx2Kernels; }

}  // namespace hourglass
