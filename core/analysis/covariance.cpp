#include "core/analysis/covariance.h"

#include <algorithm>
#include <numeric>

#include "core/math/gemm/gemm.h"

namespace hourglass {
namespace {

// Samples whose products are summed as Scalars.
constexpr Index kSlabSamples = 512;
// About so many rows and columns have the blocks into which the matrix is cut.
constexpr Index kBlockFeatures = 128;
// What one thread multiplies in about four milliseconds as WebAssembly.
constexpr std::int64_t kCovarianceProducts = std::int64_t{1} << 25;
// Samples that a task reads.
constexpr Index kReadSamples = 32;

constexpr Index round_up(Index number, Index to) { return (number + to - 1) / to * to; }

}  // namespace

Covariance::Covariance(const Samples& samples, ThreadPool& pool)
    : samples_(samples), pool_(pool), features_(samples.features()) {
  const Index count = (features_ + kBlockFeatures - 1) / kBlockFeatures;
  block_size_ = round_up((features_ + count - 1) / count, kPackedRows);
  for (Index column = 0; column < features_; column += block_size_) {
    for (Index row = column; row < features_; row += block_size_) blocks_.push_back({row, column});
  }
  mean_.setZero(features_);
  matrix_.setZero(features_, features_);
  sums_.setZero(features_);
  products_.resize(static_cast<std::size_t>(pool_.size()));
}

double Covariance::share() const {
  if (finishing_) return 1;
  const double slab = static_cast<double>(next_) / static_cast<double>(blocks_.size());
  return (static_cast<double>(slab_first_) + slab * static_cast<double>(slab_count_)) /
         static_cast<double>(samples_.count());
}

void Covariance::begin_slab() {
  slab_count_ = std::min(kSlabSamples, samples_.count() - slab_first_);
  slab_.resize(features_, slab_count_);
  std::vector<std::uint32_t> indices(static_cast<std::size_t>(slab_count_));
  std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(slab_first_));
  const bool is_first = slab_first_ == 0;
  const auto reads = static_cast<int>((slab_count_ + kReadSamples - 1) / kReadSamples);
  pool_.run(reads, [&](int task, int) {
    const Index first = task * kReadSamples, count = std::min(kReadSamples, slab_count_ - first);
    samples_.gather({indices.data() + first, static_cast<std::size_t>(count)},
                    columns(slab_, first, count));
    for (Index j = first; j < first + count && !is_first; ++j) slab_.col(j) -= shift_;
  });
  if (is_first) {
    Eigen::VectorXd sums = Eigen::VectorXd::Zero(features_);
    for (Index j = 0; j < slab_count_; ++j) sums += slab_.col(j).cast<double>();
    shift_ = (sums / static_cast<double>(slab_count_)).cast<Scalar>();
    slab_.colwise() -= shift_;
  }
  const auto rows = static_cast<int>((features_ + kBlockFeatures - 1) / kBlockFeatures);
  pool_.run(rows, [&](int task, int) {
    const Index first = task * kBlockFeatures, count = std::min(kBlockFeatures, features_ - first);
    for (Index j = 0; j < slab_count_; ++j) {
      sums_.segment(first, count) += slab_.col(j).segment(first, count).cast<double>();
    }
  });
}

void Covariance::add_block(const Block& block, int worker) {
  const Index rows = size_of(block.row), cols = size_of(block.column);
  const auto part = [&](Index first, Index size) {
    return ConstMatrixView(slab_.data() + first, size, slab_count_,
                           Eigen::OuterStride<>(features_));
  };
  Matrix& product = products_[static_cast<std::size_t>(worker)];
  product.resize(rows, cols);
  gemm(part(block.row, rows), Transpose::kNo, part(block.column, cols), Transpose::kYes, nullptr,
       columns(product, 0, cols));
  matrix_.block(block.row, block.column, rows, cols) += product.cast<double>();
}

void Covariance::finish_block(const Block& block) {
  const Index rows = size_of(block.row), cols = size_of(block.column);
  const auto samples = static_cast<double>(samples_.count());
  auto part = matrix_.block(block.row, block.column, rows, cols);
  // sum (x - m)(x - m)' = sum (x - s)(x - s)' - n (m - s)(m - s)'
  for (Index j = 0; j < cols; ++j) {
    part.col(j) -= sums_.segment(block.row, rows) * (sums_[block.column + j] / samples);
  }
  part /= std::max(1.0, samples - 1);
  if (block.row == block.column) {
    for (Index j = 1; j < cols; ++j) part.col(j).head(j) = part.row(j).head(j).transpose();
  } else {
    matrix_.block(block.column, block.row, cols, rows) = part.transpose();
  }
}

bool Covariance::advance() {
  if (!finishing_ && slab_count_ == 0) begin_slab();
  const std::int64_t cost = std::int64_t{block_size_} * block_size_ * kSlabSamples;
  const std::int64_t each = std::max<std::int64_t>(1, kCovarianceProducts / cost);
  const std::size_t first = next_;
  const std::size_t count =
      std::min(blocks_.size() - first, static_cast<std::size_t>(each * pool_.limit()));
  pool_.run(static_cast<int>(count), [&](int task, int worker) {
    const Block& block = blocks_[first + static_cast<std::size_t>(task)];
    if (finishing_) {
      finish_block(block);
    } else {
      add_block(block, worker);
    }
  });
  next_ += count;
  if (next_ < blocks_.size()) return true;
  next_ = 0;
  if (finishing_) {
    mean_ = shift_.cast<double>() + sums_ / static_cast<double>(samples_.count());
    return false;
  }
  slab_first_ += slab_count_;
  slab_count_ = 0;
  finishing_ = slab_first_ >= samples_.count();
  return true;
}

}  // namespace hourglass
