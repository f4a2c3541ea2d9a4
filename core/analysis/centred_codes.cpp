#include "core/analysis/centred_codes.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/math/gemm/gemm.h"

namespace hourglass {
namespace {

constexpr Index kSliceNumbers = 1 << 19;
// Tasks of a slice: codes by their number, and rows of all its codes.
constexpr Index kTaskNumbers = 1 << 16;
constexpr Index kTaskRows = 512;

Index tasks_of(Index things, Index per_task) { return (things + per_task - 1) / per_task; }

}  // namespace

Index codes_per_slice(Index size) {
  return std::max<Index>(1, kSliceNumbers / std::max<Index>(1, size));
}

void CentredCodes::take(const ConstMatrixView& codes, const Vector& mean, Index first, Index count,
                        Index step, ThreadPool& pool) {
  values_.resize(codes.rows(), count);
  squares_.resize(count);
  const Index each = std::max<Index>(1, kTaskNumbers / codes.rows());
  pool.run(static_cast<int>(tasks_of(count, each)), [&](int task, int) {
    const Index begin = task * each, end = std::min(count, begin + each);
    for (Index j = begin; j < end; ++j) {
      auto column = values_.col(j);
      column = codes.col(first + j * step) - mean;
      squares_[j] = column.squaredNorm();
      if (std::isfinite(squares_[j])) continue;
      column.setZero();
      squares_[j] = -1;
    }
  });
}

double CentredCodes::squares() const {
  double sum = 0;
  for (const Scalar square : squares_) sum += std::max(0.0, static_cast<double>(square));
  return sum;
}

const Matrix& CentredCodes::dot(const Matrix& block, ThreadPool& pool) {
  products_.resize(count(), block.cols());
  const Index each = std::max<Index>(1, kTaskNumbers / values_.rows());
  pool.run(static_cast<int>(tasks_of(count(), each)), [&](int task, int) {
    const Index begin = task * each, size = std::min(each, count() - begin);
    gemm(columns(std::as_const(values_), begin, size), Transpose::kYes,
         columns(block, 0, block.cols()), Transpose::kNo, nullptr,
         {products_.data() + begin, size, block.cols(), Eigen::OuterStride<>(count())});
  });
  return products_;
}

void CentredCodes::add_scatter_times(const Matrix& block, Matrix& sum, ThreadPool& pool) {
  dot(block, pool);
  const Index rows = values_.rows();
  pool.run(static_cast<int>(tasks_of(rows, kTaskRows)), [&](int task, int) {
    const Index begin = task * kTaskRows, size = std::min(kTaskRows, rows - begin);
    const ConstMatrixView part(values_.data() + begin, size, count(), Eigen::OuterStride<>(rows));
    gemm_accumulate(part, Transpose::kNo, columns(std::as_const(products_), 0, products_.cols()),
                    Transpose::kNo,
                    {sum.data() + begin, size, sum.cols(), Eigen::OuterStride<>(rows)});
  });
}

void CentredCodes::add_scatter(Matrix& sum) const {
  const ConstMatrixView all = columns(values_, 0, count());
  gemm_accumulate(all, Transpose::kNo, all, Transpose::kYes, columns(sum, 0, sum.cols()));
}

}  // namespace hourglass
