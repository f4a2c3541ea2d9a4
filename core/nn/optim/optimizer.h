// From gradients to steps.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/math/types.h"

namespace hourglass {

// g is the gradient, w the parameter, t the number of the step from 1 on.
//   sgd       v = momentum v + g;  w -= rate v                          (Sutskever et al. 2013)
//   rmsprop   s = rho s + (1 - rho) g^2;  v = momentum v + g / (sqrt s + epsilon);  w -= rate v
//                                                                       (Hinton, lecture 6e, 2012)
//   adadelta  s = rho s + (1 - rho) g^2;  d = g sqrt(u + epsilon) / sqrt(s + epsilon);
//             u = rho u + (1 - rho) d^2;  w -= rate d                   (Zeiler 2012, algorithm 1)
//   adam      m = beta1 m + (1 - beta1) g;  s = beta2 s + (1 - beta2) g^2;
//             w -= rate m / (1 - beta1^t) / (sqrt(s / (1 - beta2^t)) + epsilon)
//                                                                       (Kingma and Ba 2015, alg.
//                                                                       1)
enum class OptimizerKind { kSgd, kRmsprop, kAdadelta, kAdam };

std::string_view optimizer_name(OptimizerKind kind);
std::span<const std::string_view> optimizer_names();
OptimizerKind optimizer_from_name(std::string_view name);  // throws Error

struct Optimizer {
  OptimizerKind kind = OptimizerKind::kAdam;
  double learning_rate = 1e-3;
  double momentum = 0;    // sgd, rmsprop
  double rho = 0.9;       // rmsprop, adadelta
  double beta1 = 0.9;     // adam
  double beta2 = 0.999;   // adam
  double epsilon = 1e-7;  // rmsprop, adadelta, adam
  // Decoupled: weights also shrink by rate * weight_decay of themselves, past the gradient and its
  // moments (Loshchilov and Hutter 2019; with adam this is AdamW). Not to be confused with an L2
  // penalty, which is part of the loss.
  double weight_decay = 0;

  bool operator==(const Optimizer&) const = default;
};

// The most moments that any optimizer keeps per parameter.
inline constexpr int kMaxMoments = 2;

// How many moments `kind` keeps per parameter, and what each is called in a checkpoint.
std::span<const std::string_view> moment_names(OptimizerKind kind);

// Takes one step on a range of parameters. All spans are of one length; the first
// moment_names().size() moments are read and written. `step` counts from 1 and is the same for all
// ranges of a step. `decays` says whether weight_decay is for these: for weights, not for biases.
// Moments below 1e-30 become 0: they would decay into denormal numbers, which are many times
// slower.
void apply_step(const Optimizer& optimizer, std::int64_t step, std::span<Scalar> parameters,
                std::span<const Scalar> gradients, Scalar* const moments[kMaxMoments],
                bool decays = false);

}  // namespace hourglass
