#include "core/analysis/linear_decoder.h"

#include <string>
#include <utility>

#include "core/analysis/principal_angles.h"
#include "core/base/error.h"
#include "core/model/layer_type.h"
#include "core/nn/inference.h"

namespace hourglass {

void check_comparable_with_pca(const Plan& plan, Index components) {
  for (const PlannedLayer& layer : plan.layers) {
    const std::string_view activation = activation_name(layer.activation);
    if (is_affine(layer.kind, activation)) continue;
    throw Error("Only the subspace of a linear network can be held against that of PCA, and " +
                std::string(layer.name) + " of this one is not linear: it is " +
                (layer.spec.type().is_affine ? "'" + std::string(activation) + "'"
                                             : "of the type '" + std::string(layer.kind) + "'") +
                ".");
  }
  if (plan.code_size() > components) {
    throw Error("A code of " + std::to_string(plan.code_size()) +
                " units is held against as many principal components, and there are " +
                std::to_string(components) + ".");
  }
}

Eigen::MatrixXd decoder_directions(const Model& model, const Scalar* parameters, ThreadPool& pool) {
  const Index units = model.code_size();
  // The code 0, then one of each unit alone.
  Matrix codes = Matrix::Zero(units, units + 1), images(model.features(), units + 1);
  codes.rightCols(units).setIdentity();
  Inference(model, pool)
      .decode(parameters, columns(std::as_const(codes), 0, units + 1),
              columns(images, 0, units + 1));
  const Matrix directions = images.rightCols(units).colwise() - images.col(0);
  return directions.cast<double>();
}

PcaAngles angles_to_pca(const Model& model, const Scalar* parameters, const Matrix& components,
                        ThreadPool& pool) {
  check_comparable_with_pca(model.plan(), components.cols());
  const Matrix first = components.leftCols(model.code_size());
  const Eigen::VectorXd angles =
      principal_angles(decoder_directions(model, parameters, pool), first.cast<double>());
  if (angles.size() == 0) {
    throw Error("This network draws the same image for every code, so it has no subspace.");
  }
  return {angles[angles.size() - 1], angles.mean(), angles.size()};
}

}  // namespace hourglass
