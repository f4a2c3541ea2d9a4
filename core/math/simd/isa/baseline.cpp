// For the least processor that the program runs on: SSE2, NEON or WebAssembly's SIMD.
#define HOURGLASS_SIMD_BYTES 16
#include "core/math/simd/isa.h"
#include "core/math/simd/table.h"

namespace hourglass {

#if defined(__wasm_relaxed_simd__)
constexpr Kernels kBaselineKernels = make_kernels("simd+fma", "SIMD with fused multiply-add");
#elif defined(__wasm__)
constexpr Kernels kBaselineKernels = make_kernels("simd", "SIMD");
#elif defined(__aarch64__)
constexpr Kernels kBaselineKernels = make_kernels("baseline", "NEON");
#else
constexpr Kernels kBaselineKernels = make_kernels("baseline", "SSE2");
#endif

const Kernels& baseline_kernels() { return kBaselineKernels; }

}  // namespace hourglass
