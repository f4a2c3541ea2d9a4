// The plane in which a cloud of codes is widest.
#pragma once

#include <optional>

#include "core/analysis/centred_codes.h"
#include "core/math/types.h"

namespace hourglass {

// A plane in code space: the point (u, v) stands for the code  mean + u axes.col(0) + v
// axes.col(1).
struct CodePlane {
  Vector mean;  // code size
  Matrix axes;  // code size x 2, orthonormal columns (a zero column if the code has one unit)

  // 2 x n coordinates of codes (code size x n), by orthogonal projection.
  void project(const ConstMatrixView& codes, MatrixView points) const;
  // Codes (code size x n) of points (2 x n).
  void lift(const ConstMatrixView& points, MatrixView codes) const;
};

// Principal component analysis (Pearson 1901), a slice at a time: the mean of codes and their two
// directions of largest variance. Codes of two units keep their own axes, and codes of one unit lie
// on the first.
//
// Up to kExactUnits units the eigenvectors of the covariance are computed. Beyond, that would cost
// the cube of the width, and subspace iteration with Rayleigh-Ritz steps (Halko, Martinsson and
// Tropp 2011, "Finding structure with randomness", algorithm 4.4) finds the two that are shown at n
// x size x 8 multiplications twice per pass: first over some of the codes, evenly spread, then over
// all, until a pass raises the variance within the plane by less than a share of 3e-5. It starts
// from the same random numbers each time.
class PrincipalPlane {
 public:
  static constexpr Index kExactUnits = 64;

  // Starts over. `codes` (code size x n, n >= 1) must stay as they are until advance() has returned
  // false; `mean` is theirs. With `previous` of the same size, the axes are turned within their
  // plane to lie as near to the previous ones as they can, so that a map that is drawn again and
  // again does not flip; otherwise the largest entry of each is positive. Codes that are not finite
  // have no part in it.
  void begin(const ConstMatrixView& codes, const Vector& mean, const CodePlane* previous);
  // Does the next slice, of a few milliseconds; returns whether there are more. The bits of the
  // result are the same for any number of threads.
  bool advance(ThreadPool& pool);
  // When advance() has returned false.
  const CodePlane& plane() const { return plane_; }

 private:
  bool exact() const { return codes_->rows() <= kExactUnits; }
  void begin_pass();
  void end_pass();
  void finish(const Matrix& axes);

  std::optional<ConstMatrixView> codes_;
  std::optional<CodePlane> previous_;
  CodePlane plane_;
  CentredCodes slice_;
  Matrix block_;         // code size x 8, orthonormal: the subspace
  Matrix sum_;           // of the pass: the scatter matrix, or its product with the block
  Index step_ = 1;       // every how many-th code the pass takes
  Index next_ = 0;       // code
  int passes_ = 0;       // over these codes
  double captured_ = 0;  // in the plane by the last pass: the sum of two eigenvalues of the scatter
  bool done_ = true;
};

// The principal plane of `codes` at once, on one thread.
CodePlane principal_plane(const ConstMatrixView& codes, const CodePlane* previous);

// The plane of two units: u and v are a code's own values of units `x` and `y` (below the code
// size), and lift() gives all others their `mean` (code size). If x is y, v is always 0.
CodePlane unit_plane(const Vector& mean, Index x, Index y);

}  // namespace hourglass
