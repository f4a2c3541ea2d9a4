// Products of matrices, the one place where nearly all the time goes.
#pragma once

#include "core/math/types.h"

namespace hourglass {

enum class Transpose : bool { kNo, kYes };

// c += op(a) * op(b), where op transposes or not: op(a) is m x k, op(b) k x n, c m x n. `c` must
// not overlap the others. The order of summation depends on the shapes and the instruction set
// alone. Allocates nothing, except for each thread's scratch the first time that the thread comes
// here.
void gemm_accumulate(const ConstMatrixView& a, Transpose transpose_a, const ConstMatrixView& b,
                     Transpose transpose_b, MatrixView c);

// The same, but c is overwritten: every column begins with `bias` (m numbers), or with 0 if that is
// null.
void gemm(const ConstMatrixView& a, Transpose transpose_a, const ConstMatrixView& b,
          Transpose transpose_b, const Scalar* bias, MatrixView c);

// A matrix whose rows go into products side by side, in panels: for those that are multiplied with
// many times. Only kernels know the order.
struct PackedMatrix {
  const Scalar* panels = nullptr;
  Index rows = 0, depth = 0;
};

// Numbers that a packed matrix takes, whatever the instruction set.
Index packed_size(Index rows, Index depth);

// Packs rows [first, first + count) of op(a) into their place among the panels. `first` is a
// multiple of kPackedRows, and so is `count` unless it ends with the last row.
inline constexpr Index kPackedRows = 16;
void pack_rows(const ConstMatrixView& a, Transpose transpose_a, Index first, Index count,
               Scalar* panels);

// c = a * op(b) from bias, as gemm().
void gemm(const PackedMatrix& a, const ConstMatrixView& b, Transpose transpose_b,
          const Scalar* bias, MatrixView c);

}  // namespace hourglass
