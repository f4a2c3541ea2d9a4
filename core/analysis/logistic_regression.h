// Multinomial logistic regression: the best softmax classifier on fixed features.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <deque>
#include <vector>

#include "core/math/thread_pool.h"
#include "core/math/types.h"

namespace hourglass {

struct LogisticRegressionOptions {
  // What counts against large weights: the objective is the sum over samples of their
  // cross-entropy, in nats, and l2 / 2 times the sum of the squared weights, not of the biases. The
  // inverse of scikit-learn's C.
  double l2 = 1;
  // Each feature is first shifted and scaled to mean 0 and variance 1 over the samples, so that
  // weights are penalised alike whatever the features' units are. One that never changes gets none.
  bool standardise = true;
  // It has converged when no entry of the gradient of the objective, divided by the number of
  // samples, is larger.
  double tolerance = 1e-6;
  int max_iterations = 1000;
};

// Finds the one minimum of a convex function by L-BFGS (Nocedal and Wright 2006, "Numerical
// Optimization", algorithms 7.4 and 7.5, ten pairs, steps halved until they descend), in double.
// The model is Hastie, Tibshirani and Friedman 2009, "The Elements of Statistical Learning",
// section 4.4.
class LogisticRegression {
 public:
  // `x` is features x n and must stay as it is, with n of at least 1; `labels` has n values in [0,
  // classes). `pool` must outlive this. Throws Error if `x` holds numbers that are not finite.
  LogisticRegression(const ConstMatrixView& x, std::vector<std::int32_t> labels, Index classes,
                     const LogisticRegressionOptions& options, ThreadPool& pool);

  // Does the next slice, of a few milliseconds; returns whether there are more. The bits of the
  // result are the same for any number of threads.
  bool advance();
  // From 0 to 1 and never falling: how far the gradient has come down, for nobody knows how many
  // steps there will be.
  double progress() const { return progress_; }

  // When advance() has returned false. For features as they come: scores are weights x + bias, and
  // the classes' probabilities the softmax of these.
  const Eigen::MatrixXd& weights() const { return weights_; }  // classes x features
  const Eigen::VectorXd& bias() const { return bias_; }        // classes
  bool has_converged() const { return converged_; }
  int iterations() const { return iterations_; }
  double objective() const { return objective_; }  // divided by the number of samples

  // The class of the highest score for each column of `x`.
  std::vector<std::int32_t> predict(const ConstMatrixView& x) const;

 private:
  // Of one place: weights (classes x features), then biases, of the scaled features.
  struct Place {
    Eigen::VectorXd at, gradient;
    double objective = 0;
  };
  struct Pair {
    Eigen::VectorXd step, change;  // of the place and of the gradient
    double inverse_product = 0;
  };

  void add_piece(Index first, Index count, Eigen::VectorXd& gradient, double& loss) const;
  void end_evaluation();
  void choose_direction();
  void try_step();
  void end(bool converged);

  ConstMatrixView x_;
  std::vector<std::int32_t> labels_;
  Index classes_;
  LogisticRegressionOptions options_;
  ThreadPool& pool_;
  Eigen::VectorXd mean_, inverse_spread_;  // of the features

  Place here_, trial_;
  bool started_ = false;  // here_ is known
  Eigen::VectorXd direction_;
  double step_ = 0, slope_ = 0;  // along direction_
  std::deque<Pair> pairs_;
  Index next_ = 0;  // sample of the evaluation of trial_
  std::vector<Eigen::VectorXd> piece_gradients_;
  std::vector<double> piece_losses_;

  int iterations_ = 0;
  bool converged_ = false, done_ = false;
  double first_gradient_ = 0, progress_ = 0, objective_ = 0;
  Eigen::MatrixXd weights_;
  Eigen::VectorXd bias_;
};

}  // namespace hourglass
