// For processors with AVX-512 (F, BW, DQ, VL).
#define HOURGLASS_SIMD_BYTES 64
#include "core/math/simd/isa.h"
#include "core/math/simd/table.h"

namespace hourglass {

constexpr Kernels kAvx512Kernels = make_kernels("avx512", "AVX-512");

const Kernels& avx512_kernels() { return kAvx512Kernels; }

}  // namespace hourglass
