#include "core/math/gemm/sparse_columns.h"

#include <cassert>
#include <numeric>

#include "core/math/simd/kernels.h"

namespace hourglass {
namespace {

// Where one number in so many is not 0, or more are, the dense products do the work: an entry of a
// list costs several times as much as one of a dense product.
constexpr std::uint64_t kPaysBelowOneIn = 8;

}  // namespace

SparseColumns::SparseColumns(Index rows, Index columns)
    : rows_(rows),
      entries_(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns)),
      counts_(static_cast<std::size_t>(columns)) {}

void SparseColumns::assign(Index first, const ConstMatrixView& x) {
  assert(x.rows() == rows_);
  for (Index j = 0; j < x.cols(); ++j) {
    counts_[static_cast<std::size_t>(first + j)] = kernels().list_entries(
        x.data() + j * x.outerStride(), rows_, entries_.data() + (first + j) * rows_);
  }
}

bool SparseColumns::pays(Index first, Index count) const {
  const auto begin = counts_.begin() + first;
  const auto all = std::accumulate(begin, begin + count, std::uint64_t{0});
  return kPaysBelowOneIn * all <
         static_cast<std::uint64_t>(rows_) * static_cast<std::uint64_t>(count);
}

void SparseColumns::multiply(const PackedMatrix& a, Index first, const Scalar* bias,
                             MatrixView c) const {
  assert(a.depth == rows_ && c.rows() == a.rows);
  kernels().sparse_multiply({.a = a.panels,
                             .rows = a.rows,
                             .depth = rows_,
                             .entries = entries(first),
                             .entries_stride = rows_,
                             .counts = counts_.data() + first,
                             .columns = c.cols(),
                             .c = c.data(),
                             .c_stride = c.outerStride(),
                             .bias = bias});
}

void SparseColumns::outer(Index first, const ConstMatrixView& b, bool add, Scalar* c) const {
  static thread_local Vector room;
  if (room.size() < rows_ * kMaxLanes) room.resize(rows_ * kMaxLanes);
  kernels().sparse_outer({.rows = rows_,
                          .columns = b.rows(),
                          .entries = entries(first),
                          .entries_stride = rows_,
                          .counts = counts_.data() + first,
                          .samples = b.cols(),
                          .b = b.data(),
                          .b_stride = b.outerStride(),
                          .c = c,
                          .add = add,
                          .scratch = room.data()});
}

}  // namespace hourglass
