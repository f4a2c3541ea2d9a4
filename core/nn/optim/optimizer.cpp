#include "core/nn/optim/optimizer.h"

#include <cmath>
#include <cstdlib>

#include "core/base/names.h"
#include "core/math/simd/kernels.h"

namespace hourglass {
namespace {

constexpr std::string_view kOptimizerNames[] = {"sgd", "rmsprop", "adadelta", "adam"};

constexpr std::string_view kSgdMoments[] = {"velocity"};
constexpr std::string_view kRmspropMoments[] = {"mean_square", "velocity"};
constexpr std::string_view kAdadeltaMoments[] = {"mean_square", "mean_square_step"};
constexpr std::string_view kAdamMoments[] = {"mean", "mean_square"};

OptimizerCoefficients step_numbers(const Optimizer& o, std::int64_t t, bool decays) {
  OptimizerCoefficients numbers{
      .rate = static_cast<Scalar>(o.learning_rate),
      .kept = static_cast<Scalar>(decays ? 1 - o.learning_rate * o.weight_decay : 1),
      .momentum = static_cast<Scalar>(o.momentum),
      .rho = static_cast<Scalar>(o.rho),
      .beta1 = static_cast<Scalar>(o.beta1),
      .beta2 = static_cast<Scalar>(o.beta2),
      .epsilon = static_cast<Scalar>(o.epsilon)};
  if (o.kind == OptimizerKind::kAdam) {
    // The two corrections of the bias are numbers of the step, so they move out of the loop:
    // rate m / c1 / (sqrt(s / c2) + e) = (rate / c1) m / (sqrt(s) / sqrt(c2) + e).
    const double steps = static_cast<double>(t);
    numbers.rate = static_cast<Scalar>(o.learning_rate / (1 - std::pow(o.beta1, steps)));
    numbers.inverse = static_cast<Scalar>(1 / std::sqrt(1 - std::pow(o.beta2, steps)));
  }
  return numbers;
}

}  // namespace

std::span<const std::string_view> optimizer_names() { return kOptimizerNames; }

std::string_view optimizer_name(OptimizerKind kind) {
  return kOptimizerNames[static_cast<std::size_t>(kind)];
}

OptimizerKind optimizer_from_name(std::string_view name) {
  return value_from_name<OptimizerKind>(kOptimizerNames, name, "optimizer");
}

std::span<const std::string_view> moment_names(OptimizerKind kind) {
  switch (kind) {
    case OptimizerKind::kSgd:
      return kSgdMoments;
    case OptimizerKind::kRmsprop:
      return kRmspropMoments;
    case OptimizerKind::kAdadelta:
      return kAdadeltaMoments;
    case OptimizerKind::kAdam:
      return kAdamMoments;
  }
  return {};
}

void apply_step(const Optimizer& optimizer, std::int64_t step, std::span<Scalar> parameters,
                std::span<const Scalar> gradients, Scalar* const moments[kMaxMoments],
                bool decays) {
  const Kernels& k = kernels();
  const auto kernel = [&] {
    switch (optimizer.kind) {
      case OptimizerKind::kSgd:
        return k.sgd;
      case OptimizerKind::kRmsprop:
        return k.rmsprop;
      case OptimizerKind::kAdadelta:
        return k.adadelta;
      case OptimizerKind::kAdam:
        return k.adam;
    }
    std::abort();
  }();
  kernel(step_numbers(optimizer, step, decays), parameters.data(), moments, gradients.data(),
         static_cast<Index>(parameters.size()));
}

}  // namespace hourglass
