// Random numbers for one instruction set; included by isa/*.cpp only, see simd.h. The sequences are
// those of core/math/random.h, whatever the instruction set.
#pragma once

#include "core/math/simd/gemm_kernel.h"
#include "core/math/simd/interface.h"
#include "core/math/simd/vector_math.h"

namespace hourglass {
namespace {

// Blocks of Philox side by side, a word of 32 bits in each lane of 64: their products need the
// room.
typedef std::uint64_t Words __attribute__((vector_size(HOURGLASS_SIMD_BYTES)));
constexpr int kBlocks = HOURGLASS_SIMD_BYTES / 8;

// Products of the lanes' lower halves.
HOURGLASS_INLINE Words multiply_halves(Words a, Words b) {
#if defined(__GNUC__) && !defined(__clang__) && defined(__SSE2__)
  // GCC does not see that the upper halves are 0.
#if HOURGLASS_SIMD_BYTES == 64
  typedef int Ints __attribute__((vector_size(64)));
  typedef long long Longs __attribute__((vector_size(64)));
  return reinterpret_cast<Words>(__builtin_ia32_pmuludq512_mask(reinterpret_cast<Ints>(a),
                                                                reinterpret_cast<Ints>(b), Longs{},
                                                                static_cast<unsigned char>(-1)));
#elif HOURGLASS_SIMD_BYTES == 32
  typedef int Ints __attribute__((vector_size(32)));
  return reinterpret_cast<Words>(
      __builtin_ia32_pmuludq256(reinterpret_cast<Ints>(a), reinterpret_cast<Ints>(b)));
#else
  typedef int Ints __attribute__((vector_size(16)));
  return reinterpret_cast<Words>(
      __builtin_ia32_pmuludq128(reinterpret_cast<Ints>(a), reinterpret_cast<Ints>(b)));
#endif
#else
  return (a & 0xFFFFFFFFu) * (b & 0xFFFFFFFFu);
#endif
}

// Words whose upper halves are without meaning.
struct Block {
  Words word[4];
};

HOURGLASS_INLINE Block philox_blocks(const DrawTask& t, std::uint32_t first) {
  Words counter = {};
  HOURGLASS_UNROLL
  for (int i = 0; i < kBlocks; ++i) counter[i] = first + static_cast<std::uint32_t>(i);
  const Words zero = {};
  Words c0 = counter, c1 = zero + t.counter[1], c2 = zero + t.counter[2], c3 = zero + t.counter[3];
  std::uint32_t k0 = t.key[0], k1 = t.key[1];
  const Words m0 = zero + 0xD2511F53u, m1 = zero + 0xCD9E8D57u;
  HOURGLASS_UNROLL
  for (int round = 0; round < 10; ++round) {
    const Words p0 = multiply_halves(c0, m0), p1 = multiply_halves(c2, m1);
    c0 = (p1 >> 32) ^ c1 ^ (zero + k0);
    c2 = (p0 >> 32) ^ c3 ^ (zero + k1);
    c1 = p1;
    c3 = p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}

HOURGLASS_INLINE Words join(Words low, Words high) { return (low & 0xFFFFFFFFu) | (high << 32); }

constexpr float kTwoToMinus24 = 1.0f / 16777216.0f;

#ifdef HOURGLASS_DOUBLE

// What the vectors of kLanes numbers below would be, for numbers that are twice as wide as a word.
struct Drawn {
  Scalar numbers[4 * kBlocks];
};
HOURGLASS_INLINE Drawn draw_uniform(const Block& block) {
  Drawn drawn;
  for (int i = 0; i < 4 * kBlocks; ++i) {
    drawn.numbers[i] =
        static_cast<Scalar>((block.word[i % 4][i / 4] & 0xFFFFFFFFu) >> 8) * kTwoToMinus24;
  }
  return drawn;
}
HOURGLASS_INLINE Drawn draw_normal(const Block& block) {
  Drawn drawn = draw_uniform(block);
  for (int i = 0; i < 4 * kBlocks; i += 2) {
    const Scalar radius = __builtin_sqrt(-2 * __builtin_log(drawn.numbers[i] + kTwoToMinus24));
    const Scalar angle = 6.283185307179586 * drawn.numbers[i + 1];
    drawn.numbers[i] = radius * __builtin_cos(angle);
    drawn.numbers[i + 1] = radius * __builtin_sin(angle);
  }
  return drawn;
}

#else

struct Drawn {
  Vec numbers[2];
};

HOURGLASS_INLINE Vec upper_24_bits(Words words) {
  typedef std::uint32_t Halves __attribute__((vector_size(HOURGLASS_SIMD_BYTES)));
  const BitsVec bits = reinterpret_cast<BitsVec>(reinterpret_cast<Halves>(words) >> 8);
  return __builtin_convertvector(bits, Vec);
}

template <int... I>
HOURGLASS_INLINE Words zip_words(Words a, Words b, int half, IndexSequence<I...>) {
  return half == 0 ? __builtin_shufflevector(a, b, (I / 2 + I % 2 * kBlocks)...)
                   : __builtin_shufflevector(a, b, (kBlocks / 2 + I / 2 + I % 2 * kBlocks)...);
}

// In [0, 1).
HOURGLASS_INLINE Drawn draw_uniform(const Block& block) {
  using All = typename MakeIndexSequence<kBlocks>::Type;
  const Words a = join(block.word[0], block.word[1]), b = join(block.word[2], block.word[3]);
  return {{upper_24_bits(zip_words(a, b, 0, All())) * kTwoToMinus24,
           upper_24_bits(zip_words(a, b, 1, All())) * kTwoToMinus24}};
}

// Standard normal, in pairs (Box and Muller 1958): of a block's words the first and third are
// radii, the others angles.
HOURGLASS_INLINE Drawn draw_normal(const Block& block) {
  using All = typename MakeIndexSequence<static_cast<int>(kLanes)>::Type;
  const Vec unit = (upper_24_bits(join(block.word[0], block.word[2])) + 1.0f) * kTwoToMinus24;
  const Vec radius = square_root(log(unit) * -2.0f);
  // A turn in quarters: the nearest whole one, and what is left as an angle within +-pi / 4.
  const Vec quarters = upper_24_bits(join(block.word[1], block.word[3])) * (4 * kTwoToMinus24);
  const Vec shift = splat(12582912.0f);
  const Vec shifted = quarters + shift;
  const BitsVec quarter = bits_of(shifted);
  const Vec x = (quarters - (shifted - shift)) * 1.57079632679f;
  const Vec square = x * x;
  Vec sine = splat(-1.9515295891e-4f);
  sine = mul_add(sine, square, splat(8.3321608736e-3f));
  sine = mul_add(sine, square, splat(-1.6666654611e-1f));
  sine = mul_add(sine * square, x, x);
  Vec cosine = splat(2.443315711809948e-5f);
  cosine = mul_add(cosine, square, splat(-1.388731625493765e-3f));
  cosine = mul_add(cosine, square, splat(4.166664568298827e-2f));
  cosine = mul_add(cosine * square, square, mul_add(square, splat(-0.5f), splat(1.0f)));
  const BitsVec odd = (quarter & 1) == 1;
  const Vec turned_cosine = odd ? sine : cosine, turned_sine = odd ? cosine : sine;
  const BitsVec cosine_sign = ((quarter + 1) & 2) << 30, sine_sign = (quarter & 2) << 30;
  const Vec first = radius * from_bits(bits_of(turned_cosine) ^ cosine_sign);
  const Vec second = radius * from_bits(bits_of(turned_sine) ^ sine_sign);
  return {{zip_low(first, second, All()), zip_high(first, second, All())}};
}

#endif

struct Uniform {
  HOURGLASS_INLINE static Drawn draw(const Block& block) { return draw_uniform(block); }
};
struct Normal {
  HOURGLASS_INLINE static Drawn draw(const Block& block) { return draw_normal(block); }
};

template <typename Distribution>
HOURGLASS_ONE_COPY void draw_blocks(const DrawTask& task, std::uint32_t first, Index groups,
                                    Scalar* out) {
  const DrawTask t = task;
  for (; groups > 0; --groups, first += kBlocks, out += 4 * kBlocks) {
    const Drawn drawn = Distribution::draw(philox_blocks(t, first));
    __builtin_memcpy(out, &drawn, sizeof(drawn));
  }
}

template <typename Distribution>
void draw(const DrawTask& t, Scalar* out, Index size) {
  constexpr Index kGroup = 4 * kBlocks;
  const Index groups = size / kGroup, whole = groups * kGroup;
  draw_blocks<Distribution>(t, t.counter[0], groups, out);
  if (whole == size) return;
  Scalar last[kGroup];
  draw_blocks<Distribution>(t, t.counter[0] + static_cast<std::uint32_t>(groups * kBlocks), 1,
                            last);
  for (Index i = whole; i < size; ++i) out[i] = last[i - whole];
}

}  // namespace
}  // namespace hourglass
