// Products of matrices for one instruction set; included by isa/*.cpp only, see simd.h.
//
// c is cut into blocks that stay in registers over a stretch of the depth: kMR vectors of rows
// by kNR columns. For each step in depth a block reads its vectors of a, and of b one number
// per column (Goto and van de Geijn 2008). Rows that lie side by side in memory are read where they
// are: b, a mini-batch, has few columns, and packing a for them would cost more than it gains.
#pragma once

#include "core/math/simd/interface.h"
#include "core/math/simd/simd.h"

namespace hourglass {
namespace {

// The largest block: its sums, one row of a's vectors and a number of b fill the registers.
#if defined(__AVX512F__) || defined(__aarch64__)
#define HOURGLASS_MANY_REGISTERS 1
constexpr int kMR = 3, kNR = 8;
#else
#define HOURGLASS_MANY_REGISTERS 0
constexpr int kMR = 2, kNR = 6;
#endif

// Steps in depth that a block goes before it adds to c: a's part of a block (48 KiB at most) then
// stays in the first-level cache while the columns go by. Summing in parts also rounds less.
constexpr Index kKC = 264;

// The scratch: a's part of a block, and columns of b that do not lie along the depth.
constexpr Index kPackedA = kMR * kLanes * kKC;
constexpr Index kColumnsPacked = (kProductScratch - kPackedA) / kKC / 8 * 8;
static_assert(kColumnsPacked >= 32);

struct BlockTask {
  const Scalar* a;
  Index a_vector, a_depth;  // from one vector of rows to the next, and from one step to the next
  const Scalar* b;
  Index b_column;  // of columns that lie along the depth
  Index depth;
  Scalar* c;
  Index c_stride;
  bool add;
  const Scalar* bias;
  const Scalar* next;  // rows of the next block: each step calls for a line of them
};

// How the N columns of a block lie in memory: each along the depth, or the N numbers of each step
// side by side and one step behind the other.
enum class BLayout { kStrided, kPacked };

// A function of its own and small: browsers replace slow code by fast code only between calls.
template <int V, int N, BLayout kLayout>
__attribute__((noinline)) void multiply_block(const BlockTask& task) {
  constexpr int kPointers = kLayout == BLayout::kStrided ? N : 1;
  Vec sums[N][V];
  HOURGLASS_UNROLL
  for (int j = 0; j < N; ++j) {
    HOURGLASS_UNROLL
    for (int v = 0; v < V; ++v) sums[j][v] = Vec{};
  }
  const Scalar* a[V];
  HOURGLASS_UNROLL
  for (int v = 0; v < V; ++v) a[v] = task.a + v * task.a_vector;
  const Scalar* b[kPointers];
  HOURGLASS_UNROLL
  for (int j = 0; j < kPointers; ++j) b[j] = task.b + j * task.b_column;
  const Index a_depth = task.a_depth;
  // A pointer for each column, and a loop that counts down by one: with one pointer and offsets, or
  // several steps at once, V8 runs out of registers and is up to a third slower.
  const Scalar* next = task.next;
  for (Index left = task.depth; left > 0; --left) {
    prefetch(next);
    next += a_depth;
    Vec x[V];
    HOURGLASS_UNROLL
    for (int v = 0; v < V; ++v) {
      x[v] = load(a[v]);
      a[v] += a_depth;
    }
    HOURGLASS_UNROLL
    for (int j = 0; j < N; ++j) {
      const Vec y = splat(kLayout == BLayout::kStrided ? *b[j % kPointers]++ : b[0][j]);
      HOURGLASS_UNROLL
      for (int v = 0; v < V; ++v) sums[j][v] = mul_add(x[v], y, sums[j][v]);
    }
    if constexpr (kLayout == BLayout::kPacked) b[0] += N;
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

struct BlocksOfRows {
  BlockFunction of_columns[kNR];
};
template <BLayout kLayout, int V, int... N>
constexpr BlocksOfRows blocks_of_rows(IndexSequence<N...>) {
  return {{multiply_block<V, N + 1, kLayout>...}};
}

struct Blocks {
  BlocksOfRows of_vectors[kMR];
};
template <BLayout kLayout, int... V>
constexpr Blocks blocks(IndexSequence<V...>) {
  return {{blocks_of_rows<kLayout, V + 1>(MakeIndexSequence<kNR>::Type())...}};
}

constexpr Blocks kBlocksStrided = blocks<BLayout::kStrided>(MakeIndexSequence<kMR>::Type());
constexpr Blocks kBlocksPacked = blocks<BLayout::kPacked>(MakeIndexSequence<kMR>::Type());

// --- packing
// --------------------------------------------------------------------------------------

// a0 b0 a1 b1 ... from the first halves of a and b, or from the second.
template <int... I>
HOURGLASS_INLINE Vec zip_low(Vec a, Vec b, IndexSequence<I...>) {
  return __builtin_shufflevector(a, b, (I / 2 + I % 2 * static_cast<int>(kLanes))...);
}
template <int... I>
HOURGLASS_INLINE Vec zip_high(Vec a, Vec b, IndexSequence<I...>) {
  constexpr int kHalf = kLanes / 2;
  return __builtin_shufflevector(a, b, (kHalf + I / 2 + I % 2 * static_cast<int>(kLanes))...);
}

// kLanes steps in depth of one panel from kLanes rows whose numbers lie along the depth: a square
// is transposed by zipping its halves log2(kLanes) times.
__attribute__((noinline)) void transpose_square(const Scalar* a, Index a_stride, Scalar* packed,
                                                Index packed_stride = kLanes) {
  using All = typename MakeIndexSequence<static_cast<int>(kLanes)>::Type;
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
  for (Index i = 0; i < kLanes; ++i) store(packed + i * packed_stride, rows[i]);
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

// --- the product
// ----------------------------------------------------------------------------------

// A whole in as few nearly equal parts as there can be of at most so many each.
struct Partition {
  Index count, shortest, longer;  // the first `longer` parts have one more than the shortest
  HOURGLASS_INLINE Partition(Index whole, Index most)
      : count((whole + most - 1) / most), shortest(whole / count), longer(whole % count) {}
  HOURGLASS_INLINE Index size(Index part) const { return shortest + (part < longer ? 1 : 0); }
};

// A block whose last vector of rows is only partly there: computed tail, and what is there is
// copied.
void multiply_edge_tile(BlockTask block, BlockFunction function, Index vectors, Index rows,
                        Index columns) {
  Scalar tail[kMR * kLanes * kNR], bias[kMR * kLanes];
  Scalar* const c = block.c;
  const Index c_stride = block.c_stride;
  const bool add = block.add;
  if (block.bias) {
    for (Index i = 0; i < vectors * kLanes; ++i) bias[i] = i < rows ? block.bias[i] : 0;
    block.bias = bias;
  }
  block.c = tail;
  block.c_stride = vectors * kLanes;
  block.add = false;
  function(block);
  for (Index j = 0; j < columns; ++j) {
    const Scalar* const from = tail + j * vectors * kLanes;
    Scalar* const to = c + j * c_stride;
    for (Index i = 0; i < rows; ++i) to[i] = add ? to[i] + from[i] : from[i];
  }
}

// Columns that lie side by side, packed: out[k * N + j] = b[k * b_depth + j]. Where they are, they
// would be read again for each block of rows, far apart in memory and often from the same few
// places of the cache.
template <int N>
void pack_b(const Scalar* b, Index b_depth, Index depth, Scalar* out) {
  for (; depth > 0; --depth, b += b_depth, out += N) {
    __builtin_memcpy(out, b, N * sizeof(Scalar));
  }
}
using PackFunction = void (*)(const Scalar* b, Index b_depth, Index depth, Scalar* out);
struct PackFunctions {
  PackFunction of_columns[kNR];
};
template <int... N>
constexpr PackFunctions pack_functions(IndexSequence<N...>) {
  return {{pack_b<N + 1>...}};
}
constexpr PackFunctions kPackFunctions = pack_functions(MakeIndexSequence<kNR>::Type());
constexpr Index kLaidAtOnce = 16;  // steps: they may be on as many pages

// A stretch of the depth for some of the columns.
struct KBlock {
  Index k, depth;
  Index column, columns;
};

void multiply_k_block(const ProductTask& t, const KBlock& s) {
  using Layout = ProductTask::Layout;
  const Partition row_parts((t.rows + kLanes - 1) / kLanes, kMR);  // in vectors
  const Partition column_parts(s.columns, kNR);
  BlockTask block{};
  block.depth = s.depth;
  block.c_stride = t.c_stride;
  block.add = t.add || s.k > 0;
  const Scalar* b = t.b + s.k * t.b_depth + s.column * t.b_column;
  block.b_column = t.b_column;
  const bool packed = t.b_depth != 1;
  if (packed) {
    Scalar* const laid = t.scratch + kPackedA;
    for (Index k = 0; k < s.depth; k += kLaidAtOnce) {
      const Index depth = s.depth - k < kLaidAtOnce ? s.depth - k : kLaidAtOnce;
      for (Index p = 0, j = 0; p < column_parts.count; j += column_parts.size(p++)) {
        const Index columns = column_parts.size(p);
        kPackFunctions.of_columns[columns - 1](b + k * t.b_depth + j, t.b_depth, depth,
                                               laid + j * s.depth + k * columns);
      }
    }
    b = laid;
    block.b_column = s.depth;
  }
  Index vector = 0;
  for (Index r = 0; r < row_parts.count; ++r) {
    const Index count = row_parts.size(r), row = vector * kLanes;
    vector += count;
    const Index rows = t.rows - row < count * kLanes ? t.rows - row : count * kLanes;
    const bool is_edge = rows < count * kLanes;
    if (t.layout == Layout::kPacked) {
      block.a = t.a + row * t.depth + s.k * kLanes;
      block.a_vector = kLanes * t.depth;
      block.a_depth = kLanes;
    } else if (t.layout == Layout::kRows && !is_edge) {
      block.a = t.a + row + s.k * t.a_stride;
      block.a_vector = kLanes;
      block.a_depth = t.a_stride;
    } else {
      const bool is_rows = t.layout == Layout::kRows;
      pack(t.a + (is_rows ? row + s.k * t.a_stride : s.k + row * t.a_stride), t.layout, t.a_stride,
           rows, s.depth, t.scratch);
      block.a = t.scratch;
      block.a_vector = kLanes * s.depth;
      block.a_depth = kLanes;
    }
    const BlocksOfRows& functions = (packed ? kBlocksPacked : kBlocksStrided).of_vectors[count - 1];
    block.bias = t.bias && s.k == 0 ? t.bias + row : nullptr;
    // Behind the last rows, and where rows are packed for each block anew, there is nothing to
    // fetch.
    const bool goes_on = r + 1 < row_parts.count && block.a != t.scratch;
    const Index next_count = goes_on ? row_parts.size(r + 1) : 0;
    block.next = block.a;
    block.b = b;
    block.c = t.c + row + s.column * t.c_stride;
    for (Index p = 0; p < column_parts.count; ++p) {
      const Index columns = column_parts.size(p);
      if (next_count) block.next = block.a + (count + p % next_count) * block.a_vector;
      const BlockFunction function = functions.of_columns[columns - 1];
      if (is_edge) {
        multiply_edge_tile(block, function, count, rows, columns);
      } else {
        function(block);
      }
      block.b += columns * block.b_column;
      block.c += columns * t.c_stride;
    }
  }
}

void multiply(const ProductTask& t) {
  const Partition depth_parts(t.depth, kKC);
  const Partition column_parts(t.columns, t.b_depth == 1 ? t.columns : kColumnsPacked);
  for (Index d = 0, k = 0; d < depth_parts.count; k += depth_parts.size(d++)) {
    for (Index p = 0, j = 0; p < column_parts.count; j += column_parts.size(p++)) {
      multiply_k_block(t, {k, depth_parts.size(d), j, column_parts.size(p)});
    }
  }
}

}  // namespace
}  // namespace hourglass
