// A matrix of which few numbers are not 0, beside its dense form: a list for each column.
#pragma once

#include <cstdint>
#include <vector>

#include "core/math/gemm/gemm.h"
#include "core/math/simd/interface.h"
#include "core/math/types.h"

namespace hourglass {

// Room for `rows` x `columns`; the lists of columns are written by different threads.
class SparseColumns {
 public:
  SparseColumns() = default;
  SparseColumns(Index rows, Index columns);

  bool empty() const { return counts_.empty(); }
  // Lists columns [first, first + x.cols()) as x has them. Allocates nothing.
  void assign(Index first, const ConstMatrixView& x);
  // Whether lists are the faster way through these columns: by their entries alone, so that all
  // threads and processes decide alike.
  bool pays(Index first, Index count) const;

  // c = a x from bias, as gemm(), with x columns [first, first + c.cols()).
  void multiply(const PackedMatrix& a, Index first, const Scalar* bias, MatrixView c) const;
  // c = x b', with x columns [first, first + b.cols()), or with `add` c += x b'. c has `rows` rows
  // and no gaps between its columns. The order of summation depends on nothing but the entries.
  void outer(Index first, const ConstMatrixView& b, bool add, Scalar* c) const;

 private:
  const SparseEntry* entries(Index column) const { return entries_.data() + column * rows_; }

  Index rows_ = 0;
  std::vector<SparseEntry> entries_;   // rows for each column
  std::vector<std::uint32_t> counts_;  // of each column
};

}  // namespace hourglass
