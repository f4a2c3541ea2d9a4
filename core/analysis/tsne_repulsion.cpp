#include "core/analysis/tsne_repulsion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "core/math/lanes.h"

namespace hourglass {
namespace {

// Of a grid for the whole kernel, which small maps get finer, for their points are close.
constexpr double kMinSpacing = 0.0625, kSpacing = 0.25;
constexpr double kFewCells = 64, kMaxCells = 1024;
// Points are sorted into cells of that many of the grid's along each axis, and near are those less
// than kReach of these apart.
constexpr Index kBand = 2, kReach = 2;
// What a node of the Fourier transforms and a pair of points cost, in nanoseconds; and the part of
// the map's rectangle that points are spread over.
constexpr double kNodeCost = 6, kPairCost = 0.8, kFilled = 0.6;
// With so many points, all pairs take no longer than the least grid does.
constexpr Index kAllPairs = 1000, kPairTask = 64;
// Below that share of the points, Z is rounding: a map that is blown up that far.
constexpr double kMinShare = 1e-6, kMinSum = 1e-30;
constexpr Index kMinChunk = 1024, kMaxChunks = 8;

Index chunk_size(Index n) { return std::max(kMinChunk, (n + kMaxChunks - 1) / kMaxChunks); }
Index chunk_count(Index n) { return (n + chunk_size(n) - 1) / chunk_size(n); }

template <typename Task>
void for_each_chunk(Index n, ThreadPool& pool, const Task& task) {
  const Index size = chunk_size(n);
  pool.run(static_cast<int>(chunk_count(n)),
           [&](int chunk, int) { task(chunk, chunk * size, std::min(n, (chunk + 1) * size)); });
}

// A vector of pairs: differences, their squares' sum, and 0 for those that only fill it up, else 1.
struct Pairs {
  Lanes dx, dy, square, mask;
};

// Calls add(pairs) for those of point i and points [begin, end).
template <typename Add>
void for_each_pair(const Scalar* x, const Scalar* y, std::uint32_t i, std::uint32_t begin,
                   std::uint32_t end, const Add& add) {
  static constexpr Scalar kMask[8] = {1, 1, 1, 1};  // from 4 - left on: so many 1
  for (std::uint32_t j = begin; j < end; j += kLanes) {
    const Lanes dx = x[i] - load_lanes(x + j), dy = y[i] - load_lanes(y + j);
    const Index left = std::min<Index>(kLanes, end - j);
    add(Pairs{dx, dy, dx * dx + dy * dy, load_lanes(kMask + 4 - left)});
  }
}

}  // namespace

void Repulsion::compute(const Matrix& points, ThreadPool& pool) {
  const Index n = points.cols();
  choose_frame(points);
  sort_by_cells(points, pool);
  if (n <= kAllPairs) {
    pool.run(static_cast<int>((n + kPairTask - 1) / kPairTask), [&](int task, int) {
      add_all_pairs(task * kPairTask, std::min(n, (task + 1) * kPairTask));
    });
  } else {
    grid_.prepare(frame_, kernel_, pool);
    grid_.add({x_.data(), y_.data(), first_.data(), columns_, kBand, n},
              {phi_.data(), gradient_x_.data(), gradient_y_.data()}, pool);
    if (kernel_.cut > 0) {
      pool.run(static_cast<int>(rows_), [&](int row, int) { add_near_pairs(row); });
    }
  }
  sum_potentials(pool);
}

void Repulsion::choose_frame(const Matrix& points) {
  if (points.cols() <= kAllPairs) {
    // One cell, in which points keep their order.
    frame_ = {.spacing = std::numeric_limits<Scalar>::max(), .columns = kBand, .rows = kBand};
    columns_ = rows_ = 1;
    return;
  }
  const Eigen::Matrix<Scalar, 2, 1> low = points.rowwise().minCoeff();
  const Eigen::Matrix<Scalar, 2, 1> high = points.rowwise().maxCoeff();
  const Eigen::Matrix<double, 2, 1> span = high.cast<double>() - low.cast<double>();
  const double widest = span.maxCoeff(), area = span.prod();
  double spacing = kMinSpacing;
  while (spacing < kSpacing && widest > spacing * kFewCells) spacing *= 2;
  kernel_.cut = 0;
  // The grid's cost falls by the square of the spacing, that of the pairs grows by it.
  const double n = static_cast<double>(points.cols());
  const double grid = 4 * kNodeCost * area;
  const double pairs = kPairCost * n * n * ((2 * kReach + 1) * (2 * kReach + 1) * kBand * kBand) /
                       (kFilled * std::max(area, 1e-6));
  // In steps, because the grid's own transform is made for each.
  const double best = std::exp2(std::round(std::log2(grid / pairs) / 2) / 2);
  if (best > spacing && grid / (best * best) + pairs * best * best < grid / (spacing * spacing)) {
    spacing = best;
    kernel_.cut = std::pow(spacing * static_cast<double>(kBand * kReach), 2);
  }
  while (widest > spacing * kMaxCells) spacing *= 2;
  // The middle of the map is a node, so that a map that is symmetric, as it is while it is tiny, is
  // not pushed aside.
  const auto cells = [&](double width) {
    return 2 * kBand * (1 + static_cast<Index>(width / (2 * kBand * spacing)));
  };
  frame_.spacing = static_cast<Scalar>(spacing);
  frame_.columns = cells(span[0]);
  frame_.rows = cells(span[1]);
  columns_ = frame_.columns / kBand;
  rows_ = frame_.rows / kBand;
  const auto first = [&](int axis, Index count) {
    const Index before = count / 2;
    return (low[axis] + high[axis]) / 2 - static_cast<Scalar>(before) * frame_.spacing;
  };
  frame_.low_x = first(0, frame_.columns);
  frame_.low_y = first(1, frame_.rows);
}

// By counting, in chunks: where each one's points of a cell go is known before they are moved.
void Repulsion::sort_by_cells(const Matrix& points, ThreadPool& pool) {
  const Index n = points.cols(), cells = columns_ * rows_, chunks = chunk_count(n);
  first_.resize(static_cast<std::size_t>(cells + 1));
  places_.assign(static_cast<std::size_t>(cells * chunks), 0);
  for (auto* numbers : {&x_, &y_, &phi_, &gradient_x_, &gradient_y_}) {
    numbers->resize(static_cast<std::size_t>(n + kLanes));
  }
  order_.resize(static_cast<std::size_t>(n));
  place_of_.resize(static_cast<std::size_t>(n));
  const auto cell_of = [&](Index i) {
    const Index u = grid_place(points(0, i), frame_.low_x, frame_.spacing, frame_.columns).cell;
    const Index v = grid_place(points(1, i), frame_.low_y, frame_.spacing, frame_.rows).cell;
    return v / kBand * columns_ + u / kBand;
  };
  for_each_chunk(n, pool, [&](Index chunk, Index begin, Index end) {
    std::uint32_t* const counts = places_.data() + chunk * cells;
    for (Index i = begin; i < end; ++i) ++counts[cell_of(i)];
  });
  std::uint32_t place = 0;
  for (Index cell = 0; cell < cells; ++cell) {
    first_[cell] = place;
    for (Index chunk = 0; chunk < chunks; ++chunk) {
      place += std::exchange(places_[chunk * cells + cell], place);
    }
  }
  first_[cells] = place;
  for_each_chunk(n, pool, [&](Index chunk, Index begin, Index end) {
    std::uint32_t* const places = places_.data() + chunk * cells;
    for (Index i = begin; i < end; ++i) {
      const std::uint32_t place = places[cell_of(i)]++;
      place_of_[i] = place;
      order_[place] = static_cast<std::uint32_t>(i);
    }
  });
  // In the order of the cells, where nobody writes beside what another thread writes.
  for_each_chunk(n, pool, [&](Index, Index begin, Index end) {
    for (Index to = begin; to < end; ++to) {
      const Scalar* const point = points.data() + 2 * order_[to];
      x_[to] = point[0];
      y_[to] = point[1];
      phi_[to] = gradient_x_[to] = gradient_y_[to] = 0;
    }
  });
}

// The part of phi that the kernel leaves out, and its gradient, at the points of a row of cells:
//   u^4 w  and  -2 (y_i - y_j) w u^3 (4 / (1 + cut) + u w)  with  w = 1 / (1 + s).
void Repulsion::add_near_pairs(Index row) {
  const auto cut = static_cast<Scalar>(kernel_.cut);
  const Scalar scale = 1 / (1 + cut);
  const Index first_row = std::max<Index>(0, row - kReach);
  const Index last_row = std::min(rows_ - 1, row + kReach);
  for (Index column = 0; column < columns_; ++column) {
    const std::uint32_t* const cell = first_.data() + row * columns_ + column;
    const Index left = std::max<Index>(0, column - kReach);
    const Index right = std::min(columns_, column + kReach + 1);
    for (std::uint32_t i = cell[0]; i < cell[1]; ++i) {
      Lanes phi = {}, by_x = {}, by_y = {};
      for (Index r = first_row; r <= last_row; ++r) {
        // Cells beside each other hold points that follow each other.
        const std::uint32_t begin = first_[r * columns_ + left], end = first_[r * columns_ + right];
        for_each_pair(x_.data(), y_.data(), i, begin, end, [&](const Pairs& pairs) {
          const Lanes w = 1 / (1 + pairs.square);
          const Lanes u = positive_part((cut - pairs.square) * scale) * pairs.mask;
          const Lanes uw = u * w, cube = u * u * u;
          const Lanes slope = w * cube * (4 * scale + uw);
          phi += cube * uw;
          by_x += slope * pairs.dx;
          by_y += slope * pairs.dy;
        });
      }
      phi_[i] += sum_of_lanes(phi);
      gradient_x_[i] -= 2 * sum_of_lanes(by_x);
      gradient_y_[i] -= 2 * sum_of_lanes(by_y);
    }
  }
}

// All of phi but a point's own part, which would hide what the others add on a map blown up.
void Repulsion::add_all_pairs(Index begin, Index end) {
  const auto n = static_cast<std::uint32_t>(order_.size());
  for (auto i = static_cast<std::uint32_t>(begin); i < static_cast<std::uint32_t>(end); ++i) {
    Lanes phi = {}, by_x = {}, by_y = {};
    const auto add = [&](const Pairs& pairs) {
      const Lanes w = pairs.mask / (1 + pairs.square), slope = w * w;
      phi += w;
      by_x += slope * pairs.dx;
      by_y += slope * pairs.dy;
    };
    for_each_pair(x_.data(), y_.data(), i, 0, i, add);
    for_each_pair(x_.data(), y_.data(), i, i + 1, n, add);
    phi_[i] = sum_of_lanes(phi);
    gradient_x_[i] = -2 * sum_of_lanes(by_x);
    gradient_y_[i] = -2 * sum_of_lanes(by_y);
  }
}

// Every force has an opposite, but the grid's errors do not: what they sum to is taken away, or
// it would move the map.
void Repulsion::sum_potentials(ThreadPool& pool) {
  const Index n = static_cast<Index>(order_.size());
  std::array<std::array<double, 3>, kMaxChunks> parts = {};
  for_each_chunk(n, pool, [&](Index chunk, Index begin, Index end) {
    std::array<double, 3> sums = {};
    for (Index i = begin; i < end; ++i) {
      sums[0] += static_cast<double>(phi_[i]);
      sums[1] += static_cast<double>(gradient_x_[i]);
      sums[2] += static_cast<double>(gradient_y_[i]);
    }
    parts[chunk] = sums;
  });
  double sum = 0, sum_x = 0, sum_y = 0;
  for (const auto& part : parts) {
    sum += part[0];
    sum_x += part[1];
    sum_y += part[2];
  }
  // A point's own part of its potential is 1.
  normalisation_ = n <= kAllPairs
                       ? std::max(kMinSum, sum)
                       : std::max(kMinShare * static_cast<double>(n), sum - static_cast<double>(n));
  const auto mean_x = static_cast<Scalar>(sum_x / static_cast<double>(n));
  const auto mean_y = static_cast<Scalar>(sum_y / static_cast<double>(n));
  forces_.resize(2, n);
  for_each_chunk(n, pool, [&](Index, Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const std::uint32_t place = place_of_[i];
      forces_(0, i) = Scalar(-0.5) * (gradient_x_[place] - mean_x);
      forces_(1, i) = Scalar(-0.5) * (gradient_y_[place] - mean_y);
    }
  });
}

}  // namespace hourglass
