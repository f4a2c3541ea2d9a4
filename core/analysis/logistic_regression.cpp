#include "core/analysis/logistic_regression.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/base/error.h"

namespace hourglass {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

// Samples whose part of the gradient one task sums, and tasks whose parts are kept until they are
// added up in order.
constexpr Index kPieceColumns = 128;
constexpr Index kPiecesAtOnce = 8;
// What is multiplied and added in a slice, in about four milliseconds of one thread as WebAssembly,
// in double.
constexpr std::int64_t kSliceProducts = std::int64_t{1} << 23;
constexpr std::size_t kKeptPairs = 10;
// A step descends enough that lowers the objective by this part of what the slope promises.
constexpr double kArmijo = 1e-4;
// Near the minimum the objective differs by less than its rounding.
constexpr double kObjectiveRounding = 1e-14;
constexpr double kSmallestStep = 1e-12;
// A feature whose deviation is this part of its size, or less, never changes.
constexpr double kConstantFeature = 1e-7;

using ConstWeights = Eigen::Map<const MatrixXd>;

}  // namespace

LogisticRegression::LogisticRegression(const ConstMatrixView& x, std::vector<std::int32_t> labels,
                                       Index classes, const LogisticRegressionOptions& options,
                                       ThreadPool& pool)
    : x_(x), labels_(std::move(labels)), classes_(classes), options_(options), pool_(pool) {
  assert(x.cols() > 0 && std::ssize(labels_) == x.cols());
  if (!x.allFinite()) {
    throw Error("Some codes are not finite numbers, and nothing can be told by them.");
  }
  const auto count = static_cast<double>(x.cols());
  mean_.setZero(x.rows());
  for (Index j = 0; j < x.cols(); ++j) mean_ += x.col(j).cast<double>();
  mean_ /= count;
  VectorXd squares = VectorXd::Zero(x.rows());
  for (Index j = 0; j < x.cols(); ++j) {
    squares += (x.col(j).cast<double>() - mean_).cwiseAbs2();
  }
  inverse_spread_.setOnes(x.rows());
  for (Index i = 0; i < x.rows() && options.standardise; ++i) {
    const double spread = std::sqrt(squares[i] / count);
    const bool constant = spread <= kConstantFeature * std::abs(mean_[i]);
    inverse_spread_[i] = constant ? 0 : 1 / spread;
  }
  const Index size = classes * (x.rows() + 1);
  trial_.at.setZero(size);
  trial_.gradient.setZero(size);
  piece_gradients_.assign(kPiecesAtOnce, VectorXd::Zero(size));
  piece_losses_.resize(kPiecesAtOnce);
}

// Adds what samples [first, first + count) contribute to objective and gradient at trial_, before
// they are divided by the number of samples.
void LogisticRegression::add_piece(Index first, Index count, VectorXd& gradient,
                                   double& loss) const {
  const Index features = x_.rows(), weights = classes_ * features;
  const MatrixXd x =
      inverse_spread_.asDiagonal() * (x_.middleCols(first, count).cast<double>().colwise() - mean_);
  MatrixXd shares =
      (ConstWeights(trial_.at.data(), classes_, features) * x).colwise() + trial_.at.tail(classes_);
  for (Index j = 0; j < count; ++j) {
    auto share = shares.col(j);
    const Index label = labels_[static_cast<std::size_t>(first + j)];
    const double largest = share.maxCoeff();
    const double own = share[label] - largest;
    share = (share.array() - largest).exp();
    const double sum = share.sum();
    loss += std::log(sum) - own;
    share /= sum;
    share[label] -= 1;
  }
  Eigen::Map<MatrixXd>(gradient.data(), classes_, features).noalias() += shares * x.transpose();
  gradient.segment(weights, classes_) += shares.rowwise().sum();
}

bool LogisticRegression::advance() {
  if (done_) return false;
  if (next_ == 0) {
    trial_.gradient.setZero();
    trial_.objective = 0;
  }
  const std::int64_t cost = 2 * trial_.at.size() * kPieceColumns * kPiecesAtOnce;
  std::int64_t groups = std::max<std::int64_t>(1, kSliceProducts * pool_.limit() / cost);
  for (; groups > 0 && next_ < x_.cols(); --groups) {
    const Index first = next_;
    const Index left = (x_.cols() - first + kPieceColumns - 1) / kPieceColumns;
    const auto pieces = static_cast<int>(std::min(kPiecesAtOnce, left));
    pool_.run(pieces, [&](int piece, int) {
      const Index begin = first + piece * kPieceColumns;
      const auto at = static_cast<std::size_t>(piece);
      piece_gradients_[at].setZero();
      piece_losses_[at] = 0;
      add_piece(begin, std::min(kPieceColumns, x_.cols() - begin), piece_gradients_[at],
                piece_losses_[at]);
    });
    for (std::size_t at = 0; at < static_cast<std::size_t>(pieces); ++at) {
      trial_.gradient += piece_gradients_[at];
      trial_.objective += piece_losses_[at];
    }
    next_ = std::min(x_.cols(), first + pieces * kPieceColumns);
  }
  if (next_ < x_.cols()) return true;
  next_ = 0;
  const auto count = static_cast<double>(x_.cols());
  const Index weights = classes_ * x_.rows();
  trial_.gradient.head(weights) += options_.l2 * trial_.at.head(weights);
  trial_.objective += options_.l2 / 2 * trial_.at.head(weights).squaredNorm();
  trial_.gradient /= count;
  trial_.objective /= count;
  end_evaluation();
  return !done_;
}

void LogisticRegression::end_evaluation() {
  const double allowed = kObjectiveRounding * std::max(1.0, std::abs(here_.objective));
  if (started_ && !(trial_.objective <= here_.objective + kArmijo * step_ * slope_ + allowed)) {
    step_ /= 2;
    // Where no step descends any more, what is left of the gradient is rounding.
    return step_ < kSmallestStep ? end(true) : try_step();
  }
  if (started_) {
    Pair pair{trial_.at - here_.at, trial_.gradient - here_.gradient, 0};
    const double product = pair.step.dot(pair.change);
    if (product > 0) {
      pair.inverse_product = 1 / product;
      pairs_.push_back(std::move(pair));
      if (pairs_.size() > kKeptPairs) pairs_.pop_front();
    }
    ++iterations_;
  }
  here_ = trial_;
  const double largest = here_.gradient.cwiseAbs().maxCoeff();
  if (!started_) first_gradient_ = std::max(largest, options_.tolerance);
  started_ = true;
  const double whole = std::log(first_gradient_ / options_.tolerance);
  if (whole > 0 && largest > 0) {
    progress_ = std::clamp(std::log(first_gradient_ / largest) / whole, progress_, 1.0);
  }
  if (largest <= options_.tolerance) return end(true);
  if (iterations_ >= options_.max_iterations) return end(false);
  choose_direction();
  try_step();
}

void LogisticRegression::choose_direction() {
  direction_ = -here_.gradient;
  std::vector<double> parts(pairs_.size());
  for (std::size_t i = pairs_.size(); i-- > 0;) {
    parts[i] = pairs_[i].inverse_product * pairs_[i].step.dot(direction_);
    direction_ -= parts[i] * pairs_[i].change;
  }
  if (!pairs_.empty()) {
    const Pair& last = pairs_.back();
    direction_ /= last.inverse_product * last.change.squaredNorm();
  }
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    const double part = pairs_[i].inverse_product * pairs_[i].change.dot(direction_);
    direction_ += (parts[i] - part) * pairs_[i].step;
  }
  slope_ = direction_.dot(here_.gradient);
  if (!(slope_ < 0)) {  // rounding has spoilt the pairs
    pairs_.clear();
    direction_ = -here_.gradient;
    slope_ = -here_.gradient.squaredNorm();
  }
  step_ = 1;
}

void LogisticRegression::try_step() { trial_.at = here_.at + step_ * direction_; }

void LogisticRegression::end(bool converged) {
  const Index features = x_.rows();
  weights_ = ConstWeights(here_.at.data(), classes_, features) * inverse_spread_.asDiagonal();
  bias_ = here_.at.tail(classes_) - weights_ * mean_;
  objective_ = here_.objective;
  converged_ = converged;
  progress_ = 1;
  done_ = true;
  here_ = trial_ = {};
  pairs_.clear();
  piece_gradients_.clear();
}

std::vector<std::int32_t> LogisticRegression::predict(const ConstMatrixView& x) const {
  std::vector<std::int32_t> predicted;
  for (Index j = 0; j < x.cols(); ++j) {
    Index largest = 0;
    (weights_ * x.col(j).cast<double>() + bias_).maxCoeff(&largest);
    predicted.push_back(static_cast<std::int32_t>(largest));
  }
  return predicted;
}

}  // namespace hourglass
