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

// A block depends on each of its ten rounds in turn: two groups of them at once keep a processor
// with wide vectors busy. Others have no registers for that.
constexpr int kGroups = HOURGLASS_SIMD_BYTES > 16 ? 2 : 1;
struct BlockGroups {
  Block group[kGroups];
};

template <int... I>
HOURGLASS_INLINE Words count_from(std::uint32_t first, IndexSequence<I...>) {
  return Words{I...} + first;
}

HOURGLASS_INLINE BlockGroups philox_blocks(const DrawTask& t, std::uint32_t first) {
  const Words zero = {};
  const Words m0 = zero + 0xD2511F53u, m1 = zero + 0xCD9E8D57u;
  BlockGroups blocks;
  HOURGLASS_UNROLL
  for (int g = 0; g < kGroups; ++g) {
    const auto start = first + static_cast<std::uint32_t>(g * kBlocks);
    blocks.group[g] = {{count_from(start, MakeIndexSequence<kBlocks>::Type()), zero + t.counter[1],
                        zero + t.counter[2], zero + t.counter[3]}};
  }
  std::uint32_t k0 = t.key[0], k1 = t.key[1];
  HOURGLASS_UNROLL
  for (int round = 0; round < 10; ++round) {
    HOURGLASS_UNROLL
    for (int g = 0; g < kGroups; ++g) {
      Words* const c = blocks.group[g].word;
      const Words p0 = multiply_halves(c[0], m0), p1 = multiply_halves(c[2], m1);
      c[0] = (p1 >> 32) ^ c[1] ^ (zero + k0);
      c[2] = (p0 >> 32) ^ c[3] ^ (zero + k1);
      c[1] = p1;
      c[3] = p0;
    }
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return blocks;
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

typedef std::uint32_t Halves __attribute__((vector_size(HOURGLASS_SIMD_BYTES)));

// The integer of each half's upper 24 bits.
HOURGLASS_INLINE BitsVec upper_24_bits(Words words) {
  return reinterpret_cast<BitsVec>(reinterpret_cast<Halves>(words) >> 8);
}
HOURGLASS_INLINE Vec numbers_of(BitsVec integers) { return __builtin_convertvector(integers, Vec); }

template <int... I>
HOURGLASS_INLINE Words zip_words(Words a, Words b, int half, IndexSequence<I...>) {
  return half == 0 ? __builtin_shufflevector(a, b, (I / 2 + I % 2 * kBlocks)...)
                   : __builtin_shufflevector(a, b, (kBlocks / 2 + I / 2 + I % 2 * kBlocks)...);
}

// In [0, 1).
HOURGLASS_INLINE Drawn draw_uniform(const Block& block) {
  using All = typename MakeIndexSequence<kBlocks>::Type;
  const Words a = join(block.word[0], block.word[1]), b = join(block.word[2], block.word[3]);
  return {{numbers_of(upper_24_bits(zip_words(a, b, 0, All()))) * kTwoToMinus24,
           numbers_of(upper_24_bits(zip_words(a, b, 1, All()))) * kTwoToMinus24}};
}

// sqrt(-2 log(u)), where u is one more than the upper 24 bits of each half, over 2^24. The
// polynomials here and below are fitted so that the greatest error is least: of this logarithm a
// relative 1.7e-7, of the sine 3e-9, of the cosine an absolute 5e-8.
HOURGLASS_INLINE Vec draw_radius(Words words) {
  // u = m 2^e with m = 1 + f from sqrt(1/2) to sqrt(2).
  const BitsVec least = BitsVec{} + 0x3f3504f3;
  const BitsVec bits = bits_of(numbers_of(upper_24_bits(words) + 1)) - least;
  const Vec e = numbers_of((bits >> 23) - 24);
  const Vec f = from_bits((bits & 0x7fffff) + least) - constant<1.0f>();
  Vec y = constant<2.021378151e-1f>();
  y = mul_add(y, f, constant<-3.244515729e-1f>());
  y = mul_add(y, f, constant<3.450166091e-1f>());
  y = mul_add(y, f, constant<-3.980033145e-1f>());
  y = mul_add(y, f, constant<4.993981806e-1f>());
  y = mul_add(y, f, constant<-6.667011787e-1f>());
  y = mul_add(y, f, constant<1.000007302f>());
  y = mul_add(y, f, constant<-1.999999891f>());
  return square_root(mul_add(y, f, e * constant<-1.386294361f>()));
}

// Standard normal, in pairs (Box and Muller 1958): of a block's words the first and third are
// radii, the others angles.
HOURGLASS_INLINE Drawn draw_normal(const Block& block) {
  using All = typename MakeIndexSequence<static_cast<int>(kLanes)>::Type;
  const Vec radius = draw_radius(join(block.word[0], block.word[2]));
  // Half a turn for the highest bit, which changes both signs; the 23 below it are t from -1/2 to
  // 1/2, the angle pi (t + 1/2).
  const BitsVec turns = reinterpret_cast<BitsVec>(join(block.word[1], block.word[3]));
  const BitsVec mantissa =
      reinterpret_cast<BitsVec>(reinterpret_cast<Halves>(turns) >> 8) & 0x7fffff;
  const Vec t = from_bits(mantissa | 0x3f800000) - constant<1.5f>();
  const Vec square = t * t;
  Vec sine = constant<-7.722012894e-2f>();  // -sin(pi t)
  sine = mul_add(sine, square, constant<5.980451741e-1f>());
  sine = mul_add(sine, square, constant<-2.550031377f>());
  sine = mul_add(sine, square, constant<5.167706879f>());
  sine = mul_add(sine, square, constant<-3.14159258f>()) * t;
  Vec cosine = constant<2.200806533e-1f>();  // cos(pi t)
  cosine = mul_add(cosine, square, constant<-1.332093865f>());
  cosine = mul_add(cosine, square, constant<4.058451341f>());
  cosine = mul_add(cosine, square, constant<-4.934795518f>());
  cosine = mul_add(cosine, square, constant<1.0f>());
  const Vec turned = from_bits(bits_of(radius) ^ (turns & kSignBit));
  const Vec first = turned * sine, second = turned * cosine;
  return {{zip_low(first, second, All()), zip_high(first, second, All())}};
}

#endif

struct Uniform {
  HOURGLASS_INLINE static Drawn draw(const Block& block) { return draw_uniform(block); }
};
struct Normal {
  HOURGLASS_INLINE static Drawn draw(const Block& block) { return draw_normal(block); }
};

// Numbers that are drawn at once.
constexpr Index kDrawn = 4 * kBlocks * kGroups;

// Draws `count` times kDrawn numbers, from block `first` on.
template <typename Distribution>
HOURGLASS_ONE_COPY void draw_blocks(const DrawTask& task, std::uint32_t first, Index count,
                                    Scalar* out) {
  const DrawTask t = task;
  for (; count > 0; --count, first += kBlocks * kGroups) {
    const BlockGroups blocks = philox_blocks(t, first);
    HOURGLASS_UNROLL
    for (int g = 0; g < kGroups; ++g, out += 4 * kBlocks) {
      const Drawn drawn = Distribution::draw(blocks.group[g]);
      __builtin_memcpy(out, &drawn, sizeof(drawn));
    }
  }
}

template <typename Distribution>
void draw(const DrawTask& t, Scalar* out, Index size) {
  const Index count = size / kDrawn, whole = count * kDrawn;
  draw_blocks<Distribution>(t, t.counter[0], count, out);
  if (whole == size) return;
  Scalar last[kDrawn];
  draw_blocks<Distribution>(t, t.counter[0] + static_cast<std::uint32_t>(whole / 4), 1, last);
  for (Index i = whole; i < size; ++i) out[i] = last[i - whole];
}

// Numbers that are used while they are in the nearest cache: that costs next to nothing beside
// drawing them, which is compiled once.
constexpr Index kDrawBuffer = 1024;

// y[i] = f(x[i], draw i)
template <typename Distribution, typename Function>
void apply_draws(const DrawTask& t, const Function& f, const Scalar* x, Scalar* y, Index size) {
  Scalar draws[kDrawBuffer];
  for (Index begin = 0; begin < size; begin += kDrawBuffer) {
    const Index count = size - begin < kDrawBuffer ? size - begin : kDrawBuffer;
    draw_blocks<Distribution>(t, t.counter[0] + static_cast<std::uint32_t>(begin / 4),
                              (count + kDrawn - 1) / kDrawn, draws);
    Index i = 0;
    for (; i + kLanes <= count; i += kLanes) {
      store(y + begin + i, f(load(x + begin + i), load(draws + i)));
    }
    if (i == count) continue;
    Scalar last[kLanes] = {};
    for (Index j = i; j < count; ++j) last[j - i] = x[begin + j];
    store(last, f(load(last), load(draws + i)));
    for (Index j = i; j < count; ++j) y[begin + j] = last[j - i];
  }
}

void add_normal(const NoiseTask& n, const Scalar* x, Scalar* y, Index size) {
  const Vec deviation = splat(n.deviation), low = splat(n.low), high = splat(n.high);
  apply_draws<Normal>(
      n.draws,
      [=](Vec value, Vec draw) { return min(max(mul_add(deviation, draw, value), low), high); }, x,
      y, size);
}

void drop(const DropTask& d, const Scalar* x, Scalar* y, Index size) {
  const Vec rate = splat(d.rate), dropped = splat(d.dropped), scale = splat(d.scale);
  apply_draws<Uniform>(
      d.draws, [=](Vec value, Vec draw) { return draw < rate ? dropped : value * scale; }, x, y,
      size);
}

}  // namespace
}  // namespace hourglass
