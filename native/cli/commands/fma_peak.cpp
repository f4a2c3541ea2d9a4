#include "native/cli/commands/fma_peak.h"

#include "native/cli/commands/measure.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define HOURGLASS_PEAK_X86
#include <immintrin.h>
#else
#include <Eigen/Core>
#endif

namespace hourglass {
namespace {

constexpr int kPeakRounds = 1000;  // of each chain, in one call

// One way to do it. run() is one call; its result keeps the compiler from leaving the work out.
struct Probe {
  const char* vectors;
  int chains, lanes;
  float (*run)();

  double flop() const { return 2.0 * kPeakRounds * chains * lanes; }
};

// A fused multiply-add takes 4 cycles and two can begin in each: 8 chains keep the units busy, and
// more leave room, as far as there are registers for them and for the two constants. The loops over
// the chains must be unrolled for the sums to be in registers.
#ifdef HOURGLASS_PEAK_X86

constexpr int kChains512 = 24, kChains256 = 12, kChains128 = 12;

__attribute__((target("avx512f"), noinline)) float run_avx512() {
  const __m512 factor = _mm512_set1_ps(0.999f), addend = _mm512_set1_ps(0.001f);
  __m512 sums[kChains512];
#pragma GCC unroll 24
  for (int i = 0; i < kChains512; ++i) sums[i] = _mm512_set1_ps(static_cast<float>(i));
  for (int round = 0; round < kPeakRounds; ++round) {
#pragma GCC unroll 24
    for (int i = 0; i < kChains512; ++i) sums[i] = _mm512_fmadd_ps(sums[i], factor, addend);
  }
#pragma GCC unroll 24
  for (int i = 1; i < kChains512; ++i) sums[0] = _mm512_add_ps(sums[0], sums[i]);
  return _mm512_cvtss_f32(sums[0]);
}

__attribute__((target("avx2,fma"), noinline)) float run_avx2() {
  const __m256 factor = _mm256_set1_ps(0.999f), addend = _mm256_set1_ps(0.001f);
  __m256 sums[kChains256];
#pragma GCC unroll 12
  for (int i = 0; i < kChains256; ++i) sums[i] = _mm256_set1_ps(static_cast<float>(i));
  for (int round = 0; round < kPeakRounds; ++round) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains256; ++i) sums[i] = _mm256_fmadd_ps(sums[i], factor, addend);
  }
#pragma GCC unroll 12
  for (int i = 1; i < kChains256; ++i) sums[0] = _mm256_add_ps(sums[0], sums[i]);
  return _mm256_cvtss_f32(sums[0]);
}

__attribute__((noinline)) float run_sse2() {
  const __m128 factor = _mm_set1_ps(0.999f), addend = _mm_set1_ps(0.001f);
  __m128 sums[kChains128];
#pragma GCC unroll 12
  for (int i = 0; i < kChains128; ++i) sums[i] = _mm_set1_ps(static_cast<float>(i));
  for (int round = 0; round < kPeakRounds; ++round) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains128; ++i) sums[i] = _mm_add_ps(_mm_mul_ps(sums[i], factor), addend);
  }
#pragma GCC unroll 12
  for (int i = 1; i < kChains128; ++i) sums[0] = _mm_add_ps(sums[0], sums[i]);
  return _mm_cvtss_f32(sums[0]);
}

const Probe& probe() {
  static const Probe chosen = [] {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f")) return Probe{"AVX-512", kChains512, 16, run_avx512};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
      return Probe{"AVX2+FMA", kChains256, 8, run_avx2};
    }
    return Probe{"SSE2", kChains128, 4, run_sse2};
  }();
  return chosen;
}

#else

using Packet = Eigen::internal::packet_traits<float>::type;
constexpr int kChains = 12;

float run_eigen() {
  const Packet factor = Eigen::internal::pset1<Packet>(0.999f);
  const Packet addend = Eigen::internal::pset1<Packet>(0.001f);
  Packet sums[kChains];
  for (int i = 0; i < kChains; ++i) sums[i] = Eigen::internal::pset1<Packet>(static_cast<float>(i));
  for (int round = 0; round < kPeakRounds; ++round) {
    for (int i = 0; i < kChains; ++i) sums[i] = Eigen::internal::pmadd(sums[i], factor, addend);
  }
  float total = 0;
  for (const Packet& sum : sums) total += Eigen::internal::predux(sum);
  return total;
}

const Probe& probe() {
  static const std::string vectors = Eigen::SimdInstructionSetsInUse();
  static const Probe chosen{vectors.c_str(), kChains, Eigen::internal::packet_traits<float>::size,
                            run_eigen};
  return chosen;
}

#endif

}  // namespace

std::string fma_peak_vectors() { return probe().vectors; }

double measure_fma_peak(double seconds) {
  float total = 0;
  const double calls = calls_per_second(seconds, [&total] { total += probe().run(); });
  volatile float kept = total;
  static_cast<void>(kept);
  return calls * probe().flop() / 1e9;
}

}  // namespace hourglass
