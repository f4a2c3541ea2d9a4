// The eigenvalues of a small symmetric matrix and their eigenvectors, all of them and at once.
#pragma once

#include <Eigen/Core>

namespace hourglass {

struct SymmetricEigen {
  Eigen::VectorXd values;   // n, largest first
  Eigen::MatrixXd vectors;  // n x n, orthonormal columns in the order of the values
};

// Householder's reduction to tridiagonal form (Martin, Reinsch and Wilkinson 1968, "Householder's
// tridiagonalization of a symmetric matrix") and implicit QL (Dubrulle, Martin and Wilkinson 1968,
// "The implicit QL algorithm"), at some 6 n^3 multiply-adds. Of `matrix` (n x n, n >= 1), the lower
// triangle is read; its entries are 0 or between 1e-140 and 1e140. |A v - lambda v| is some 1e-15
// of the largest eigenvalue for every pair. Where an entry is not finite, nothing is right and it
// still ends.
//
// This is a twelfth of the code of Eigen::SelfAdjointEigenSolver, which the page would download.
SymmetricEigen symmetric_eigen(Eigen::MatrixXd matrix);

}  // namespace hourglass
