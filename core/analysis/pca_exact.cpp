#include "core/analysis/pca_exact.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "core/base/error.h"
#include "core/math/gemm/gemm.h"

namespace hourglass {
namespace {

// Held-out samples that a task projects, and rough shares of the work.
constexpr Index kTestSamples = 64;
constexpr double kCovarianceShare = 0.6, kComponentsShare = 0.35;

}  // namespace

ExactPca::ExactPca(const Dataset& data, Index components, ThreadPool& pool)
    : data_(data), count_(components), pool_(pool) {
  const Index features = data.train.features();
  if (data.train.count() == 0) {
    throw Error("The data set '" + data.name + "' has no samples to train on.");
  }
  if (features > kMaxFeatures) {
    throw Error("Exact PCA takes data of at most " + std::to_string(kMaxFeatures) +
                " features, and the data set '" + data.name + "' has " + std::to_string(features) +
                ".");
  }
  const Index most = std::min(features, kMaxComponents);
  if (components < 1 || components > most) {
    throw Error("Exact PCA of the data set '" + data.name + "' finds from 1 to " +
                std::to_string(most) + " components, not " + std::to_string(components) + ".");
  }
  covariance_.emplace(data.train, pool);
  squares_.setZero(components);
}

double ExactPca::share() const {
  switch (stage_) {
    case Stage::kCovariance:
      return kCovarianceShare * covariance_->share();
    case Stage::kComponents:
      return kCovarianceShare + kComponentsShare * eigenvectors_->share();
    case Stage::kTest:
      return kCovarianceShare + kComponentsShare +
             (1 - kCovarianceShare - kComponentsShare) * static_cast<double>(next_) /
                 static_cast<double>(std::max<Index>(1, data_.test.count()));
    case Stage::kDone:
      break;
  }
  return 1;
}

bool ExactPca::advance() {
  switch (stage_) {
    case Stage::kCovariance:
      if (!covariance_->advance()) end_covariance();
      return true;
    case Stage::kComponents:
      if (!eigenvectors_->advance()) end_components();
      return true;
    case Stage::kTest:
      if (advance_test()) return true;
      stage_ = Stage::kDone;
      return false;
    case Stage::kDone:
      break;
  }
  return false;
}

void ExactPca::end_covariance() {
  mean_ = covariance_->mean().cast<Scalar>();
  matrix_ = covariance_->take_matrix();
  covariance_.reset();
  total_variance_ = matrix_.trace();
  eigenvectors_.emplace(matrix_, count_, pool_);
  stage_ = Stage::kComponents;
}

void ExactPca::end_components() {
  const Eigen::VectorXd& values = eigenvectors_->values();
  variances_.assign(values.data(), values.data() + values.size());
  components_ = eigenvectors_->vectors().cast<Scalar>();
  eigenvectors_.reset();
  matrix_.resize(0, 0);
  stage_ = Stage::kTest;
}

void ExactPca::reconstruct(const ConstMatrixView& samples, MatrixView out, Index count) const {
  const ConstMatrixView kept = columns(components_, 0, count > 0 ? count : components_.cols());
  const Matrix centred = samples.colwise() - mean_;
  Matrix codes(kept.cols(), samples.cols());
  const auto all = [](const Matrix& matrix) { return columns(matrix, 0, matrix.cols()); };
  gemm(kept, Transpose::kYes, all(centred), Transpose::kNo, nullptr,
       columns(codes, 0, codes.cols()));
  gemm(kept, Transpose::kNo, all(codes), Transpose::kNo, mean_.data(), out);
}

bool ExactPca::advance_test() {
  const Samples& samples = data_.test;
  const Index tasks =
      std::min<Index>((samples.count() - next_ + kTestSamples - 1) / kTestSamples, pool_.limit());
  struct Sums {
    double total = 0;
    Eigen::VectorXd along;
  };
  std::vector<Sums> sums(static_cast<std::size_t>(tasks));
  pool_.run(static_cast<int>(tasks), [&](int task, int) {
    const Index first = next_ + task * kTestSamples;
    const Index count = std::min(kTestSamples, samples.count() - first);
    std::vector<std::uint32_t> indices(static_cast<std::size_t>(count));
    std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(first));
    Matrix centred(samples.features(), count), codes(count_, count);
    samples.gather(indices, columns(centred, 0, count));
    centred.colwise() -= mean_;
    gemm(columns(std::as_const(components_), 0, count_), Transpose::kYes,
         columns(std::as_const(centred), 0, count), Transpose::kNo, nullptr,
         columns(codes, 0, count));
    Sums& of = sums[static_cast<std::size_t>(task)];
    of.along.setZero(count_);
    for (Index j = 0; j < count; ++j) {
      of.total += static_cast<double>(centred.col(j).squaredNorm());
      of.along += codes.col(j).cast<double>().cwiseAbs2();
    }
  });
  for (const Sums& of : sums) {
    total_square_ += of.total;
    squares_ += of.along;
  }
  next_ += tasks * kTestSamples;
  if (next_ < samples.count()) return true;
  if (samples.count() == 0) return false;
  const double numbers =
      static_cast<double>(samples.count()) * static_cast<double>(samples.features());
  double left = total_square_;
  test_mse_.push_back(left / numbers);
  for (Index i = 0; i < count_; ++i) {
    left -= squares_[i];
    test_mse_.push_back(std::max(0.0, left / numbers));
  }
  return false;
}

}  // namespace hourglass
