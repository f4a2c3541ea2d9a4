#include "core/analysis/gaussian_mixture.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "core/base/error.h"

namespace hourglass {
namespace {

constexpr int kMaxMeansRounds = 20;
// Pieces of a slice, whatever the number of threads: their sums are added in order.
constexpr int kPieces = 8;
constexpr Index kPieceNumbers = 1 << 19;  // multiply-adds of a piece
constexpr double kEmpty = 1e-8;           // codes' worth: a component with less has none

using Eigen::MatrixXd;
using Eigen::VectorXd;

Index codes_per_piece(Index size, Index components, CovarianceKind kind) {
  const Index each = components * size * (kind == CovarianceKind::kFull ? size : 4);
  return std::clamp<Index>(kPieceNumbers / std::max<Index>(1, each), 8, 1024);
}

void check(const ConstMatrixView& codes, const MixtureOptions& options) {
  const auto wrong = [](const std::string& what) { throw Error(what); };
  if (options.components < 1 || options.components > kMaxMixtureComponents) {
    wrong("A mixture has 1 to " + std::to_string(kMaxMixtureComponents) + " components, not " +
          std::to_string(options.components) + ".");
  }
  if (codes.cols() < options.components) {
    wrong("A mixture of " + std::to_string(options.components) +
          " components needs at least as many codes, and there are " +
          std::to_string(codes.cols()) + ".");
  }
  if (options.kind == CovarianceKind::kFull && codes.rows() > kMaxFullCovarianceUnits) {
    wrong("Codes of " + std::to_string(codes.rows()) +
          " units are too wide for full covariances, which are for up to " +
          std::to_string(kMaxFullCovarianceUnits) + "; take diagonal ones.");
  }
  if (!codes.allFinite()) {
    wrong("Some codes are not finite, and no distribution has them: look at the model's weights.");
  }
}

// log of the sum of exp of a column.
double log_sum_exp(const Eigen::Ref<const VectorXd>& logs) {
  const double most = logs.maxCoeff();
  if (!std::isfinite(most)) return most;
  return most + std::log((logs.array() - most).exp().sum());
}

}  // namespace

MatrixXd GaussianMixture::weighted_log_densities(const MatrixXd& codes) const {
  MatrixXd logs(components(), codes.cols());
  const double constant = 0.5 * static_cast<double>(size()) * std::log(2 * std::numbers::pi);
  for (Index k = 0; k < components(); ++k) {
    MatrixXd z = codes.colwise() - means.col(k);
    double log_determinant = 0;  // of the triangular factor
    if (kind == CovarianceKind::kFull) {
      const MatrixXd& factor = factors[static_cast<std::size_t>(k)];
      factor.triangularView<Eigen::Lower>().solveInPlace(z);
      log_determinant = factor.diagonal().array().log().sum();
    } else {
      z.array().colwise() /= deviations.col(k).array();
      log_determinant = deviations.col(k).array().log().sum();
    }
    logs.row(k) = -0.5 * z.colwise().squaredNorm();
    logs.row(k).array() += std::log(weights[k]) - log_determinant - constant;
  }
  return logs;
}

VectorXd GaussianMixture::log_likelihood(const ConstMatrixView& codes) const {
  const MatrixXd logs = weighted_log_densities(codes.cast<double>());
  VectorXd likelihood(codes.cols());
  for (Index j = 0; j < codes.cols(); ++j) likelihood[j] = log_sum_exp(logs.col(j));
  return likelihood;
}

void GaussianMixture::sample(std::uint64_t seed, std::uint32_t first, MatrixView codes) const {
  Vector normal(size());
  for (Index j = 0; j < codes.cols(); ++j) {
    const auto number = first + static_cast<std::uint32_t>(j);
    Random random(seed, RandomStream::kMixture, 0, number);
    double draw = static_cast<double>(random.uniform());
    Index k = 0;
    while (k + 1 < components() && draw >= weights[k]) draw -= weights[k++];
    for (Scalar& value : normal) value = static_cast<Scalar>(random.normal());
    const VectorXd z = normal.cast<double>();
    VectorXd code = means.col(k);
    if (kind == CovarianceKind::kFull) {
      code += factors[static_cast<std::size_t>(k)].triangularView<Eigen::Lower>() * z;
    } else {
      code += deviations.col(k).cwiseProduct(z);
    }
    codes.col(j) = code.cast<Scalar>();
  }
}

void GaussianMixtureFit::Sums::reset(Index size, Index components, CovarianceKind kind,
                                     bool with_second) {
  weights.setZero(components);
  first.setZero(size, components);
  likelihood = 0;
  moved = 0;
  const bool full = with_second && kind == CovarianceKind::kFull;
  second.resize(full ? static_cast<std::size_t>(components) : 0);
  for (MatrixXd& products : second) products.setZero(size, size);
  squares.setZero(with_second && !full ? size : 0, components);
}

void GaussianMixtureFit::Sums::add(const Sums& other) {
  weights += other.weights;
  first += other.first;
  likelihood += other.likelihood;
  moved += other.moved;
  for (std::size_t k = 0; k < second.size(); ++k) second[k] += other.second[k];
  squares += other.squares;
}

GaussianMixtureFit::GaussianMixtureFit(const ConstMatrixView& codes, const MixtureOptions& options,
                                       ThreadPool& pool)
    : codes_(codes),
      options_(options),
      pool_(pool),
      piece_codes_(codes_per_piece(codes.rows(), options.components, options.kind)),
      pieces_(kPieces) {
  check(codes, options);
  mean_.setZero(codes.rows());
  mixture_.kind = options.kind;
  begin_pass(Pass::kMoments);
}

MatrixXd GaussianMixtureFit::piece(Index begin, Index count) const {
  return codes_.middleCols(begin, count).cast<double>().colwise() - mean_;
}

void GaussianMixtureFit::begin_pass(Pass pass) {
  pass_ = pass;
  next_ = 0;
  const bool moments = pass == Pass::kMoments;
  const bool second = moments || pass == Pass::kHard || pass == Pass::kSoft;
  sums_.reset(codes_.rows(), moments ? 1 : options_.components,
              moments ? CovarianceKind::kDiagonal : options_.kind, second);
}

bool GaussianMixtureFit::advance() {
  if (pass_ == Pass::kDone) return false;
  const Index end = std::min(codes_.cols(), next_ + kPieces * piece_codes_);
  const auto count = static_cast<int>((end - next_ + piece_codes_ - 1) / piece_codes_);
  pool_.run(count, [&](int i, int) {
    Sums& sums = pieces_[static_cast<std::size_t>(i)];
    const bool moments = pass_ == Pass::kMoments;
    sums.reset(codes_.rows(), sums_.weights.size(),
               moments ? CovarianceKind::kDiagonal : options_.kind,
               !sums_.second.empty() || sums_.squares.rows() > 0);
    const Index begin = next_ + i * piece_codes_;
    visit(begin, std::min(piece_codes_, end - begin), sums);
  });
  for (int i = 0; i < count; ++i) sums_.add(pieces_[static_cast<std::size_t>(i)]);
  next_ = end;
  if (next_ == codes_.cols()) end_pass();
  return pass_ != Pass::kDone;
}

double GaussianMixtureFit::progress() const {
  if (pass_ == Pass::kDone) return 1;
  const double part = static_cast<double>(next_) / static_cast<double>(codes_.cols());
  if (pass_ != Pass::kSoft) return 0.2 * part;
  return 0.2 + 0.8 * (iterations_ + part) / options_.iterations;
}

void GaussianMixtureFit::visit(Index begin, Index count, Sums& sums) {
  const MatrixXd codes = piece(begin, count);
  switch (pass_) {
    case Pass::kMoments:
      sums.first.col(0) += codes.rowwise().sum();
      sums.squares.col(0) += codes.rowwise().squaredNorm();
      break;
    case Pass::kSeeds: {
      const auto centre = centres_.col(seeds_ - 1);
      for (Index j = 0; j < count; ++j) {
        double& nearest = distances_[static_cast<std::size_t>(begin + j)];
        nearest = std::min(nearest, (codes.col(j) - centre).squaredNorm());
      }
      break;
    }
    case Pass::kAssign:
      assign(codes, begin, sums);
      break;
    case Pass::kHard: {
      MatrixXd shares = MatrixXd::Zero(options_.components, count);
      for (Index j = 0; j < count; ++j) {
        shares(assigned_[static_cast<std::size_t>(begin + j)], j) = 1;
      }
      collect(codes, shares, sums);
      break;
    }
    case Pass::kSoft: {
      MatrixXd shares = mixture_.weighted_log_densities(codes);
      for (Index j = 0; j < count; ++j) {
        const double all = log_sum_exp(shares.col(j));
        sums.likelihood += all;
        shares.col(j) = (shares.col(j).array() - all).exp();
      }
      collect(codes, shares, sums);
      break;
    }
    case Pass::kDone:
      break;
  }
}

void GaussianMixtureFit::assign(const MatrixXd& codes, Index begin, Sums& sums) {
  for (Index j = 0; j < codes.cols(); ++j) {
    Index best = 0;
    (centres_.colwise() - codes.col(j)).colwise().squaredNorm().minCoeff(&best);
    std::int32_t& mine = assigned_[static_cast<std::size_t>(begin + j)];
    sums.moved += mine != best ? 1 : 0;
    mine = static_cast<std::int32_t>(best);
    sums.weights[best] += 1;
    sums.first.col(best) += codes.col(j);
  }
}

void GaussianMixtureFit::collect(const MatrixXd& codes, const MatrixXd& shares, Sums& sums) const {
  sums.weights += shares.rowwise().sum();
  sums.first.noalias() += codes * shares.transpose();
  if (options_.kind == CovarianceKind::kDiagonal) {
    sums.squares.noalias() += codes.cwiseAbs2() * shares.transpose();
    return;
  }
  for (Index k = 0; k < options_.components; ++k) {
    const MatrixXd weighted = codes.array().rowwise() * shares.row(k).array();
    sums.second[static_cast<std::size_t>(k)].noalias() += weighted * codes.transpose();
  }
}

// Takes the next centre by its squared distance from those that are there (k-means++).
void GaussianMixtureFit::next_seed() {
  Random random(options_.seed, RandomStream::kMixture, 1, static_cast<std::uint32_t>(seeds_));
  double all = 0;
  for (const double distance : distances_) all += distance;
  Index chosen = random.below(static_cast<std::uint32_t>(codes_.cols()));
  if (seeds_ > 0 && all > 0) {
    double draw = static_cast<double>(random.uniform()) * all;
    for (Index i = 0; i < codes_.cols(); ++i) {
      const double distance = distances_[static_cast<std::size_t>(i)];
      if (distance > 0) chosen = i;  // the last one, if rounding leads beyond the end
      if (draw < distance) break;
      draw -= distance;
    }
  }
  centres_.col(seeds_++) = piece(chosen, 1);
}

void GaussianMixtureFit::end_pass() {
  const auto n = static_cast<double>(codes_.cols());
  switch (pass_) {
    case Pass::kMoments: {
      mean_ = sums_.first.col(0) / n;
      const VectorXd variances = (sums_.squares.col(0) / n - mean_.cwiseAbs2()).cwiseMax(0.0);
      // All codes equal: any width is as good as another.
      floor_ = std::max(options_.floor * variances.mean(), 1e-12);
      centres_.setZero(codes_.rows(), options_.components);
      distances_.assign(static_cast<std::size_t>(codes_.cols()),
                        std::numeric_limits<double>::max());
      assigned_.assign(distances_.size(), 0);
      next_seed();
      return begin_pass(options_.components > 1 ? Pass::kSeeds : Pass::kHard);
    }
    case Pass::kSeeds:
      next_seed();
      return begin_pass(seeds_ < options_.components ? Pass::kSeeds : Pass::kAssign);
    case Pass::kAssign:
      for (Index k = 0; k < options_.components; ++k) {
        if (sums_.weights[k] > 0) centres_.col(k) = sums_.first.col(k) / sums_.weights[k];
      }
      ++rounds_;
      return begin_pass(sums_.moved > 0 && rounds_ < kMaxMeansRounds ? Pass::kAssign : Pass::kHard);
    case Pass::kHard:
      mixture_.means = centres_;
      maximise();
      return begin_pass(Pass::kSoft);
    case Pass::kSoft: {
      const double likelihood = sums_.likelihood / n;
      converged_ = iterations_ > 0 && std::abs(likelihood - likelihood_) < options_.tolerance;
      likelihood_ = likelihood;
      maximise();
      ++iterations_;
      if (!converged_ && iterations_ < options_.iterations) return begin_pass(Pass::kSoft);
      mixture_.means.colwise() += mean_;
      pass_ = Pass::kDone;
      return;
    }
    case Pass::kDone:
      return;
  }
}

// The parameters of largest likelihood for the shares that were summed (Bishop, equations 9.24 to
// 9.26). A component that has lost its codes keeps its mean, and has the floor alone around it.
void GaussianMixtureFit::maximise() {
  const Index size = codes_.rows(), count = options_.components;
  mixture_.weights = (sums_.weights.array() + kEmpty) / (sums_.weights.sum() + count * kEmpty);
  mixture_.factors.resize(options_.kind == CovarianceKind::kFull ? count : 0);
  if (options_.kind == CovarianceKind::kDiagonal) mixture_.deviations.setZero(size, count);
  for (Index k = 0; k < count; ++k) {
    const double weight = sums_.weights[k];
    const bool empty = weight < kEmpty;
    if (!empty) mixture_.means.col(k) = sums_.first.col(k) / weight;
    const auto mean = mixture_.means.col(k);
    if (options_.kind == CovarianceKind::kDiagonal) {
      VectorXd variance = VectorXd::Zero(size);
      if (!empty) variance = (sums_.squares.col(k) / weight - mean.cwiseAbs2()).cwiseMax(0.0);
      mixture_.deviations.col(k) = (variance.array() + floor_).sqrt();
      continue;
    }
    MatrixXd covariance = MatrixXd::Zero(size, size);
    if (!empty) covariance = sums_.second[k] / weight - mean * mean.transpose();
    covariance.diagonal().array() += floor_;
    Eigen::LLT<MatrixXd> cholesky(covariance);
    // Rounding can eat the floor of a code of hundreds of units; the diagonal alone never fails.
    if (cholesky.info() == Eigen::Success) {
      mixture_.factors[k] = cholesky.matrixL();
    } else {
      mixture_.factors[k] =
          covariance.diagonal().cwiseMax(floor_).cwiseSqrt().asDiagonal().toDenseMatrix();
    }
  }
}

}  // namespace hourglass
