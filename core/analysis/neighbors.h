// The nearest neighbours of codes, found exactly.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "core/math/thread_pool.h"
#include "core/math/types.h"

namespace hourglass {

// |a - b|^2, the same on every machine; 0 if they are equal.
Scalar squared_distance(const Scalar* a, const Scalar* b, Index size);

// Whether all distances between such codes are finite: without numbers that are not, or too large
// for their squares (some 1e19).
template <typename Code>
bool has_distances(const Code& code) {
  return std::isfinite(4 * code.squaredNorm());
}

// k neighbours for each of n codes, nearest first; equally far ones by their number.
struct Neighbors {
  Index k = 0;
  std::vector<std::int32_t> indices;  // k x n, one code's after the other's; -1 where there is none
  Matrix distances;                   // k x n, Euclidean; infinite where there is none

  const std::int32_t* of(Index code) const { return indices.data() + code * k; }
};

// Finds the codes that are nearest to others by the Euclidean distance.
//
// |a - b|^2 = |a|^2 + |b|^2 - 2 ab comes from products of matrices and chooses candidates: those
// that rounding might have pushed out stay in. How near they must be is guessed by a sample, and
// where the guess proves too bold they are chosen again. Their distances are then computed from the
// codes themselves, in the same way on every machine, so the distance of equal codes is 0, and
// result and order are those of comparing all distances. Time grows as n d per query, and where
// rounding hides what is near (tight groups, far apart) by up to a factor of ten.
//
// A code without has_distances() is nobody's neighbour and has none.
class NeighborSearch {
 public:
  // `codes` (d x n, d >= 1) must stay as they are; takes memory for them once more.
  explicit NeighborSearch(const ConstMatrixView& codes);

  Index size() const { return codes_.cols(); }
  Index code_size() const { return codes_.rows(); }
  bool is_finite(Index code) const {
    return bias_[code] > -std::numeric_limits<Scalar>::infinity();
  }

  // The k nearest codes of each query (d x m), among them those equal to it: k >= 1 and k x m
  // results. On the caller's thread.
  Neighbors find(const ConstMatrixView& queries, Index k) const;

  // The same for codes [first, first + count) as the queries, of which none is its own neighbour.
  // `indices` and `distances` begin with the results of code `first`.
  void find_for_codes(Index first, Index count, Index k, std::int32_t* indices,
                      Scalar* distances) const;

 private:
  void pack(Index step, Index count, Vector& packed, Vector& bias) const;
  void find_block(const ConstMatrixView& queries, Index own, Index k, std::int32_t* indices,
                  Scalar* distances) const;

  ConstMatrixView codes_;
  Vector mean_;    // is taken from all codes, so that products are small
  Vector packed_;  // codes less the mean, see pack_rows()
  Vector bias_;    // -|b|^2 / 2 of these; -infinity for one that is nobody's neighbour
  Vector sample_, sample_bias_;  // the same of some codes, evenly spread; empty if there are few
};

// The k nearest neighbours of every code, some codes at a time.
class NeighborGraph {
 public:
  // `codes` (d x n) must stay as they are until advance() has returned false. k >= 1.
  NeighborGraph(const ConstMatrixView& codes, Index k, ThreadPool& pool);

  // Does the next slice, of a few milliseconds (for 60,000 codes of 32 numbers); returns whether
  // there are more. The bits of the result are the same for any number of threads.
  bool advance();
  double progress() const;  // from 0 to 1
  // Complete when advance() has returned false.
  const Neighbors& neighbors() const { return neighbors_; }
  // For queries that are none of the codes; these must still be there.
  const NeighborSearch& search() const { return search_; }
  Neighbors take() { return std::move(neighbors_); }

 private:
  NeighborSearch search_;
  ThreadPool& pool_;
  Neighbors neighbors_;
  Index next_ = 0;
};

}  // namespace hourglass
