// exp, log, tanh and their kin over vectors; included by isa/*.cpp only, see simd.h.
//
// In single precision polynomials after Cephes (Moshier 1989) on the usual reduced ranges, with
// relative errors below 2e-7. In double precision, which only the tests compute in, the compiler's
// own functions.
#pragma once

#include "core/math/simd/simd.h"

// Compiled once, not once more for some callers: two copies might round differently.
#if defined(__clang__)
#define HOURGLASS_ONE_COPY __attribute__((noinline))
#else
#define HOURGLASS_ONE_COPY __attribute__((noipa))
#endif

namespace hourglass {
namespace {

#ifdef HOURGLASS_DOUBLE
using Bits = std::int64_t;
#else
using Bits = std::int32_t;
#endif
typedef Bits BitsVec __attribute__((vector_size(HOURGLASS_SIMD_BYTES)));

HOURGLASS_INLINE BitsVec bits_of(Vec x) { return reinterpret_cast<BitsVec>(x); }
HOURGLASS_INLINE Vec from_bits(BitsVec x) { return reinterpret_cast<Vec>(x); }

constexpr Bits kSignBit = static_cast<Bits>(std::uint64_t{1} << (8 * sizeof(Bits) - 1));

HOURGLASS_INLINE Vec absolute(Vec x) { return from_bits(bits_of(x) & ~kSignBit); }
// These pass NaN through, where it stands for x: a run that has diverged must show it. GCC makes
// comparisons and blends of the plain form; the processors' own minimum gives its second operand
// for NaN.
#if defined(__GNUC__) && !defined(__clang__) && defined(__SSE2__) && !defined(HOURGLASS_DOUBLE)
#if HOURGLASS_SIMD_BYTES == 64
HOURGLASS_INLINE Vec max(Vec x, Vec low) {
  return __builtin_ia32_maxps512_mask(low, x, x, static_cast<unsigned short>(-1), 4);
}
HOURGLASS_INLINE Vec min(Vec x, Vec high) {
  return __builtin_ia32_minps512_mask(high, x, x, static_cast<unsigned short>(-1), 4);
}
#elif HOURGLASS_SIMD_BYTES == 32
HOURGLASS_INLINE Vec max(Vec x, Vec low) { return __builtin_ia32_maxps256(low, x); }
HOURGLASS_INLINE Vec min(Vec x, Vec high) { return __builtin_ia32_minps256(high, x); }
#else
HOURGLASS_INLINE Vec max(Vec x, Vec low) { return __builtin_ia32_maxps(low, x); }
HOURGLASS_INLINE Vec min(Vec x, Vec high) { return __builtin_ia32_minps(high, x); }
#endif
#elif defined(__wasm_simd128__) && !defined(HOURGLASS_DOUBLE)
HOURGLASS_INLINE Vec max(Vec x, Vec low) {
  return reinterpret_cast<Vec>(
      wasm_f32x4_pmax(reinterpret_cast<v128_t>(x), reinterpret_cast<v128_t>(low)));
}
HOURGLASS_INLINE Vec min(Vec x, Vec high) {
  return reinterpret_cast<Vec>(
      wasm_f32x4_pmin(reinterpret_cast<v128_t>(x), reinterpret_cast<v128_t>(high)));
}
#else
HOURGLASS_INLINE Vec max(Vec x, Vec low) { return low > x ? low : x; }
HOURGLASS_INLINE Vec min(Vec x, Vec high) { return high < x ? high : x; }
#endif

HOURGLASS_INLINE Vec square_root(Vec x) {
#if defined(__clang__)
  return __builtin_elementwise_sqrt(x);
#else
  Vec y;
  HOURGLASS_UNROLL
  for (Index i = 0; i < kLanes; ++i) {
#ifdef HOURGLASS_DOUBLE
    y[i] = __builtin_sqrt(x[i]);
#else
    y[i] = __builtin_sqrtf(x[i]);
#endif
  }
  return y;
#endif
}

#ifdef HOURGLASS_DOUBLE

HOURGLASS_INLINE Vec exp(Vec x) {
  for (Index i = 0; i < kLanes; ++i) x[i] = __builtin_exp(x[i]);
  return x;
}
HOURGLASS_INLINE Vec exponential_below_0(Vec x) { return exp(x); }
HOURGLASS_INLINE Vec log(Vec x) {
  for (Index i = 0; i < kLanes; ++i) x[i] = __builtin_log(x[i]);
  return x;
}
HOURGLASS_INLINE Vec hyperbolic_tangent(Vec x) {
  for (Index i = 0; i < kLanes; ++i) x[i] = __builtin_tanh(x[i]);
  return x;
}
HOURGLASS_INLINE Vec div(Vec a, Vec b) { return a / b; }
HOURGLASS_INLINE Vec root_quotient(Vec a, Vec s, Vec inverse, Vec epsilon) {
  return a / mul_add(square_root(s), inverse, epsilon);
}

#else

// exp(r) 2^n = exp(x) with r in +-ln(2) / 2, and n in the low bits of `shifted`.
struct ReducedExponential {
  Vec value;
  BitsVec shifted;
};
HOURGLASS_INLINE ReducedExponential reduce_exponential(Vec x) {
  // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits, together with the bias of
  // a float's exponent.
  const Vec shift = constant<12582912.0f + 127.0f>();
  const Vec shifted = mul_add(x, constant<1.44269504088896341f>(), shift);
  const Vec n = shifted - shift;
  // ln 2 in two parts; the first has so few bits that n times it is exact.
  const Vec r = mul_add(n, constant<2.12194440e-4f>(), mul_add(n, constant<-0.693359375f>(), x));
  Vec y = constant<1.9875691500e-4f>();
  y = mul_add(y, r, constant<1.3981999507e-3f>());
  y = mul_add(y, r, constant<8.3334519073e-3f>());
  y = mul_add(y, r, constant<4.1665795894e-2f>());
  y = mul_add(y, r, constant<1.6666665459e-1f>());
  y = mul_add(y, r, constant<5.0000001201e-1f>());
  return {mul_add(y, r * r, r) + constant<1.0f>(), bits_of(shifted)};
}

// For x <= 0; 0 below -64: to the functions here, which add it to 1, that is all the same, and what
// training makes of smaller numbers would be denormal, and slow.
HOURGLASS_INLINE Vec exponential_below_0(Vec x) {
  const Vec low = constant<-64.0f>();
  const ReducedExponential reduced = reduce_exponential(max(x, low));
  const Vec y = reduced.value * from_bits(reduced.shifted << 23);
  return x < low ? Vec{} : y;
}

// For normal numbers above 0; inf and NaN stay what they are.
HOURGLASS_INLINE Vec log(Vec x) {
  // x = m 2^e with m from sqrt(1/2) to sqrt(2).
  const BitsVec e = (bits_of(x) - 0x3f3504f3) >> 23;
  const Vec f = from_bits(bits_of(x) - (e << 23)) - constant<1.0f>();
  const Vec exponent = __builtin_convertvector(e, Vec);
  Vec y = constant<7.0376836292e-2f>();
  y = mul_add(y, f, constant<-1.1514610310e-1f>());
  y = mul_add(y, f, constant<1.1676998740e-1f>());
  y = mul_add(y, f, constant<-1.2420140846e-1f>());
  y = mul_add(y, f, constant<1.4249322787e-1f>());
  y = mul_add(y, f, constant<-1.6668057665e-1f>());
  y = mul_add(y, f, constant<2.0000714765e-1f>());
  y = mul_add(y, f, constant<-2.4999993993e-1f>());
  y = mul_add(y, f, constant<3.3333331174e-1f>());
  const Vec square = f * f;
  y = mul_add(y, f * square, exponent * constant<-2.12194440e-4f>());
  y = mul_add(square, constant<-0.5f>(), y);
  y = mul_add(exponent, constant<0.693359375f>(), f + y);
  return x <= constant<3.4028234e38f>() ? y : x;
}

#if HOURGLASS_SIMD_BYTES == 64

// Division and square root of 16 lanes take some 20 cycles each and nothing else runs beside them;
// estimates to 14 bits and one step of Newton's are several times faster.
HOURGLASS_INLINE Vec reciprocal(Vec b) {
  const Vec r = __builtin_ia32_rcp14ps512_mask(b, b, static_cast<unsigned short>(-1));
  return mul_add(r, mul_add(-b, r, constant<1.0f>()), r);
}

// a / b, for b from 1e-37 to 1e37.
HOURGLASS_INLINE Vec div(Vec a, Vec b) { return a * reciprocal(b); }

// a / (sqrt(s) inverse + epsilon), for s >= 0.
HOURGLASS_INLINE Vec root_quotient(Vec a, Vec s, Vec inverse, Vec epsilon) {
  // Held off 0, whose reciprocal root is infinite, as that of infinity is 0 and their product NaN;
  // sqrt(1e-36) drowns in any epsilon.
  const Vec above_0 = min(max(s, constant<1e-36f>()), constant<1e38f>());
  const Vec r = __builtin_ia32_rsqrt14ps512_mask(above_0, above_0, static_cast<unsigned short>(-1));
  const Vec root = above_0 * r;
  const Vec better = mul_add(mul_add(-root, r, constant<1.0f>()), root * constant<0.5f>(), root);
  return div(a, mul_add(better, inverse, epsilon));
}

#else

HOURGLASS_INLINE Vec div(Vec a, Vec b) { return a / b; }
HOURGLASS_INLINE Vec root_quotient(Vec a, Vec s, Vec inverse, Vec epsilon) {
  return a / mul_add(square_root(s), inverse, epsilon);
}

#endif

// x P(x^2) / Q(x^2), fitted so that the greatest relative error on +-9.02 is least (2.1e-8);
// beyond, a float's tanh is 1.
HOURGLASS_INLINE Vec hyperbolic_tangent(Vec x) {
  x = min(max(x, constant<-9.02f>()), constant<9.02f>());
  const Vec square = x * x;
  Vec p = constant<1.3318970923e-8f>();
  p = mul_add(p, square, constant<2.0583406225e-5f>());
  p = mul_add(p, square, constant<3.4940299690e-3f>());
  p = mul_add(p, square, constant<1.3379714089e-1f>());
  p = mul_add(p, square, constant<9.9999997903e-1f>());
  Vec q = constant<7.7619773743e-7f>();
  q = mul_add(q, square, constant<3.2830853393e-4f>());
  q = mul_add(q, square, constant<2.5871055763e-2f>());
  q = mul_add(q, square, constant<4.6713029333e-1f>());
  q = mul_add(q, square, constant<1.0f>());
  // Rounding must not make more than 1 of it, or the derivative 1 - y^2 would change its sign.
  return min(max(div(x * p, q), constant<-1.0f>()), constant<1.0f>());
}

#endif

}  // namespace
}  // namespace hourglass
