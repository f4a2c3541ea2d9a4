#include "core/train/regularizers/regularizers.h"

#include <algorithm>

#include "core/train/regularizers/activity_l1.h"
#include "core/train/regularizers/contractive.h"
#include "core/train/regularizers/gaussian_kl.h"
#include "core/train/regularizers/sparsity.h"
#include "core/train/regularizers/weight_l2.h"

namespace hourglass {
namespace {

// Each returns null where its weight is 0. Their order is that in which numbers are added up, and
// so a part of what a run is.
constexpr std::unique_ptr<Regularizer> (*kRegularizers[])(const Penalties&, const Model&) = {
    make_activity_l1, make_sparsity, make_weight_l2, make_contractive, make_gaussian_kl};

}  // namespace

Regularizers::Regularizers(const Penalties& penalties, const Model& model) {
  for (const auto make : kRegularizers) {
    if (auto made = make(penalties, model)) all_.push_back(std::move(made));
  }
}

void Regularizers::begin(const Scalar* parameters, double epochs) {
  for (const auto& each : all_) each->begin(parameters, epochs);
}

void Regularizers::set_pass(Index samples, Pass& pass) const {
  for (const auto& each : all_) each->set_pass(samples, pass);
}

double Regularizers::of_columns(const CodeViews& views) const {
  double sum = 0;
  for (const auto& each : all_) sum += each->of_columns(views);
  return sum;
}

bool Regularizers::needs_code_means() const {
  return std::any_of(all_.begin(), all_.end(),
                     [](const auto& each) { return each->needs_code_means(); });
}

void Regularizers::take_code_means(const Vector& means) {
  for (const auto& each : all_) each->take_code_means(means);
}

double Regularizers::of_code_means(const Vector& means) const {
  double sum = 0;
  for (const auto& each : all_) sum += each->of_code_means(means);
  return sum;
}

void Regularizers::add_code_gradient(Scalar scale, const CodeViews& views, MatrixView delta) const {
  for (const auto& each : all_) each->add_code_gradient(scale, views, delta);
}

double Regularizers::of_weights(const ParameterLayout& layout, const Scalar* parameters) const {
  double sum = 0;
  for (const auto& each : all_) sum += each->of_weights(layout, parameters);
  return sum;
}

void Regularizers::end_batch(const ConstMatrixView& code, Index samples) {
  for (const auto& each : all_) each->end_batch(code, samples);
}

void Regularizers::add_weight_gradient(const WeightTile& tile, Eigen::Map<Vector> gradient) const {
  for (const auto& each : all_) each->add_weight_gradient(tile, gradient);
}

}  // namespace hourglass
