// What a linear network's code stands for: a subspace of the images, as that of PCA is.
#pragma once

#include <Eigen/Core>

#include "core/math/thread_pool.h"
#include "core/nn/model.h"

namespace hourglass {

// Whether a linear network's subspace can be held against `components` principal components: as
// many as its code has units. Throws Error that says what is in the way.
void check_comparable_with_pca(const Plan& plan, Index components);

// The directions in which the output of a linear network moves with each unit of its code: features
// x code size. They span all that it can draw, less its bias.
Eigen::MatrixXd decoder_directions(const Model& model, const Scalar* parameters, ThreadPool& pool);

// The angles between the space of the decoder's directions and that of the first as many of
// `components` (features x k, orthonormal) as the code has units. At the optimum of squared error
// all are 0 (Baldi and Hornik 1989).
struct PcaAngles {
  double largest = 0, mean = 0;  // degrees
  Index dimensions = 0;  // of the decoder's space: fewer than units where some draw the same
};
// Throws Error as check_comparable_with_pca() does, and where the decoder draws one image for every
// code. The same bits for any number of threads.
PcaAngles angles_to_pca(const Model& model, const Scalar* parameters, const Matrix& components,
                        ThreadPool& pool);

}  // namespace hourglass
