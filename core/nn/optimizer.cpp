#include "core/nn/optimizer.h"

#include <cmath>

#include "core/base/names.h"

namespace hourglass {
namespace {

constexpr std::string_view kNames[] = {"sgd", "rmsprop", "adadelta", "adam"};

constexpr std::string_view kSgdMoments[] = {"velocity"};
constexpr std::string_view kRmspropMoments[] = {"mean_square", "velocity"};
constexpr std::string_view kAdadeltaMoments[] = {"mean_square", "mean_square_step"};
constexpr std::string_view kAdamMoments[] = {"mean", "mean_square"};

using Values = Eigen::Map<Eigen::Array<Scalar, Eigen::Dynamic, 1>>;
using ConstValues = Eigen::Map<const Eigen::Array<Scalar, Eigen::Dynamic, 1>>;

template <typename Array>
void flush_tiny(Array&& values) {
  values = (values.abs() < Scalar(1e-30)).select(Scalar(0), values);
}

// The loops below run over pieces that stay in the first-level cache, because each is several passes.
constexpr Index kPiece = 1024;

void sgd(const Optimizer& o, Values w, ConstValues g, Values velocity) {
  velocity = Scalar(o.momentum) * velocity + g;
  flush_tiny(velocity);
  w -= Scalar(o.learning_rate) * velocity;
}

void rmsprop(const Optimizer& o, Values w, ConstValues g, Values square, Values velocity) {
  const Scalar rho = Scalar(o.rho);
  square = rho * square + (1 - rho) * g.square();
  flush_tiny(square);
  velocity = Scalar(o.momentum) * velocity + g / (square.sqrt() + Scalar(o.epsilon));
  flush_tiny(velocity);
  w -= Scalar(o.learning_rate) * velocity;
}

void adadelta(const Optimizer& o, Values w, ConstValues g, Values square, Values step_square) {
  const Scalar rho = Scalar(o.rho), epsilon = Scalar(o.epsilon);
  Eigen::Array<Scalar, Eigen::Dynamic, 1, 0, kPiece, 1> step(g.size());
  square = rho * square + (1 - rho) * g.square();
  flush_tiny(square);
  step = g * ((step_square + epsilon) / (square + epsilon)).sqrt();
  step_square = rho * step_square + (1 - rho) * step.square();
  flush_tiny(step_square);
  w -= Scalar(o.learning_rate) * step;
}

void adam(const Optimizer& o, std::int64_t t, Values w, ConstValues g, Values mean, Values square) {
  const Scalar beta1 = Scalar(o.beta1), beta2 = Scalar(o.beta2);
  // The two corrections of the bias are numbers of the step, so they move out of the loop:
  // rate m / c1 / (sqrt(s / c2) + e) = (rate / c1) m / (sqrt(s) / sqrt(c2) + e).
  const Scalar rate = Scalar(o.learning_rate / (1 - std::pow(o.beta1, static_cast<double>(t))));
  const Scalar inverse = Scalar(1 / std::sqrt(1 - std::pow(o.beta2, static_cast<double>(t))));
  mean = beta1 * mean + (1 - beta1) * g;
  flush_tiny(mean);
  square = beta2 * square + (1 - beta2) * g.square();
  flush_tiny(square);
  w -= rate * mean / (square.sqrt() * inverse + Scalar(o.epsilon));
}

}  // namespace

std::span<const std::string_view> optimizer_names() { return kNames; }

std::string_view optimizer_name(OptimizerKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

OptimizerKind optimizer_from_name(std::string_view name) {
  return value_from_name<OptimizerKind>(kNames, name, "optimizer");
}

std::span<const std::string_view> moment_names(OptimizerKind kind) {
  switch (kind) {
    case OptimizerKind::kSgd: return kSgdMoments;
    case OptimizerKind::kRmsprop: return kRmspropMoments;
    case OptimizerKind::kAdadelta: return kAdadeltaMoments;
    case OptimizerKind::kAdam: return kAdamMoments;
  }
  return {};
}

void take_step(const Optimizer& optimizer, std::int64_t step, std::span<Scalar> parameters,
               std::span<const Scalar> gradients, Scalar* const moments[kMostMoments],
               bool decays) {
  const auto size = static_cast<Index>(parameters.size());
  const bool shrink = decays && optimizer.weight_decay > 0;
  const auto kept = static_cast<Scalar>(1 - optimizer.learning_rate * optimizer.weight_decay);
  for (Index at = 0; at < size; at += kPiece) {
    const Index count = std::min(kPiece, size - at);
    Values w(parameters.data() + at, count);
    if (shrink) w *= kept;
    const ConstValues g(gradients.data() + at, count);
    const Values first(moments[0] + at, count);
    switch (optimizer.kind) {
      case OptimizerKind::kSgd: sgd(optimizer, w, g, first); break;
      case OptimizerKind::kRmsprop:
        rmsprop(optimizer, w, g, first, Values(moments[1] + at, count));
        break;
      case OptimizerKind::kAdadelta:
        adadelta(optimizer, w, g, first, Values(moments[1] + at, count));
        break;
      case OptimizerKind::kAdam:
        adam(optimizer, step, w, g, first, Values(moments[1] + at, count));
        break;
    }
  }
}

}  // namespace hourglass
