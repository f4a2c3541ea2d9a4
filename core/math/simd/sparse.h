// Products with matrices whose columns are lists of what is not 0; included by isa/*.cpp only, see
// simd.h.
//
// What a list leaves out would add 0 to a sum: the results are those of the dense products but for
// the order of summation.
#pragma once

#include "core/math/simd/gemm_kernel.h"

namespace hourglass {
namespace {

// The sum over the entries of value * the panel's vector of their row. Four sums, so that one
// addition need not wait for the one before.
HOURGLASS_INLINE Vec sparse_dot(const Scalar* panel, const SparseEntry* entries, Index count) {
  constexpr int kSums = 4;
  Vec sums[kSums] = {};
  Index e = 0;
  for (; e + kSums <= count; e += kSums) {
    HOURGLASS_UNROLL
    for (int s = 0; s < kSums; ++s) {
      const SparseEntry& entry = entries[e + s];
      sums[s] = mul_add(load(panel + static_cast<Index>(entry.row) * kLanes), splat(entry.value),
                        sums[s]);
    }
  }
  for (; e < count; ++e) {
    sums[0] = mul_add(load(panel + static_cast<Index>(entries[e].row) * kLanes),
                      splat(entries[e].value), sums[0]);
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

// All columns go by one panel, which stays in the second-level cache.
void sparse_multiply(const SparseProductTask& t) {
  for (Index row = 0; row < t.rows; row += kLanes) {
    const Scalar* const panel = t.a + row * t.depth;
    const Index rows = t.rows - row < kLanes ? t.rows - row : kLanes;
    Vec bias{};
    for (Index i = 0; t.bias && i < rows; ++i) bias[i] = t.bias[row + i];
    for (Index j = 0; j < t.columns; ++j) {
      const Vec sum = sparse_dot(panel, t.entries + j * t.entries_stride, t.counts[j]) + bias;
      Scalar* const to = t.c + row + j * t.c_stride;
      if (rows == kLanes) {
        store(to, sum);
      } else {
        for (Index i = 0; i < rows; ++i) to[i] = sum[i];
      }
    }
  }
}

// kLanes columns of c at a time, first turned around, where an entry is one vector.
void sparse_outer(const SparseOuterTask& t) {
  for (Index column = 0; column < t.columns; column += kLanes) {
    const Index columns = t.columns - column < kLanes ? t.columns - column : kLanes;
    Scalar* const turned = t.scratch;  // rows x kLanes, row by row
    for (Index k = 0; k < t.rows; ++k) store(turned + k * kLanes, Vec{});
    for (Index j = 0; j < t.samples; ++j) {
      const Scalar* const from = t.b + column + j * t.b_stride;
      Vec b{};
      if (columns == kLanes) {
        b = load(from);
      } else {
        for (Index i = 0; i < columns; ++i) b[i] = from[i];
      }
      const SparseEntry* const entries = t.entries + j * t.entries_stride;
      for (std::uint32_t e = 0; e < t.counts[j]; ++e) {
        Scalar* const at = turned + static_cast<Index>(entries[e].row) * kLanes;
        store(at, mul_add(b, splat(entries[e].value), load(at)));
      }
    }
    Scalar* const c = t.c + column * t.rows;
    Index k = 0;
    if (!t.add && columns == kLanes) {
      for (; k + kLanes <= t.rows; k += kLanes) {
        transpose_square(turned + k * kLanes, kLanes, c + k, t.rows);
      }
    }
    for (; k < t.rows; ++k) {
      for (Index i = 0; i < columns; ++i) {
        Scalar& to = c[i * t.rows + k];
        to = t.add ? to + turned[k * kLanes + i] : turned[k * kLanes + i];
      }
    }
  }
}

std::uint32_t list_entries(const Scalar* x, Index size, SparseEntry* entries) {
  std::uint32_t count = 0;
  // Written in any case, and kept where it counts: what is 0 comes in no order that a processor
  // foresees.
  for (Index i = 0; i < size; ++i) {
    entries[count] = {static_cast<std::uint32_t>(i), x[i]};
    count += x[i] != 0;
  }
  return count;
}

}  // namespace
}  // namespace hourglass
