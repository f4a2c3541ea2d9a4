// How fast one core of this machine can multiply and add at all.
#pragma once

#include <string>

namespace hourglass {

// The widest vectors of this machine that the probe knows, whatever this program was compiled for:
// "AVX-512", "AVX2+FMA", "SSE2" (multiplies and adds apart, as there is no fused instruction), or
// on other machines what Eigen uses.
std::string fma_peak_vectors();

// Multiplications and additions in single precision that one core does per second when nothing else
// holds it up, in GFLOP/s: independent chains of fused multiply-adds in registers, run for about
// `seconds`.
double measure_fma_peak(double seconds);

}  // namespace hourglass
