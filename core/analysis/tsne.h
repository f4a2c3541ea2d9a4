// Maps of codes that keep neighbours together: t-SNE.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/analysis/neighbors.h"
#include "core/analysis/pca.h"
#include "core/analysis/tsne_affinities.h"
#include "core/analysis/tsne_repulsion.h"
#include "core/math/thread_pool.h"
#include "core/math/types.h"

namespace hourglass {

struct TsneOptions {
  double perplexity = 30;          // about how many neighbours count: 1 to a third of the codes
  double learning_rate = 0;        // 0: the larger of n / early_exaggeration / 4 and 50
  double early_exaggeration = 12;  // of the attraction, in the first quarter of 1,000 iterations
  double exaggeration = 1;         // and after that
  int iterations = 1000;           // of which up to 250 are exaggerated early
  // Points begin anywhere, instead of as the codes' principal plane has them.
  bool random_start = false;
  std::uint64_t seed = 0;  // of that, and of an axis where the codes do not tell where they begin
};

// Throws Error for fewer than 4 codes, and for options that are out of range for so many.
void check_tsne(const TsneOptions& options, Index codes);

// What is being done.
enum class TsnePhase { kStart, kNeighbors, kAffinities, kEarlyExaggeration, kLayout, kDone };

// t-distributed stochastic neighbour embedding (van der Maaten and Hinton 2008) in the plane, a
// slice at a time: who wants no more of it stops calling. Neighbours are exact, three times the
// perplexity and one for each code (van der Maaten 2014, "Accelerating t-SNE using tree-based
// algorithms"); the repulsion is found on grids, as FIt-SNE does it. The rest is as in
// scikit-learn: the start is the codes' principal plane, scaled to a standard deviation of 1e-4;
// momentum is 0.5 in the early exaggeration and 0.8 after it; gains are at least 0.01.
//
// Codes that are equal have the same neighbours' distances and stay together, however many there
// are. A code that is not finite takes no part, and its point is not finite.
class Tsne {
 public:
  // `codes` (d x n) are copied, the pool must outlive this. Throws Error for fewer than 4 finite
  // codes and for options out of range.
  Tsne(const ConstMatrixView& codes, const TsneOptions& options, ThreadPool& pool);

  // Does the next slice of a few milliseconds, such as one iteration; returns whether there are
  // more. The bits of the result are the same for any number of threads.
  bool advance();

  TsnePhase phase() const { return phase_; }
  double progress() const;                      // of this phase, from 0 to 1
  int iteration() const { return iteration_; }  // how many are done
  const Matrix& points() const;                 // 2 x n: 0 at first, then the map as it is now
  // KL(P || Q) of the map as it is now, at least 0, without exaggeration: equation 2. Not before
  // there are iterations. Right to a thousandth, as the repulsion's Z is. Costs as much as an
  // iteration.
  double kl_divergence();

 private:
  Index size() const { return points_.cols(); }
  bool start();
  void place_points();
  void iterate();
  void move(Index begin, Index end, Scalar momentum, Scalar attraction, Scalar repulsion);
  void show();

  TsneOptions options_;
  ThreadPool& pool_;
  TsnePhase phase_ = TsnePhase::kStart;
  int iteration_ = 0;
  std::vector<Index> finite_;  // codes that take part; empty if all do
  Matrix codes_;               // of those
  std::optional<PrincipalPlane> plane_;
  std::optional<NeighborGraph> graph_;
  std::optional<Affinities> affinities_;
  AffinityRows joint_;
  Repulsion repulsion_;
  // 2 x the number of codes that take part.
  Matrix points_, next_points_, updates_, gains_;
  Matrix shown_;  // 2 x n, if not all take part
};

}  // namespace hourglass
