#include "core/analysis/tsne_grid.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/math/lanes.h"
#include "core/math/scratch.h"

namespace hourglass {
namespace {

constexpr Index kBatch = Fft::kBatch;
// Two real columns are transformed as one complex.
constexpr Index kRealColumns = 2 * kBatch;
// A spline's nodes in each direction.
constexpr Index kSupport = 4;
// What tasks take: rows of the grid, points.
constexpr Index kRowsPerTask = 16;
constexpr Index kPointsPerTask = 1024;
// Of the interpolating splines, which fade by 0.27 a node and would come round the grid's edge.
constexpr Index kMargin = 4;

Index task_count(Index things, Index per_task) { return (things + per_task - 1) / per_task; }
Index whole(Index size, Index block) { return task_count(size, block) * block; }

template <typename Task>
void run(ThreadPool& pool, Index things, Index per_task, const Task& task) {
  pool.run(static_cast<int>(task_count(things, per_task)), [&](int index, int) {
    task(index * per_task, std::min(things, (index + 1) * per_task));
  });
}

// The four cubic B-splines that are not 0 at `t` in [0, 1) of a cell, and their derivatives.
struct Spline {
  Scalar value[kSupport], slope[kSupport];

  explicit Spline(Scalar t) {
    const Scalar r = 1 - t, half = Scalar(0.5), sixth = Scalar(1) / 6;
    value[0] = r * r * r * sixth;
    value[1] = (t * t * (3 * t - 6) + 4) * sixth;
    value[2] = (r * r * (3 * r - 6) + 4) * sixth;
    value[3] = t * t * t * sixth;
    slope[0] = -half * r * r;
    slope[1] = t * (Scalar(1.5) * t - 2);
    slope[2] = -r * (Scalar(1.5) * r - 2);
    slope[3] = half * t * t;
  }
};

// The transform of the spline at the nodes, 1/6 4/6 1/6.
double spline_transform(Index frequency, Index length) {
  const double angle =
      2 * std::numbers::pi * static_cast<double>(frequency) / static_cast<double>(length);
  return (2 + std::cos(angle)) / 3;
}

}  // namespace

double PlaneKernel::operator()(double squared) const {
  const double u = std::max(0.0, (cut - squared) / (1 + cut));
  return (1 - u * u * u * u) / (1 + squared);
}

void SplineGrid::prepare(const GridFrame& frame, const PlaneKernel& kernel, ThreadPool& pool) {
  const Index columns = frame.columns + kSupport - 1, rows = frame.rows + kSupport - 1;
  const Index length_x = Fft::length_from(2 * columns + kMargin);
  const Index length_y = Fft::length_from(2 * rows + kMargin);
  const bool same = fft_x_ && length_x == fft_x_->length() && length_y == fft_y_->length() &&
                    kernel == kernel_ && frame.spacing == frame_.spacing;
  frame_ = frame;
  kernel_ = kernel;
  columns_ = columns;
  rows_ = rows;
  width_ = whole(columns, kRealColumns);
  grid_.resize(static_cast<std::size_t>(rows_ * width_));
  half_ = whole(length_y / 2 + 1, kBatch);
  re_.resize(static_cast<std::size_t>(half_ * width_));
  im_.resize(re_.size());
  if (same) return;
  fft_x_ = std::make_unique<Fft>(length_x);
  fft_y_ = std::make_unique<Fft>(length_y);
  place_y_.resize(static_cast<std::size_t>(length_y));
  for (Index place = 0; place < length_y; ++place) place_y_[fft_y_->frequencies()[place]] = place;
  make_spectrum(pool);
}

// K is real and the same in all directions, so its transforms are real, along one axis and along
// both: two columns go as the real and the imaginary part of one sequence and come out like that.
void SplineGrid::make_spectrum(ThreadPool& pool) {
  const Index length_x = fft_x_->length(), length_y = fft_y_->length();
  const Index half_x = length_x / 2 + 1, width = whole(half_x, kRealColumns);
  const double spacing = static_cast<double>(frame_.spacing);
  std::vector<Scalar> along_y(static_cast<std::size_t>(half_ * width));
  run(pool, width, kRealColumns, [&](Index first, Index) {
    ScratchParts parts(2 * length_y * kBatch, 2);
    Scalar* const re = parts.take(length_y * kBatch);
    Scalar* const im = parts.take(length_y * kBatch);
    for (Index y = 0; y < length_y; ++y) {
      for (Index l = 0; l < kRealColumns; ++l) {
        const double dx = spacing * static_cast<double>(first + l);
        const double dy = spacing * static_cast<double>(std::min(y, length_y - y));
        (l < kBatch ? re : im - kBatch)[y * kBatch + l] =
            static_cast<Scalar>(kernel_(dx * dx + dy * dy));
      }
    }
    fft_y_->forward(re, im);
    for (Index k = 0; k <= length_y / 2; ++k) {
      const Index from = place_y_[k] * kBatch, to = k * width + first;
      std::copy_n(re + from, kBatch, along_y.data() + to);
      std::copy_n(im + from, kBatch, along_y.data() + to + kBatch);
    }
  });
  spectrum_.resize(static_cast<std::size_t>(half_ * length_x));
  run(pool, half_, kBatch, [&](Index first, Index) {
    ScratchParts parts(length_x * kBatch, 1);
    Scalar* const im = parts.take(length_x * kBatch);
    Scalar* const re = spectrum_.data() + first * length_x;
    std::fill_n(im, length_x * kBatch, Scalar(0));
    for (Index x = 0; x < length_x; ++x) {
      for (Index l = 0; l < kBatch; ++l) {
        re[x * kBatch + l] = along_y[(first + l) * width + std::min(x, length_x - x)];
      }
    }
    fft_x_->forward(re, im);
    // Interpolation in both of K's arguments divides by the spline's transform twice. The rest
    // makes up for the transforms there and back, and for transform_columns().
    for (Index x = 0; x < length_x; ++x) {
      const double by_x = spline_transform(fft_x_->frequencies()[x], length_x);
      for (Index l = 0; l < kBatch; ++l) {
        const double by = by_x * spline_transform(first + l, length_y);
        re[x * kBatch + l] *= static_cast<Scalar>(
            0.5 / (by * by * static_cast<double>(length_x) * static_cast<double>(length_y)));
      }
    }
  });
}

void SplineGrid::add(const Points& points, const Sums& sums, ThreadPool& pool) {
  run(pool, rows_, kRowsPerTask, [&](Index begin, Index end) { spread(points, begin, end); });
  run(pool, width_, kRealColumns, [&](Index first, Index) { transform_columns(first); });
  run(pool, half_, kBatch, [&](Index first, Index) { convolve_rows(first); });
  run(pool, width_, kRealColumns, [&](Index first, Index) { restore_columns(first); });
  run(pool, points.count, kPointsPerTask,
      [&](Index begin, Index end) { interpolate(points, sums, begin, end); });
}

// Rows [begin, end) of the grid: each node's sum is in the order of the points.
void SplineGrid::spread(const Points& points, Index begin, Index end) {
  std::fill(grid_.begin() + begin * width_, grid_.begin() + end * width_, Scalar(0));
  const Index first_band = std::max<Index>(0, begin - (kSupport - 1)) / points.band;
  const Index last_band = task_count(std::min(end, frame_.rows), points.band);
  const Index last = points.first[last_band * points.stride];
  for (Index i = points.first[first_band * points.stride]; i < last; ++i) {
    const GridPlace x = grid_place(points.x[i], frame_.low_x, frame_.spacing, frame_.columns);
    const GridPlace y = grid_place(points.y[i], frame_.low_y, frame_.spacing, frame_.rows);
    const Spline along_x(x.within), along_y(y.within);
    Scalar* row = grid_.data() + y.cell * width_ + x.cell;
    for (Index r = 0; r < kSupport; ++r, row += width_) {
      if (y.cell + r < begin || y.cell + r >= end) continue;
      for (Index c = 0; c < kSupport; c += kLanes) {
        store_lanes(row + c,
                    load_lanes(row + c) + load_lanes(along_x.value + c) * along_y.value[r]);
      }
    }
  }
}

// Of two columns a and b, as the real and the imaginary part of z: 2 A_k = Z_k + conj Z_-k and
// 2 i B_k = Z_k - conj Z_-k.
void SplineGrid::transform_columns(Index first) {
  const Index length = fft_y_->length();
  ScratchParts parts(2 * length * kBatch, 2);
  Scalar* const re = parts.take(length * kBatch);
  Scalar* const im = parts.take(length * kBatch);
  for (Index y = 0; y < rows_; ++y) {
    const Scalar* const from = grid_.data() + y * width_ + first;
    std::copy_n(from, kBatch, re + y * kBatch);
    std::copy_n(from + kBatch, kBatch, im + y * kBatch);
  }
  std::fill(re + rows_ * kBatch, re + length * kBatch, Scalar(0));
  std::fill(im + rows_ * kBatch, im + length * kBatch, Scalar(0));
  fft_y_->forward(re, im);
  for (Index k = 0; k <= length / 2; ++k) {
    const Index plus = place_y_[k] * kBatch, minus = place_y_[k == 0 ? 0 : length - k] * kBatch;
    Scalar* const to_re = re_.data() + k * width_ + first;
    Scalar* const to_im = im_.data() + k * width_ + first;
    for (Index l = 0; l < kBatch; l += kLanes) {
      const Lanes plus_re = load_lanes(re + plus + l), plus_im = load_lanes(im + plus + l);
      const Lanes minus_re = load_lanes(re + minus + l), minus_im = load_lanes(im + minus + l);
      store_lanes(to_re + l, plus_re + minus_re);
      store_lanes(to_im + l, plus_im - minus_im);
      store_lanes(to_re + kBatch + l, plus_im + minus_im);
      store_lanes(to_im + kBatch + l, minus_re - plus_re);
    }
  }
}

void SplineGrid::convolve_rows(Index first) {
  const Index length = fft_x_->length();
  ScratchParts parts(2 * length * kBatch, 2);
  Scalar* const re = parts.take(length * kBatch);
  Scalar* const im = parts.take(length * kBatch);
  Scalar* const rows_re = re_.data() + first * width_;
  Scalar* const rows_im = im_.data() + first * width_;
  for (Index x = 0; x < columns_; ++x) {
    for (Index l = 0; l < kBatch; ++l) re[x * kBatch + l] = rows_re[l * width_ + x];
    for (Index l = 0; l < kBatch; ++l) im[x * kBatch + l] = rows_im[l * width_ + x];
  }
  std::fill(re + columns_ * kBatch, re + length * kBatch, Scalar(0));
  std::fill(im + columns_ * kBatch, im + length * kBatch, Scalar(0));
  fft_x_->forward(re, im);
  const Scalar* const spectrum = spectrum_.data() + first * length;
  for (Index i = 0; i < length * kBatch; i += kLanes) {
    const Lanes by = load_lanes(spectrum + i);
    store_lanes(re + i, load_lanes(re + i) * by);
    store_lanes(im + i, load_lanes(im + i) * by);
  }
  fft_x_->inverse(re, im);
  for (Index l = 0; l < kBatch; ++l) {
    for (Index x = 0; x < columns_; ++x) rows_re[l * width_ + x] = re[x * kBatch + l];
    for (Index x = 0; x < columns_; ++x) rows_im[l * width_ + x] = im[x * kBatch + l];
  }
}

void SplineGrid::restore_columns(Index first) {
  const Index length = fft_y_->length();
  ScratchParts parts(2 * length * kBatch, 2);
  Scalar* const re = parts.take(length * kBatch);
  Scalar* const im = parts.take(length * kBatch);
  for (Index k = 0; k <= length / 2; ++k) {
    const Index plus = place_y_[k] * kBatch, minus = place_y_[k == 0 ? 0 : length - k] * kBatch;
    const Scalar* const from_re = re_.data() + k * width_ + first;
    const Scalar* const from_im = im_.data() + k * width_ + first;
    for (Index l = 0; l < kBatch; l += kLanes) {
      const Lanes a_re = load_lanes(from_re + l), b_re = load_lanes(from_re + kBatch + l);
      const Lanes a_im = load_lanes(from_im + l), b_im = load_lanes(from_im + kBatch + l);
      store_lanes(re + minus + l, a_re + b_im);
      store_lanes(im + minus + l, b_re - a_im);
      store_lanes(re + plus + l, a_re - b_im);
      store_lanes(im + plus + l, a_im + b_re);
    }
  }
  fft_y_->inverse(re, im);
  for (Index y = 0; y < rows_; ++y) {
    Scalar* const to = grid_.data() + y * width_ + first;
    std::copy_n(re + y * kBatch, kBatch, to);
    std::copy_n(im + y * kBatch, kBatch, to + kBatch);
  }
}

void SplineGrid::interpolate(const Points& points, const Sums& sums, Index begin, Index end) const {
  const Scalar scale = 1 / frame_.spacing;
  for (Index i = begin; i < end; ++i) {
    const GridPlace x = grid_place(points.x[i], frame_.low_x, frame_.spacing, frame_.columns);
    const GridPlace y = grid_place(points.y[i], frame_.low_y, frame_.spacing, frame_.rows);
    const Spline along_x(x.within), along_y(y.within);
    const Scalar* const corner = grid_.data() + y.cell * width_ + x.cell;
    Lanes phi = {}, by_x = {}, by_y = {};
    for (Index c = 0; c < kSupport; c += kLanes) {
      Lanes value = {}, slope = {};
      for (Index r = 0; r < kSupport; ++r) {
        const Lanes nodes = load_lanes(corner + r * width_ + c);
        value += nodes * along_y.value[r];
        slope += nodes * along_y.slope[r];
      }
      phi += value * load_lanes(along_x.value + c);
      by_x += value * load_lanes(along_x.slope + c);
      by_y += slope * load_lanes(along_x.value + c);
    }
    sums.phi[i] += sum_of_lanes(phi);
    sums.gradient_x[i] += sum_of_lanes(by_x) * scale;
    sums.gradient_y[i] += sum_of_lanes(by_y) * scale;
  }
}

}  // namespace hourglass
