// The list of all regularizers, and walks along it.
#pragma once

#include <memory>
#include <vector>

#include "core/nn/model.h"
#include "core/train/regularizers/penalties.h"
#include "core/train/regularizers/regularizer.h"

namespace hourglass {

// Those of one model that have a weight. It cannot be made of penalties that the model has no code
// for.
class Regularizers {
 public:
  // Throws Error, saying what would be right, if `model` has no code that these penalties are made
  // for. `model` must outlive this.
  Regularizers(const Penalties& penalties, const Model& model);

  // As the functions of Regularizer, of all of them together, in the list's order.
  void begin(const Scalar* parameters, double epochs);
  void set_pass(Index samples, Pass& pass) const;
  double of_columns(const CodeViews& views) const;
  bool needs_code_means() const;
  void take_code_means(const Vector& means);
  double of_code_means(const Vector& means) const;
  void add_code_gradient(Scalar scale, const CodeViews& views, MatrixView delta) const;
  double of_weights(const ParameterLayout& layout, const Scalar* parameters) const;
  void end_batch(const ConstMatrixView& code, Index samples);
  void add_weight_gradient(const WeightTile& tile, Eigen::Map<Vector> gradient) const;

 private:
  std::vector<std::unique_ptr<Regularizer>> all_;
};

}  // namespace hourglass
