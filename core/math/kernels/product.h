// Products of matrices for one instruction set; included by isa_*.cpp only, see simd.h.
//
// c is cut into blocks that stay in registers over a stretch of the depth: kVectors vectors of rows by
// kColumns columns. For each step in depth a block reads its vectors of a, and of b one number per column
// (Goto and van de Geijn 2008). Rows that lie side by side in memory are read where they are: b, a
// mini-batch, has few columns, and packing a for them would cost more than it gains.
#pragma once

#include "core/math/kernels/interface.h"
#include "core/math/kernels/simd.h"

namespace hourglass {
namespace {

// The largest block: its sums, one row of a's vectors and a number of b fill the registers.
#if defined(__AVX512F__) || defined(__aarch64__)
#define HOURGLASS_MANY_REGISTERS 1
constexpr int kVectors = 3, kColumns = 8;
#else
#define HOURGLASS_MANY_REGISTERS 0
constexpr int kVectors = 2, kColumns = 6;
#endif

// Steps in depth that a block goes before it adds to c: a's part of a block (48 KiB at most) then stays
// in the first-level cache while the columns go by. Summing in parts also rounds less.
constexpr Index kDepth = 264;
static_assert(kVectors * kLanes * kDepth <= kProductScratch);

struct BlockTask {
  const Scalar* a;
  Index a_vector, a_depth;  // from one vector of rows to the next, and from one step to the next
  const Scalar* b;
  Index b_depth, b_column;
  Index depth;
  Scalar* c;
  Index c_stride;
  bool add;
  const Scalar* bias;
};

// A function of its own and small: browsers replace slow code by fast code only between calls.
template <int V, int N>
__attribute__((noinline)) void multiply_block(const BlockTask& task) {
  Vec sums[N][V];
  HOURGLASS_UNROLL
  for (int j = 0; j < N; ++j) {
    HOURGLASS_UNROLL
    for (int v = 0; v < V; ++v) sums[j][v] = Vec{};
  }
  const Scalar* a[V];
  HOURGLASS_UNROLL
  for (int v = 0; v < V; ++v) a[v] = task.a + v * task.a_vector;
  const Scalar* b[N];
  HOURGLASS_UNROLL
  for (int j = 0; j < N; ++j) b[j] = task.b + j * task.b_column;
  const Index a_depth = task.a_depth, b_depth = task.b_depth;
  // A pointer for each column, and a loop that counts down: with one pointer and offsets V8 runs out of
  // registers and is a third slower.
  for (Index left = task.depth; left > 0; --left) {
    Vec x[V];
    HOURGLASS_UNROLL
    for (int v = 0; v < V; ++v) {
      x[v] = load(a[v]);
      a[v] += a_depth;
    }
    HOURGLASS_UNROLL
    for (int j = 0; j < N; ++j) {
      const Vec y = splat(*b[j]);
      b[j] += b_depth;
      HOURGLASS_UNROLL
      for (int v = 0; v < V; ++v) sums[j][v] = madd(x[v], y, sums[j][v]);
    }
  }
  Scalar* const c = task.c;
  const Index c_stride = task.c_stride;
  if (task.add) {
    HOURGLASS_UNROLL
    for (int j = 0; j < N; ++j) {
      HOURGLASS_UNROLL
      for (int v = 0; v < V; ++v) {
        Scalar* const at = c + j * c_stride + v * kLanes;
        store(at, load(at) + sums[j][v]);
      }
    }
  } else if (task.bias) {
    HOURGLASS_UNROLL
    for (int v = 0; v < V; ++v) {
      const Vec start = load(task.bias + v * kLanes);
      HOURGLASS_UNROLL
      for (int j = 0; j < N; ++j) store(c + j * c_stride + v * kLanes, start + sums[j][v]);
    }
  } else {
    HOURGLASS_UNROLL
    for (int j = 0; j < N; ++j) {
      HOURGLASS_UNROLL
      for (int v = 0; v < V; ++v) store(c + j * c_stride + v * kLanes, sums[j][v]);
    }
  }
}

using BlockFunction = void (*)(const BlockTask&);

constexpr BlockFunction kBlockFunctions[kVectors][kColumns] = {
    {multiply_block<1, 1>, multiply_block<1, 2>, multiply_block<1, 3>, multiply_block<1, 4>,
     multiply_block<1, 5>, multiply_block<1, 6>,
#if HOURGLASS_MANY_REGISTERS
     multiply_block<1, 7>, multiply_block<1, 8>},
    {multiply_block<2, 1>, multiply_block<2, 2>, multiply_block<2, 3>, multiply_block<2, 4>,
     multiply_block<2, 5>, multiply_block<2, 6>, multiply_block<2, 7>, multiply_block<2, 8>},
    {multiply_block<3, 1>, multiply_block<3, 2>, multiply_block<3, 3>, multiply_block<3, 4>,
     multiply_block<3, 5>, multiply_block<3, 6>, multiply_block<3, 7>, multiply_block<3, 8>},
#else
    },
    {multiply_block<2, 1>, multiply_block<2, 2>, multiply_block<2, 3>, multiply_block<2, 4>,
     multiply_block<2, 5>, multiply_block<2, 6>},
#endif
};

// --- packing --------------------------------------------------------------------------------------

template <int... I>
struct Lanes {};
template <int N, int... I>
struct MakeLanes : MakeLanes<N - 1, N - 1, I...> {};
template <int... I>
struct MakeLanes<0, I...> {
  using Type = Lanes<I...>;
};

// a0 b0 a1 b1 ... from the first halves of a and b, or from the second.
template <int... I>
HOURGLASS_INLINE Vec zip_low(Vec a, Vec b, Lanes<I...>) {
  return __builtin_shufflevector(a, b, (I / 2 + I % 2 * static_cast<int>(kLanes))...);
}
template <int... I>
HOURGLASS_INLINE Vec zip_high(Vec a, Vec b, Lanes<I...>) {
  constexpr int kHalf = kLanes / 2;
  return __builtin_shufflevector(a, b, (kHalf + I / 2 + I % 2 * static_cast<int>(kLanes))...);
}

// kLanes steps in depth of one panel from kLanes rows whose numbers lie along the depth: a square is
// transposed by zipping its halves log2(kLanes) times.
__attribute__((noinline)) void transpose_square(const Scalar* a, Index a_stride, Scalar* packed) {
  using All = typename MakeLanes<static_cast<int>(kLanes)>::Type;
  Vec rows[kLanes];
  HOURGLASS_UNROLL
  for (Index i = 0; i < kLanes; ++i) rows[i] = load(a + i * a_stride);
  HOURGLASS_UNROLL
  for (Index round = 1; round < kLanes; round *= 2) {
    Vec zipped[kLanes];
    HOURGLASS_UNROLL
    for (Index i = 0; i < kLanes / 2; ++i) {
      zipped[2 * i] = zip_low(rows[i], rows[i + kLanes / 2], All());
      zipped[2 * i + 1] = zip_high(rows[i], rows[i + kLanes / 2], All());
    }
    HOURGLASS_UNROLL
    for (Index i = 0; i < kLanes; ++i) rows[i] = zipped[i];
  }
  HOURGLASS_UNROLL
  for (Index i = 0; i < kLanes; ++i) store(packed + i * kLanes, rows[i]);
}

// One panel of `rows` <= kLanes rows; see Kernels::pack.
void pack_panel(const Scalar* a, ProductTask::Layout layout, Index a_stride, Index rows,
                Index depth, Scalar* packed) {
  Index k = 0;
  if (rows == kLanes) {
    if (layout == ProductTask::Layout::kRows) {
      for (; k < depth; ++k) store(packed + k * kLanes, load(a + k * a_stride));
    } else {
      for (; k + kLanes <= depth; k += kLanes) {
        transpose_square(a + k, a_stride, packed + k * kLanes);
      }
    }
  }
  const Index row_stride = layout == ProductTask::Layout::kRows ? 1 : a_stride;
  const Index depth_stride = layout == ProductTask::Layout::kRows ? a_stride : 1;
  for (; k < depth; ++k) {
    Index i = 0;
    for (; i < rows; ++i) packed[k * kLanes + i] = a[i * row_stride + k * depth_stride];
    for (; i < kLanes; ++i) packed[k * kLanes + i] = 0;
  }
}

void pack(const Scalar* a, ProductTask::Layout layout, Index a_stride, Index rows, Index depth,
          Scalar* packed) {
  const Index row_stride = layout == ProductTask::Layout::kRows ? 1 : a_stride;
  for (Index i = 0; i < rows; i += kLanes) {
    pack_panel(a + i * row_stride, layout, a_stride, rows - i < kLanes ? rows - i : kLanes, depth,
               packed + i * depth);
  }
}

// --- the product ----------------------------------------------------------------------------------

// Where the p-th of `parts` nearly equal parts of `whole` begins.
HOURGLASS_INLINE Index part_begin(Index whole, Index parts, Index p) {
  const Index longer = whole % parts;  // the first parts, by one; whole * p might not fit 32 bits
  return whole / parts * p + (p < longer ? p : longer);
}
HOURGLASS_INLINE Index parts_of(Index whole, Index most) { return (whole + most - 1) / most; }

// A block whose last vector of rows is only partly there: computed aside, and what is there is copied.
void multiply_ragged(BlockTask block, BlockFunction function, Index vectors, Index rows,
                     Index columns) {
  Scalar aside[kVectors * kLanes * kColumns], bias[kVectors * kLanes];
  Scalar* const c = block.c;
  const Index c_stride = block.c_stride;
  const bool add = block.add;
  if (block.bias) {
    for (Index i = 0; i < vectors * kLanes; ++i) bias[i] = i < rows ? block.bias[i] : 0;
    block.bias = bias;
  }
  block.c = aside;
  block.c_stride = vectors * kLanes;
  block.add = false;
  function(block);
  for (Index j = 0; j < columns; ++j) {
    const Scalar* const from = aside + j * vectors * kLanes;
    Scalar* const to = c + j * c_stride;
    for (Index i = 0; i < rows; ++i) to[i] = add ? to[i] + from[i] : from[i];
  }
}

void multiply(const ProductTask& t) {
  using Layout = ProductTask::Layout;
  const Index vectors = parts_of(t.rows, kLanes);
  const Index row_parts = parts_of(vectors, kVectors);
  const Index column_parts = parts_of(t.columns, kColumns);
  const Index depth_parts = parts_of(t.depth, kDepth);
  for (Index d = 0; d < depth_parts; ++d) {
    const Index k = part_begin(t.depth, depth_parts, d);
    const Index depth = part_begin(t.depth, depth_parts, d + 1) - k;
    const bool first = d == 0;
    for (Index r = 0; r < row_parts; ++r) {
      const Index v = part_begin(vectors, row_parts, r);
      const Index count = part_begin(vectors, row_parts, r + 1) - v;
      const Index row = v * kLanes;
      const Index rows = t.rows - row < count * kLanes ? t.rows - row : count * kLanes;
      const bool ragged = rows < count * kLanes;
      BlockTask block{};
      if (t.layout == Layout::kPacked) {
        block.a = t.a + row * t.depth + k * kLanes;
        block.a_vector = kLanes * t.depth;
        block.a_depth = kLanes;
      } else if (t.layout == Layout::kRows && !ragged) {
        block.a = t.a + row + k * t.a_stride;
        block.a_vector = kLanes;
        block.a_depth = t.a_stride;
      } else {
        const bool is_rows = t.layout == Layout::kRows;
        pack(t.a + (is_rows ? row + k * t.a_stride : k + row * t.a_stride), t.layout, t.a_stride,
             rows, depth, t.scratch);
        block.a = t.scratch;
        block.a_vector = kLanes * depth;
        block.a_depth = kLanes;
      }
      block.b_depth = t.b_depth;
      block.b_column = t.b_column;
      block.depth = depth;
      block.c_stride = t.c_stride;
      block.add = t.add || !first;
      block.bias = first && t.bias ? t.bias + row : nullptr;
      for (Index p = 0; p < column_parts; ++p) {
        const Index j = part_begin(t.columns, column_parts, p);
        const Index columns = part_begin(t.columns, column_parts, p + 1) - j;
        block.b = t.b + k * t.b_depth + j * t.b_column;
        block.c = t.c + row + j * t.c_stride;
        const BlockFunction function = kBlockFunctions[count - 1][columns - 1];
        if (ragged) {
          multiply_ragged(block, function, count, rows, columns);
        } else {
          function(block);
        }
      }
    }
  }
}

}  // namespace
}  // namespace hourglass
