// Vectors of one instruction set, for the files that are compiled once for each.
//
// Included by core/math/simd/isa/*.cpp only, which define HOURGLASS_SIMD_BYTES. Whatever these
// files define has internal linkage, and they include nothing with templates or inline functions of
// others: the linker keeps one copy of an inline function that several files have compiled, and
// that copy might be one that this processor cannot run. tests/cli/instruction_sets.test.mjs looks
// at the object files.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/scalar.h"

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

#define HOURGLASS_INLINE inline __attribute__((always_inline))

#if defined(__clang__)
#define HOURGLASS_UNROLL _Pragma("clang loop unroll(full)")
#else
#define HOURGLASS_UNROLL _Pragma("GCC unroll 32")
#endif

namespace hourglass {
namespace {

// Both compilers know vectors of any length; these may lie at any address.
typedef Scalar Vec
    __attribute__((vector_size(HOURGLASS_SIMD_BYTES), aligned(alignof(Scalar)), may_alias));

constexpr Index kLanes = HOURGLASS_SIMD_BYTES / sizeof(Scalar);

HOURGLASS_INLINE Vec load(const Scalar* from) { return *reinterpret_cast<const Vec*>(from); }
HOURGLASS_INLINE void store(Scalar* to, Vec value) { *reinterpret_cast<Vec*>(to) = value; }

// All lanes the same. (A template, so that only the branch that fits is compiled.)
template <typename Vec = hourglass::Vec, Index kCount = kLanes>
HOURGLASS_INLINE Vec splat(Scalar value) {
  if constexpr (kCount == 2) {
    return Vec{value, value};
  } else if constexpr (kCount == 4) {
    return Vec{value, value, value, value};
  } else if constexpr (kCount == 8) {
    return Vec{value, value, value, value, value, value, value, value};
  } else {
    static_assert(kCount == 16);
    return Vec{value, value, value, value, value, value, value, value,
               value, value, value, value, value, value, value, value};
  }
}

// 0, 1, ... N - 1 for templates: IndexSequence<0, 1, ...> is MakeIndexSequence<N>::Type.
template <int... I>
struct IndexSequence {};
template <int N, int... I>
struct MakeIndexSequence : MakeIndexSequence<N - 1, N - 1, I...> {};
template <int... I>
struct MakeIndexSequence<0, I...> {
  using Type = IndexSequence<I...>;
};

// A constant in all lanes. V8 makes vectors that stand in the code of integers, for each use anew
// and in instructions that all wait for the same unit; from memory they come at once.
template <Scalar kValue>
HOURGLASS_INLINE Vec constant() {
#ifdef __wasm__
  // `used`, or it would be taken for what it is and put back into the code.
  __attribute__((used)) static Scalar value = kValue;
  return splat(value);
#else
  return splat(kValue);
#endif
}

// a * b + c, in one rounding where the instruction set has it: these files are compiled with
// -ffp-contract=fast.
HOURGLASS_INLINE Vec mul_add(Vec a, Vec b, Vec c) {
#if defined(__wasm_relaxed_simd__) && !defined(HOURGLASS_DOUBLE)
  return reinterpret_cast<Vec>(wasm_f32x4_relaxed_madd(
      reinterpret_cast<v128_t>(a), reinterpret_cast<v128_t>(b), reinterpret_cast<v128_t>(c)));
#else
  return a * b + c;
#endif
}

// Has what lies there brought to the second-level cache; any address will do. wasm has nothing of
// the kind.
HOURGLASS_INLINE void prefetch([[maybe_unused]] const void* from) {
#ifndef __wasm__
  __builtin_prefetch(from, 0, 2);
#endif
}

}  // namespace
}  // namespace hourglass
