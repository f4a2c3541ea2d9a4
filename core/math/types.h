// The scalar type and the matrix aliases that the whole engine shares.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <type_traits>

#include "core/base/scalar.h"

namespace hourglass {

static_assert(std::is_same_v<Index, Eigen::Index>);

// A batch is column-major with one sample per column: features x samples.
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;

// Views of dense column-major memory with any distance between columns. They never copy: binding
// one to an expression that would need a temporary does not compile or is a bug.
using MatrixView = Eigen::Map<Matrix, Eigen::Unaligned, Eigen::OuterStride<>>;
using ConstMatrixView = Eigen::Map<const Matrix, Eigen::Unaligned, Eigen::OuterStride<>>;

// A view of columns [first, first + count) of `matrix`.
inline MatrixView columns(Matrix& matrix, Index first, Index count) {
  return {matrix.data() + first * matrix.rows(), matrix.rows(), count,
          Eigen::OuterStride<>(matrix.rows())};
}
inline ConstMatrixView columns(const Matrix& matrix, Index first, Index count) {
  return {matrix.data() + first * matrix.rows(), matrix.rows(), count,
          Eigen::OuterStride<>(matrix.rows())};
}

// A read-only view of what `view` sees.
inline ConstMatrixView as_const(const MatrixView& view) {
  return {view.data(), view.rows(), view.cols(), Eigen::OuterStride<>(view.outerStride())};
}

}  // namespace hourglass
