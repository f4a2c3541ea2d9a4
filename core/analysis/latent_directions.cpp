#include "core/analysis/latent_directions.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/analysis/symmetric_eigen.h"
#include "core/base/error.h"

namespace hourglass {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kDirectionMultiplyAdds = 1 << 22;
// A unit or factor with less than this part of the largest one's variance is rounding.
constexpr double kNegligible = 1e-10;

// The shortest X with products X = right, in the least squares: products (symmetric) may be
// singular.
MatrixXd least_squares(const MatrixXd& products, const MatrixXd& right) {
  if (products.size() == 0) return right;
  const SymmetricEigen eigen = symmetric_eigen(products);
  VectorXd inverses = eigen.values;
  for (double& value : inverses) {
    value = value > kNegligible * eigen.values[0] ? 1 / value : 0;
  }
  return eigen.vectors * (inverses.asDiagonal() * (eigen.vectors.transpose() * right));
}

}  // namespace

VectorXd LatentDirections::r_squared_of(const ConstMatrixView& codes,
                                        const MatrixXd& factors) const {
  const MatrixXd read =
      (readers.transpose() * (codes.cast<double>().colwise() - code_mean)).colwise() + factor_mean;
  VectorXd result(factors.rows());
  for (Index f = 0; f < factors.rows(); ++f) {
    const double mean = factors.row(f).mean();
    const double total = (factors.row(f).array() - mean).square().sum();
    const double residual = (factors.row(f) - read.row(f)).squaredNorm();
    result[f] = total > 0 ? 1 - residual / total : std::numeric_limits<double>::quiet_NaN();
  }
  return result;
}

LatentDirectionsFit::LatentDirectionsFit(const ConstMatrixView& codes, MatrixXd factors)
    : codes_(codes), factors_(std::move(factors)) {
  if (codes.cols() < 2 || factors_.cols() != codes.cols()) {
    throw Error("Directions of factors need at least two samples whose factors are known.");
  }
  if (!codes.allFinite() || !factors_.allFinite()) {
    throw Error("Some codes or factors are not finite, and have no directions.");
  }
  const Index size = codes.rows(), count = factors_.rows();
  result_.code_mean = codes.cast<double>().rowwise().mean();
  result_.factor_mean = factors_.rowwise().mean();
  factors_.colwise() -= result_.factor_mean;
  code_products_.setZero(size, size);
  cross_products_.setZero(size, count);
  factor_products_.setZero(count, count);
}

bool LatentDirectionsFit::advance() {
  if (done_) return false;
  const Index size = codes_.rows();
  const Index each = std::max<Index>(1, size * (size + factors_.rows()));
  const Index count =
      std::min(std::clamp<Index>(kDirectionMultiplyAdds / each, 16, 4096), codes_.cols() - next_);
  if (count > 0) {
    const MatrixXd codes =
        codes_.middleCols(next_, count).cast<double>().colwise() - result_.code_mean;
    const auto factors = factors_.middleCols(next_, count);
    code_products_.noalias() += codes * codes.transpose();
    cross_products_.noalias() += codes * factors.transpose();
    factor_products_.noalias() += factors * factors.transpose();
    next_ += count;
    return true;
  }
  solve();
  done_ = true;
  return false;
}

void LatentDirectionsFit::solve() {
  const auto n = static_cast<double>(codes_.cols());
  const VectorXd totals = factor_products_.diagonal();
  result_.factor_spread = (totals / n).cwiseSqrt();
  result_.readers = least_squares(code_products_, cross_products_);
  // Factors have units of their own: scaled alike, none is negligible beside another.
  VectorXd scale = result_.factor_spread;
  for (double& value : scale) value = value > 0 ? 1 / value : 0;
  const MatrixXd scaled = scale.asDiagonal() * factor_products_ * scale.asDiagonal();
  const MatrixXd right = scale.asDiagonal() * cross_products_.transpose();
  result_.directions = (scale.asDiagonal() * least_squares(scaled, right)).transpose();
  result_.r_squared.resize(totals.size());
  for (Index f = 0; f < totals.size(); ++f) {
    // Of the least squares, what is explained is the reader's product with the cross products.
    const double explained = result_.readers.col(f).dot(cross_products_.col(f));
    result_.r_squared[f] = totals[f] > 0 ? std::min(1.0, explained / totals[f])
                                         : std::numeric_limits<double>::quiet_NaN();
  }
}

MatrixXd factor_matrix(const std::vector<std::vector<float>>& factors,
                       const std::vector<std::uint32_t>& indices) {
  MatrixXd matrix(static_cast<Index>(factors.size()), static_cast<Index>(indices.size()));
  for (Index f = 0; f < matrix.rows(); ++f) {
    for (Index j = 0; j < matrix.cols(); ++j) {
      matrix(f, j) = static_cast<double>(
          factors[static_cast<std::size_t>(f)][indices[static_cast<std::size_t>(j)]]);
    }
  }
  return matrix;
}

}  // namespace hourglass
