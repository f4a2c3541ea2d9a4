// Sums over all points of a smooth function of their distance, by a grid.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/math/fft.h"
#include "core/math/thread_pool.h"
#include "core/math/types.h"

namespace hourglass {

// A function of the squared distance s of two points of the plane: t-SNE's 1 / (1 + s), of which
// below `cut` that part is left out that the pairs of points themselves are asked for:
//   u^4 / (1 + s)  with  u = (cut - s) / (1 + cut).
// What is left is there the Taylor polynomial of third degree of 1 / (1 + s) about `cut`, without
// any feature finer than that distance (multilevel summation: Hardy et al. 2009, "Multilevel
// summation of electrostatic potentials using graphics processing units").
struct PlaneKernel {
  double cut = 0;  // 0 leaves nothing out
  double operator()(double squared) const;
  bool operator==(const PlaneKernel&) const = default;
};

// Where the points lie: (x - low_x) / spacing is in [0, columns], (y - low_y) / spacing in [0,
// rows].
struct GridFrame {
  Scalar low_x = 0, low_y = 0, spacing = 1;
  Index columns = 0, rows = 0;  // cells
};

// The cell in which a coordinate lies, and where in it, from 0 to 1.
struct GridPlace {
  Index cell;
  Scalar within;
};
inline GridPlace grid_place(Scalar x, Scalar low, Scalar spacing, Index cells) {
  const Scalar u = (x - low) * (1 / spacing);
  const Index cell = std::clamp(static_cast<Index>(u), Index{0}, cells - 1);
  return {cell, u - static_cast<Scalar>(cell)};
}

// phi(y) = sum_j K(|y - y_j|^2) and its gradient at all points y_i, in time n + g log g for a grid
// of g nodes. The points are spread to the grid by cubic B-splines, convolved by Fourier transforms
// with the function that interpolates K by such splines between nodes, and phi is a cubic spline
// again, of which the gradient is taken: particle-mesh Ewald as by Essmann et al. 1995, with K in
// the place of the Coulomb potential. (FIt-SNE, Linderman et al. 2019, interpolates polynomials
// piece by piece, convolves four times instead of once, and needs nodes three times as dense.)
class SplineGrid {
 public:
  void prepare(const GridFrame& frame, const PlaneKernel& kernel, ThreadPool& pool);

  // Points in the frame, in the order of their rows: those whose row of cells is in [v * band, (v +
  // 1) * band) are points first[v * stride] to first[(v + 1) * stride].
  struct Points {
    const Scalar *x, *y;
    const std::uint32_t* first;
    Index stride, band, count;
  };
  // Adds phi and its gradient at each point to what the arrays hold.
  struct Sums {
    Scalar *phi, *gradient_x, *gradient_y;
  };
  // The bits are the same for any number of threads.
  void add(const Points& points, const Sums& sums, ThreadPool& pool);

 private:
  void spread(const Points& points, Index begin, Index end);
  void transform_columns(Index block);
  void convolve_rows(Index block);
  void restore_columns(Index block);
  void interpolate(const Points& points, const Sums& sums, Index begin, Index end) const;
  void make_spectrum(ThreadPool& pool);

  GridFrame frame_;
  PlaneKernel kernel_;
  Index columns_ = 0, rows_ = 0;  // nodes
  Index width_ = 0;               // of memory's rows, whole blocks of columns
  Index half_ = 0;                // frequencies along y: rows of the spectrum, whole batches
  std::unique_ptr<Fft> fft_x_, fft_y_;
  std::vector<Index> place_y_;    // of each frequency
  std::vector<Scalar> grid_;      // rows_ x width_, row-major
  std::vector<Scalar> re_, im_;   // half_ x width_, row-major: transformed along y
  std::vector<Scalar> spectrum_;  // of K: a batch of rows after the other, as Fft has it
};

}  // namespace hourglass
