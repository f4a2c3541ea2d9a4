// Convolution with stride 1 for one instruction set; included by isa/*.cpp only, see simd.h. What
// is computed is told in core/math/conv/padded_correlation.h.
//
// The same blocks as those of a product (product.h), with two differences: the rows of a step in
// depth begin where the image, shifted, begins, and a gradient sums along its vectors.
#pragma once

#include "core/math/simd/gemm_kernel.h"
#include "core/math/simd/interface.h"
#include "core/math/simd/simd.h"
#include "core/math/simd/vector_math.h"

namespace hourglass {
namespace {

// Vectors that go with so many channels, that registers are full; but no more than 8, enough to
// hide an addition's latency.
constexpr int vectors_with(int channels) {
  constexpr int kSums = kMR * kNR;
  return kSums / channels > 8 ? 8 : kSums / channels;
}

// Where one vector of results begins: in the padded image unshifted, and in an output channel.
struct Place {
  Index in, out;
};

// out[c][place] = bias[c] + sum_k image[offsets[k] + place] * weight[k][c] for vectors at V places
// and N channels.
template <int V, int N>
__attribute__((noinline)) void correlate_block(const CorrelateTask& t, const Place* places,
                                               Index channel, Scalar* out, Index out_stride) {
  Vec sums[N][V];
  HOURGLASS_UNROLL
  for (int c = 0; c < N; ++c) {
    const Vec start = t.bias ? splat(t.bias[channel + c]) : Vec{};
    HOURGLASS_UNROLL
    for (int v = 0; v < V; ++v) sums[c][v] = start;
  }
  const Scalar* at[V];
  HOURGLASS_UNROLL
  for (int v = 0; v < V; ++v) at[v] = t.image + places[v].in;
  const Scalar* w = t.weight + channel;
  const Index* offset = t.offsets;
  const Index channels = t.channels;
  for (Index left = t.depth; left > 0; --left) {
    Vec x[V];
    HOURGLASS_UNROLL
    for (int v = 0; v < V; ++v) x[v] = load(at[v] + *offset);
    ++offset;
    HOURGLASS_UNROLL
    for (int c = 0; c < N; ++c) {
      const Vec y = splat(w[c]);
      HOURGLASS_UNROLL
      for (int v = 0; v < V; ++v) sums[c][v] = mul_add(x[v], y, sums[c][v]);
    }
    w += channels;
  }
  if (t.relu) {
    HOURGLASS_UNROLL
    for (int c = 0; c < N; ++c) {
      HOURGLASS_UNROLL
      for (int v = 0; v < V; ++v) sums[c][v] = max(sums[c][v], Vec{});
    }
  }
  HOURGLASS_UNROLL
  for (int c = 0; c < N; ++c) {
    HOURGLASS_UNROLL
    for (int v = 0; v < V; ++v) store(out + c * out_stride + places[v].out, sums[c][v]);
  }
}

// `count` places, of which only the first `whole` have room for a vector in their channel.
template <int N>
void correlate_channels(const CorrelateTask& t, const Place* places, Index whole, Index count,
                        Index channel) {
  constexpr int V = vectors_with(N);
  const Index plane = t.rows * t.columns;
  Scalar* const out = t.out + channel * plane;
  Index i = 0;
  for (; i + V <= whole; i += V) correlate_block<V, N>(t, places + i, channel, out, plane);
  for (; i < whole; ++i) correlate_block<1, N>(t, places + i, channel, out, plane);
  for (; i < count; ++i) {
    Scalar tail[N * kLanes];
    const Place place{places[i].in, 0};
    correlate_block<1, N>(t, &place, channel, tail, kLanes);
    for (int c = 0; c < N; ++c) {
      for (Index j = 0; j < t.columns; ++j) {
        out[c * plane + places[i].out + j] = tail[c * kLanes + j];
      }
    }
  }
}

// sums[c][k] += sum_i image[offsets[k] + i] * wide[c][i] for R offsets and N channels, each a whole
// vector, whose lanes somebody adds later.
template <int R, int N>
__attribute__((noinline)) void gradient_block(const Scalar* image, const Index* offsets,
                                              const Scalar* wide, Index wide_stride, Index count,
                                              Scalar* sums_at, Index sums_stride) {
  Vec sums[N][R];
  HOURGLASS_UNROLL
  for (int c = 0; c < N; ++c) {
    HOURGLASS_UNROLL
    for (int r = 0; r < R; ++r) sums[c][r] = load(sums_at + c * sums_stride + r * kLanes);
  }
  const Scalar* x_at[R];
  HOURGLASS_UNROLL
  for (int r = 0; r < R; ++r) x_at[r] = image + offsets[r];
  const Scalar* d_at[N];
  HOURGLASS_UNROLL
  for (int c = 0; c < N; ++c) d_at[c] = wide + c * wide_stride;
  for (Index left = count; left > 0; left -= kLanes) {
    Vec x[R];
    HOURGLASS_UNROLL
    for (int r = 0; r < R; ++r) {
      x[r] = load(x_at[r]);
      x_at[r] += kLanes;
    }
    HOURGLASS_UNROLL
    for (int c = 0; c < N; ++c) {
      const Vec d = load(d_at[c]);
      d_at[c] += kLanes;
      HOURGLASS_UNROLL
      for (int r = 0; r < R; ++r) sums[c][r] = mul_add(x[r], d, sums[c][r]);
    }
  }
  HOURGLASS_UNROLL
  for (int c = 0; c < N; ++c) {
    HOURGLASS_UNROLL
    for (int r = 0; r < R; ++r) store(sums_at + c * sums_stride + r * kLanes, sums[c][r]);
  }
}

template <int N>
void gradient_channels(const CorrelateGradientTask& t, Index channel) {
  constexpr int R = vectors_with(N);
  const Scalar* const wide = t.wide + channel * t.wide_stride;
  const Index stride = t.depth * kLanes;
  Scalar* const sums = t.sums + channel * stride;
  Index k = 0;
  for (; k + R <= t.depth; k += R) {
    gradient_block<R, N>(t.image, t.offsets + k, wide, t.wide_stride, t.count, sums + k * kLanes,
                         stride);
  }
  for (; k < t.depth; ++k) {
    gradient_block<1, N>(t.image, t.offsets + k, wide, t.wide_stride, t.count, sums + k * kLanes,
                         stride);
  }
}

using CorrelateFunction = void (*)(const CorrelateTask&, const Place*, Index, Index, Index);
using GradientFunction = void (*)(const CorrelateGradientTask&, Index channel);

constexpr CorrelateFunction kCorrelateFunctions[] = {
    correlate_channels<1>, correlate_channels<2>, correlate_channels<3>,
    correlate_channels<4>, correlate_channels<5>, correlate_channels<6>,
#if HOURGLASS_MANY_REGISTERS
    correlate_channels<7>, correlate_channels<8>,
#endif
};
constexpr GradientFunction kGradientFunctions[] = {
    gradient_channels<1>, gradient_channels<2>, gradient_channels<3>,
    gradient_channels<4>, gradient_channels<5>, gradient_channels<6>,
#if HOURGLASS_MANY_REGISTERS
    gradient_channels<7>, gradient_channels<8>,
#endif
};

// Calls part(first channel, how many).
template <typename Part>
HOURGLASS_INLINE void for_channel_parts(Index channels, const Part& part) {
  const Partition parts(channels, kNR);
  for (Index p = 0, channel = 0; p < parts.count; channel += parts.size(p++)) {
    part(channel, parts.size(p));
  }
}

// An output row is covered by vectors of which the last overlaps the one before it. Where rows are
// shorter than a vector, what is too much in one is overwritten with the next, in this order; only
// at a channel's end that would be another's numbers.
void correlate(const CorrelateTask& t) {
  constexpr Index kPlaces = 48;  // a multiple of all vectors_with()
  Place places[kPlaces];
  const Index plane = t.rows * t.columns;
  for (Index row = 0, column = 0; row < t.rows;) {
    Index count = 0, whole = 0;
    for (; count < kPlaces && row < t.rows; ++count) {
      places[count] = {row * t.width + column, row * t.columns + column};
      whole += places[count].out + kLanes <= plane;
      column += kLanes;
      if (column >= t.columns) {
        column = 0;
        ++row;
      } else if (column + kLanes > t.columns) {
        column = t.columns - kLanes;
      }
    }
    for_channel_parts(t.channels, [&](Index channel, Index channels) {
      kCorrelateFunctions[channels - 1](t, places, whole, count, channel);
    });
  }
}

void add_correlate_gradient(const CorrelateGradientTask& t) {
  for_channel_parts(t.channels, [&](Index channel, Index channels) {
    kGradientFunctions[channels - 1](t, channel);
  });
}

void add_lanes(const Scalar* vectors, Index count, Scalar* sums) {
  for (Index i = 0; i < count; ++i, vectors += kLanes) {
    Scalar sum = 0;
    HOURGLASS_UNROLL
    for (Index lane = 0; lane < kLanes; ++lane) sum += vectors[lane];
    sums[i] += sum;
  }
}

}  // namespace
}  // namespace hourglass
