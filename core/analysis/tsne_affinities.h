// Which points t-SNE draws together, and how strongly.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/analysis/neighbors.h"
#include "core/math/thread_pool.h"
#include "core/math/types.h"

namespace hourglass {

// A sparse symmetric matrix, row after row: row i has entries [first[i], first[i + 1]), whole
// vectors of them; those that fill up the last one are 0 and name column 0.
struct AffinityRows {
  std::vector<std::uint32_t> first;    // n + 1
  std::vector<std::uint32_t> columns;  // of the entries
  std::vector<Scalar> values;

  Index size() const { return static_cast<Index>(first.size()) - 1; }
};

// p(j | i) of point i's neighbours j at `distances` (k of them, Euclidean, finite, ascending): exp(
// -beta d^2), normalised, with the beta for which the distribution's perplexity, 2 to the power of
// its entropy in bits, is `perplexity`, from 1 to k (van der Maaten and Hinton 2008, equation 1 and
// section 2). Where no beta gives that, because more neighbours than that are equally near, the
// nearest share alike. `p` may be `distances`.
void conditional_affinities(const Scalar* distances, Index k, double perplexity, Scalar* p);

// The joint probabilities of n points, p_ij = (p(j | i) + p(i | j)) / 2n, some points at a time:
// all together 1, and each row at least 1 / 2n.
class Affinities {
 public:
  // Takes what NeighborGraph found for finite codes, with 1 <= perplexity <= k < n.
  Affinities(Neighbors neighbors, double perplexity, ThreadPool& pool);

  // Does the next slice, of a few milliseconds; returns whether there are more. The bits of the
  // result are the same for any number of threads.
  bool advance();
  double progress() const;  // from 0 to 1
  // Complete when advance() has returned false.
  AffinityRows take() { return std::move(joint_); }

 private:
  enum class Step { kConditional, kPair, kFill, kDone };

  Index size() const { return neighbors_.distances.cols(); }
  void find_conditionals(Index begin, Index end);
  void pair(Index begin, Index end);
  void begin_fill();
  void fill(Index begin, Index end);

  // Of each point in the order of their numbers, once its p(j | i) are there: these in place of the
  // distances, and then p(j | i) + p(i | j), negative where i is none of j's neighbours.
  Neighbors neighbors_;
  double perplexity_;
  ThreadPool& pool_;
  Step step_ = Step::kConditional;
  Index next_ = 0;
  // How many points have each as a neighbour without being its own; then where the next one goes.
  std::vector<std::uint32_t> more_;
  AffinityRows joint_;
};

}  // namespace hourglass
