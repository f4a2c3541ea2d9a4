// How far apart two subspaces lie.
#pragma once

#include <Eigen/Core>

namespace hourglass {

// The principal angles between the spaces that the columns of `a` (n x p) and `b` (n x q) span, in
// degrees from 0 to 90, smallest first: as many as the smaller dimension of the two, and none where
// that is 0. A column that lies in the span of those before it, but for a millionth of its length,
// adds no dimension.
//
// The cosines are the singular values of Qa' Qb, of orthonormal bases (Bjorck and Golub 1973,
// "Numerical methods for computing angles between linear subspaces", theorem 1), and the sines, by
// which small angles are found, those of Qb - Qa Qa' Qb (their section 4; Knyazev and Argentati
// 2002, "Principal angles between subspaces in an A-based scalar product"). Right to some 1e-6
// degrees, at some n (p^2 + q^2 + 3 p q) multiply-adds.
Eigen::VectorXd principal_angles(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);

}  // namespace hourglass
