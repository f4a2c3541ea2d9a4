#include "core/math/gemm.h"

#include <algorithm>
#include <cassert>

namespace hourglass {
namespace {

// How much of the operands is packed at a time, in elements. Fixed, where Eigen would ask the
// processor for its caches: so the order of summation is the same on every machine with the same
// vector width, and the scratch can be made once.
constexpr Index kDepth = 384;
constexpr Index kRows = 768;
constexpr Index kColumns = 512;

// Eigen's own product would allocate its packed blocks on every call. This hands it blocks that live
// as long as the thread.
class Blocking : public Eigen::internal::level3_blocking<Scalar, Scalar> {
 public:
  Blocking() : a_(kDepth * kRows), b_(kDepth * kColumns) {
    m_blockA = a_.data();
    m_blockB = b_.data();
  }

  void fit(Index rows, Index columns, Index depth) {
    m_mc = std::min(rows, kRows);
    m_nc = std::min(columns, kColumns);
    m_kc = std::min(depth, kDepth);
  }

 private:
  Vector a_, b_;
};

template <int OrderA, int OrderB>
void run(const ConstMatrixView& a, const ConstMatrixView& b, MatrixView& c, Index depth) {
  static thread_local Blocking blocking;
  blocking.fit(c.rows(), c.cols(), depth);
  Eigen::internal::general_matrix_matrix_product<
      Index, Scalar, OrderA, false, Scalar, OrderB, false, Eigen::ColMajor,
      1>::run(c.rows(), c.cols(), depth, a.data(), a.outerStride(), b.data(), b.outerStride(),
              c.data(), 1, c.outerStride(), Scalar(1), blocking);
}

}  // namespace

void add_product(const ConstMatrixView& a, Transpose transpose_a, const ConstMatrixView& b,
                 Transpose transpose_b, MatrixView c) {
  constexpr int kPlain = Eigen::ColMajor, kTransposed = Eigen::RowMajor;
  const bool ta = transpose_a == Transpose::kYes, tb = transpose_b == Transpose::kYes;
  const Index depth = ta ? a.rows() : a.cols();
  assert(c.rows() == (ta ? a.cols() : a.rows()));
  assert(c.cols() == (tb ? b.rows() : b.cols()));
  assert(depth == (tb ? b.cols() : b.rows()));
  if (c.size() == 0 || depth == 0) return;
  if (ta) {
    tb ? run<kTransposed, kTransposed>(a, b, c, depth) : run<kTransposed, kPlain>(a, b, c, depth);
  } else {
    tb ? run<kPlain, kTransposed>(a, b, c, depth) : run<kPlain, kPlain>(a, b, c, depth);
  }
}

}  // namespace hourglass
