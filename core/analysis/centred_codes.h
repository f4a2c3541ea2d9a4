// Codes less their mean, a slice of them at a time, and products with those.
#pragma once

#include "core/math/thread_pool.h"
#include "core/math/types.h"

namespace hourglass {

// How many codes of `size` numbers make a slice: half a million numbers, which are gone through in
// about a millisecond and stay in a cache, and at least one code.
Index codes_per_slice(Index size);

// Room for one slice, kept from one to the next. Every product is cut by shapes alone, so it has
// the same bits for any number of threads.
class CentredCodes {
 public:
  // Takes columns first, first + step, ... of `codes` (size x n), `count` of them, less `mean`
  // (size numbers). A code with a number that is not finite becomes 0, so that it has no share in
  // any sum, and so does one whose square does not fit a Scalar: is_finite() tells which.
  void take(const ConstMatrixView& codes, const Vector& mean, Index first, Index count, Index step,
            ThreadPool& pool);

  Index count() const { return values_.cols(); }
  bool is_finite(Index code) const { return squares_[code] >= 0; }
  // The sum of all squares.
  double squares() const;

  // The slice's products with the columns of `block` (size x k): count() x k, valid until the next
  // call.
  const Matrix& dot(const Matrix& block, ThreadPool& pool);
  // sum += slice * dot(block), which is the slice's scatter matrix times `block`: size x k.
  void add_scatter_times(const Matrix& block, Matrix& sum, ThreadPool& pool);
  // sum += the slice's scatter matrix, size x size.
  void add_scatter(Matrix& sum) const;

 private:
  Matrix values_;    // size x count
  Matrix products_;  // count x k
  Vector squares_;   // of each code; -1 for one that is not finite
};

}  // namespace hourglass
