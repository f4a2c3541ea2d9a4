// Gaussians fitted to codes, to draw new codes from: what a plain autoencoder has instead of a
// prior.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "core/math/random.h"
#include "core/math/thread_pool.h"
#include "core/math/types.h"

namespace hourglass {

enum class CovarianceKind { kFull, kDiagonal };

// p(z) = sum over k of weights[k] N(z; means.col(k), covariance k). In double: the log-likelihoods
// of wide codes differ by much less than their size.
struct GaussianMixture {
  CovarianceKind kind = CovarianceKind::kFull;
  Eigen::VectorXd weights;  // one a component, sum 1
  Eigen::MatrixXd means;    // code size x components
  // Lower triangular L of each covariance L L^T: kFull only.
  std::vector<Eigen::MatrixXd> factors;
  Eigen::MatrixXd deviations;  // code size x components, standard deviations: kDiagonal only

  Index size() const { return means.rows(); }
  Index components() const { return means.cols(); }

  // log p of each code (size() x n) in nats.
  Eigen::VectorXd log_likelihood(const ConstMatrixView& codes) const;
  // log (weights[k] N(z; ...)): components x n.
  Eigen::MatrixXd weighted_log_densities(const Eigen::MatrixXd& codes) const;
  // Fills `codes` (size() x n) with draws `first`, `first` + 1, ... of `seed`.
  void sample(std::uint64_t seed, std::uint32_t first, MatrixView codes) const;
};

struct MixtureOptions {
  Index components = 1;
  CovarianceKind kind = CovarianceKind::kFull;
  // Added to each unit's variance, in parts of the mean variance of all units: a dead unit has none
  // of its own, and a component could shrink to a single code.
  double floor = 1e-6;
  int iterations = 100;     // of EM at most
  double tolerance = 1e-3;  // ends when an iteration raises the mean log-likelihood by less
  std::uint64_t seed = 1;
};

// The most units of a code with full covariances, whose work and memory grow as their square.
inline constexpr Index kMaxFullCovarianceUnits = 512;
inline constexpr Index kMaxMixtureComponents = 100;

// Expectation maximisation (Dempster, Laird and Rubin 1977; Bishop 2006, "Pattern Recognition and
// Machine Learning", section 9.2), a slice at a time. It begins from k-means (up to 20 rounds of
// Lloyd 1982) with starts by k-means++ (Arthur and Vassilvitskii 2007). As in scikit-learn, but for
// the floor, which there is in absolute units.
class GaussianMixtureFit {
 public:
  // `codes` (size x n) and the pool must outlive this. Throws Error if there are fewer codes than
  // components, if a code is not finite, or if the options are out of range.
  GaussianMixtureFit(const ConstMatrixView& codes, const MixtureOptions& options, ThreadPool& pool);

  // Does the next slice, of a few milliseconds for codes of up to 64 units; returns whether there
  // are more. The bits of the result are the same for any number of threads.
  bool advance();
  double progress() const;  // from 0 to 1: a guess, for nobody knows how many iterations it takes
  // When advance() has returned false.
  const GaussianMixture& mixture() const { return mixture_; }
  int iterations() const { return iterations_; }
  bool converged() const { return converged_; }
  // Mean over the codes in nats, by the parameters before the last iteration.
  double mean_log_likelihood() const { return likelihood_; }

 private:
  enum class Pass { kMoments, kSeeds, kAssign, kHard, kSoft, kDone };

  // Sums over a piece of codes, or all: of each component its weight, its codes less the mean, and
  // the products of those.
  struct Sums {
    Eigen::VectorXd weights;
    Eigen::MatrixXd first;
    std::vector<Eigen::MatrixXd> second;  // kFull: size x size each
    Eigen::MatrixXd squares;              // kDiagonal: size x components
    double likelihood = 0;
    Index moved = 0;  // codes that changed their centre

    void reset(Index size, Index components, CovarianceKind kind, bool with_second);
    void add(const Sums& other);
  };

  Eigen::MatrixXd piece(Index begin, Index count) const;  // codes less the mean
  void begin_pass(Pass pass);
  void visit(Index begin, Index count, Sums& sums);
  void end_pass();
  void next_seed();
  void assign(const Eigen::MatrixXd& codes, Index begin, Sums& sums);
  void collect(const Eigen::MatrixXd& codes, const Eigen::MatrixXd& shares, Sums& sums) const;
  void maximise();

  ConstMatrixView codes_;
  MixtureOptions options_;
  ThreadPool& pool_;
  Index piece_codes_;
  Pass pass_ = Pass::kDone;
  Index next_ = 0;
  Eigen::VectorXd mean_;
  double floor_ = 0;
  Eigen::MatrixXd centres_;             // k-means, less the mean
  std::vector<double> distances_;       // squared, to the nearest centre so far
  std::vector<std::int32_t> assigned_;  // of each code
  Index seeds_ = 0;                     // centres that are there
  int rounds_ = 0;                      // of k-means
  std::vector<Sums> pieces_;            // of one slice
  Sums sums_;
  GaussianMixture mixture_;  // its means less mean_ until the end
  int iterations_ = 0;
  bool converged_ = false;
  double likelihood_ = 0;
};

}  // namespace hourglass
