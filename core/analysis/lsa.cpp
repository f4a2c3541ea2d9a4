#include "core/analysis/lsa.h"

#include <algorithm>
#include <string>

#include "core/base/error.h"

namespace hourglass {
namespace {

// Sums that take some milliseconds: they go all over the matrix.
constexpr std::size_t kSliceSums = std::size_t{1} << 20;
// A singular value this small beside the largest is what rounding leaves of 0.
constexpr double kZero = 1e-7;
// The part of the work that the sums are, roughly.
constexpr double kSumsShare = 0.3;

}  // namespace

Lsa::Lsa(const WordWeights& weights, Index size, ThreadPool& pool)
    : weights_(weights), size_(size), pool_(pool) {
  if (weights.columns > kMaxWords) {
    throw Error("LSA takes up to " + std::to_string(kMaxWords) + " words, and the vocabulary has " +
                std::to_string(weights.columns) + "; choose fewer words.");
  }
  if (size < 1 || size > kMaxSize || size > weights.columns || size > weights.rows()) {
    throw Error("LSA of " + std::to_string(size) + " numbers needs as many words and documents, " +
                "and there are " + std::to_string(weights.columns) + " words in " +
                std::to_string(weights.rows()) + " documents; choose a smaller size, of " +
                std::to_string(kMaxSize) + " at most.");
  }
  if (weights.rows() < weights.columns) turned_ = transposed(weights);
  gram_ = Eigen::MatrixXd::Zero(rows().columns, rows().columns);
}

double Lsa::share() const {
  if (!eigenvectors_) {
    return kSumsShare * static_cast<double>(next_) / static_cast<double>(rows().rows());
  }
  return kSumsShare + (1 - kSumsShare) * eigenvectors_->share();
}

// In their order, on one thread: products of entries that are not 0 are few.
void Lsa::add_rows() {
  for (std::size_t sums = 0; next_ < rows().rows() && sums < kSliceSums; ++next_) {
    const auto columns = rows().indices_of(next_);
    const auto values = rows().values_of(next_);
    for (std::size_t j = 0; j < columns.size(); ++j) {
      double* const column = gram_.col(static_cast<Index>(columns[j])).data();
      for (std::size_t i = 0; i <= j; ++i) column[columns[i]] += values[i] * values[j];
    }
    sums += 1 + columns.size() * columns.size() / 2;
  }
}

// From eigenvectors to directions: those of XX' are U, and V = X'U / S.
void Lsa::finish() {
  singular_values_ = eigenvectors_->values().cwiseMax(0).cwiseSqrt();
  if (!turned_) {
    directions_ = eigenvectors_->vectors();
    return;
  }
  directions_ = Eigen::MatrixXd::Zero(weights_.columns, size_);
  for (Index word = 0; word < weights_.columns; ++word) {
    const auto documents = turned_->indices_of(word);
    const auto values = turned_->values_of(word);
    for (std::size_t i = 0; i < documents.size(); ++i) {
      directions_.row(word) +=
          values[i] * eigenvectors_->vectors().row(static_cast<Index>(documents[i]));
    }
  }
  for (Index k = 0; k < size_; ++k) {
    auto direction = directions_.col(k);
    const bool is_zero = singular_values_[k] <= kZero * singular_values_[0];
    Index largest = 0;
    direction.cwiseAbs().maxCoeff(&largest);
    if (is_zero) singular_values_[k] = 0;
    direction *= is_zero ? 0.0 : (direction[largest] < 0 ? -1.0 : 1.0) / singular_values_[k];
  }
}

bool Lsa::advance() {
  if (next_ < rows().rows()) {
    add_rows();
    return true;
  }
  if (!eigenvectors_) {
    for (Index j = 0; j < gram_.cols(); ++j) {
      for (Index i = 0; i < j; ++i) gram_(j, i) = gram_(i, j);
    }
    eigenvectors_.emplace(gram_, size_, pool_);
    return true;
  }
  if (eigenvectors_->advance()) return true;
  finish();
  return false;
}

Matrix Lsa::codes(const WordWeights& documents) const {
  Matrix codes(size_, documents.rows());
  Eigen::VectorXd code(size_);
  for (Index i = 0; i < documents.rows(); ++i) {
    const auto words = documents.indices_of(i);
    const auto values = documents.values_of(i);
    code.setZero();
    for (std::size_t k = 0; k < words.size(); ++k) {
      code += values[k] * directions().row(static_cast<Index>(words[k])).transpose();
    }
    codes.col(i) = code.cast<Scalar>();
  }
  return codes;
}

}  // namespace hourglass
