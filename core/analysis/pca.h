// The plane in which a cloud of codes is widest.
#pragma once

#include "core/math/types.h"

namespace hourglass {

// A plane in code space: the point (u, v) stands for the code  mean + u axes.col(0) + v axes.col(1).
struct CodePlane {
  Vector mean;   // code size
  Matrix axes;   // code size x 2, orthonormal columns (a zero column if the code has one unit)

  // 2 x n coordinates of codes (code size x n), by orthogonal projection.
  void project(const ConstMatrixView& codes, MatrixView points) const;
  // Codes (code size x n) of points (2 x n).
  void lift(const ConstMatrixView& points, MatrixView codes) const;
};

// Principal component analysis (Pearson 1901): the mean of `codes` (code size x n, n >= 1) and its two
// directions of largest variance. Codes of two units keep their own axes, and codes of one unit lie on
// the first. With `previous` of the same size, the axes are turned within their plane to lie as near
// to the previous ones as they can, so that a map that is drawn again and again does not flip;
// otherwise the largest entry of each is positive.
CodePlane principal_plane(const ConstMatrixView& codes, const CodePlane* previous);

// The plane of two units: u and v are a code's own values of units `x` and `y` (below the code size),
// and lift() gives all others their mean over `codes` (code size x n, n >= 1). If x is y, v is always 0.
CodePlane unit_plane(const ConstMatrixView& codes, Index x, Index y);

}  // namespace hourglass
