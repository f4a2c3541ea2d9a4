#include "core/math/gemm/gemm.h"

#include <cassert>

#include "core/math/simd/kernels.h"

namespace hourglass {
namespace {

static_assert(kPackedRows == kMaxLanes);

using Layout = ProductTask::Layout;

Scalar* product_scratch() {
  static thread_local Vector room(kProductScratch);
  return room.data();
}

void run(const Scalar* a, Layout layout, Index a_stride, Index depth, const ConstMatrixView& b,
         Transpose transpose_b, bool add, const Scalar* bias, MatrixView c) {
  const bool turned = transpose_b == Transpose::kYes;
  assert(c.cols() == (turned ? b.rows() : b.cols()));
  assert(depth == (turned ? b.cols() : b.rows()));
  if (c.size() == 0) return;
  if (depth == 0) {
    if (add) return;
    for (Index j = 0; j < c.cols(); ++j) {
      if (bias) {
        c.col(j) = Eigen::Map<const Vector>(bias, c.rows());
      } else {
        c.col(j).setZero();
      }
    }
    return;
  }
  kernels().multiply({.rows = c.rows(),
                      .columns = c.cols(),
                      .depth = depth,
                      .a = a,
                      .layout = layout,
                      .a_stride = a_stride,
                      .b = b.data(),
                      .b_depth = turned ? b.outerStride() : 1,
                      .b_column = turned ? 1 : b.outerStride(),
                      .c = c.data(),
                      .c_stride = c.outerStride(),
                      .add = add,
                      .bias = bias,
                      .scratch = product_scratch()});
}

void run(const ConstMatrixView& a, Transpose transpose_a, const ConstMatrixView& b,
         Transpose transpose_b, bool add, const Scalar* bias, MatrixView c) {
  const bool turned = transpose_a == Transpose::kYes;
  assert(c.rows() == (turned ? a.cols() : a.rows()));
  run(a.data(), turned ? Layout::kDepth : Layout::kRows, a.outerStride(),
      turned ? a.rows() : a.cols(), b, transpose_b, add, bias, c);
}

}  // namespace

void gemm_accumulate(const ConstMatrixView& a, Transpose transpose_a, const ConstMatrixView& b,
                     Transpose transpose_b, MatrixView c) {
  run(a, transpose_a, b, transpose_b, /*add=*/true, nullptr, c);
}

void gemm(const ConstMatrixView& a, Transpose transpose_a, const ConstMatrixView& b,
          Transpose transpose_b, const Scalar* bias, MatrixView c) {
  run(a, transpose_a, b, transpose_b, /*add=*/false, bias, c);
}

void gemm(const PackedMatrix& a, const ConstMatrixView& b, Transpose transpose_b,
          const Scalar* bias, MatrixView c) {
  assert(c.rows() == a.rows);
  run(a.panels, Layout::kPacked, 0, a.depth, b, transpose_b, /*add=*/false, bias, c);
}

Index packed_size(Index rows, Index depth) {
  return (rows + kPackedRows - 1) / kPackedRows * kPackedRows * depth;
}

void pack_rows(const ConstMatrixView& a, Transpose transpose_a, Index first, Index count,
               Scalar* panels) {
  const bool turned = transpose_a == Transpose::kYes;
  const Index depth = turned ? a.rows() : a.cols();
  assert(first % kPackedRows == 0);
  assert(first + count <= (turned ? a.cols() : a.rows()));
  kernels().pack(a.data() + first * (turned ? a.outerStride() : 1),
                 turned ? Layout::kDepth : Layout::kRows, a.outerStride(), count, depth,
                 panels + first * depth);
}

}  // namespace hourglass
