// What t-SNE's points do to each other on the map, whether neighbours or not.
#pragma once

#include <cstdint>
#include <vector>

#include "core/analysis/tsne_grid.h"
#include "core/math/thread_pool.h"
#include "core/math/types.h"

namespace hourglass {

// For points y_1 ... y_n of the plane:
//   Z   = sum over i != j of 1 / (1 + |y_i - y_j|^2)
//   F_i = sum over j of (y_i - y_j) / (1 + |y_i - y_j|^2)^2
// (van der Maaten and Hinton 2008, equations 4 and 5). F is half the negative gradient of phi_i =
// sum over j of 1 / (1 + |y_i - y_j|^2), of which Z is the sum, so one smooth function is all that
// must be found. While points are dense a grid gives it, see SplineGrid. When they have spread, a
// coarser grid gives what is left of it without the short distances, and the pairs of points that
// are near to each other add these (particle-particle particle-mesh: Hockney and Eastwood 1988,
// chapter 8). Where that is divided follows from what each is expected to cost. Of few points all
// pairs are computed.
//
// F is right to some 0.3% (root of the mean square), or 1% while the map is below a thousandth
// across, and Z to 1e-4, so that the gains of t-SNE's steps see the gradient's signs and not the
// grid: errors of 3% cost 4% of the divergence.
class Repulsion {
 public:
  // For `points` (2 x n, finite). The bits are the same for any number of threads.
  void compute(const Matrix& points, ThreadPool& pool);

  const Matrix& forces() const { return forces_; }         // F, 2 x n; they add up to 0
  double normalisation() const { return normalisation_; }  // Z, above 0

 private:
  void choose_frame(const Matrix& points);
  void sort_by_cells(const Matrix& points, ThreadPool& pool);
  void add_near_pairs(Index row);
  void add_all_pairs(Index begin, Index end);
  void sum_potentials(ThreadPool& pool);

  GridFrame frame_;
  PlaneKernel kernel_;
  SplineGrid grid_;
  Index columns_ = 0, rows_ = 0;         // cells that points are sorted into
  std::vector<std::uint32_t> first_;     // in the order below, of each cell
  std::vector<std::uint32_t> places_;    // per chunk of points and cell: the next place
  std::vector<std::uint32_t> order_;     // points by cell, row after row, then by number
  std::vector<std::uint32_t> place_of_;  // of each point, in that order
  std::vector<Scalar> x_, y_, phi_, gradient_x_, gradient_y_;  // in that order, and a vector more
  Matrix forces_;
  double normalisation_ = 0;
};

}  // namespace hourglass
