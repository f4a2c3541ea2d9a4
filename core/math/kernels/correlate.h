// Convolution with stride 1 for one instruction set; included by isa_*.cpp only, see simd.h. What is
// computed is told in core/math/convolve.h.
//
// The same blocks as those of a product (product.h), with two differences: the rows of a step in depth
// begin where the image, shifted, begins, and a gradient sums along its vectors.
#pragma once

#include "core/math/kernels/interface.h"
#include "core/math/kernels/product.h"
#include "core/math/kernels/simd.h"

namespace hourglass {
namespace {

// Vectors of positions that go with so many channels, that registers are full; but no more than 8,
// enough to hide an addition's latency.
constexpr int positions_with(int channels) {
  constexpr int kSums = kVectors * kColumns;
  return kSums / channels > 8 ? 8 : kSums / channels;
}
static_assert(positions_with(1) * kLanes <= kCorrelateSlack);

// out[c][i] = sum_k image[offsets[k] + i] * weight[c][k] for V * kLanes positions i and N channels.
template <int V, int N>
__attribute__((noinline)) void correlate_block(const Scalar* image, const Index* offsets,
                                               Index depth, const Scalar* weight, Scalar* out,
                                               Index out_stride) {
  Vec sums[N][V];
  HOURGLASS_UNROLL
  for (int c = 0; c < N; ++c) {
    HOURGLASS_UNROLL
    for (int v = 0; v < V; ++v) sums[c][v] = Vec{};
  }
  const Scalar* w[N];
  HOURGLASS_UNROLL
  for (int c = 0; c < N; ++c) w[c] = weight + c * depth;
  for (Index k = 0; k < depth; ++k) {
    const Scalar* const from = image + offsets[k];
    Vec x[V];
    HOURGLASS_UNROLL
    for (int v = 0; v < V; ++v) x[v] = load(from + v * kLanes);
    HOURGLASS_UNROLL
    for (int c = 0; c < N; ++c) {
      const Vec y = splat(*w[c]++);
      HOURGLASS_UNROLL
      for (int v = 0; v < V; ++v) sums[c][v] = madd(x[v], y, sums[c][v]);
    }
  }
  HOURGLASS_UNROLL
  for (int c = 0; c < N; ++c) {
    HOURGLASS_UNROLL
    for (int v = 0; v < V; ++v) store(out + c * out_stride + v * kLanes, sums[c][v]);
  }
}

template <int N>
void correlate_channels(const CorrelateTask& t, Index channel) {
  constexpr int V = positions_with(N);
  const Scalar* const weight = t.weight + channel * t.depth;
  Scalar* const out = t.wide + channel * t.wide_stride;
  Index i = 0;
  for (; i + (V - 1) * kLanes < t.count; i += V * kLanes) {
    correlate_block<V, N>(t.image + i, t.offsets, t.depth, weight, out + i, t.wide_stride);
  }
  for (; i < t.count; i += kLanes) {
    correlate_block<1, N>(t.image + i, t.offsets, t.depth, weight, out + i, t.wide_stride);
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
      for (int r = 0; r < R; ++r) sums[c][r] = madd(x[r], d, sums[c][r]);
    }
  }
  HOURGLASS_UNROLL
  for (int c = 0; c < N; ++c) {
    HOURGLASS_UNROLL
    for (int r = 0; r < R; ++r) store(sums_at + c * sums_stride + r * kLanes, sums[c][r]);
  }
}

template <int N>
void gradient_channels(const CorrelateTask& t, Index channel) {
  constexpr int R = positions_with(N);
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

using ChannelsFunction = void (*)(const CorrelateTask&, Index channel);

constexpr ChannelsFunction kCorrelateFunctions[] = {
    correlate_channels<1>, correlate_channels<2>, correlate_channels<3>, correlate_channels<4>,
    correlate_channels<5>, correlate_channels<6>,
#if HOURGLASS_MANY_REGISTERS
    correlate_channels<7>, correlate_channels<8>,
#endif
};
constexpr ChannelsFunction kGradientFunctions[] = {
    gradient_channels<1>, gradient_channels<2>, gradient_channels<3>, gradient_channels<4>,
    gradient_channels<5>, gradient_channels<6>,
#if HOURGLASS_MANY_REGISTERS
    gradient_channels<7>, gradient_channels<8>,
#endif
};

void for_channel_parts(const CorrelateTask& t, const ChannelsFunction* functions) {
  const Parts parts(t.channels, kColumns);
  for (Index p = 0, channel = 0; p < parts.count; channel += parts.size(p++)) {
    functions[parts.size(p) - 1](t, channel);
  }
}

void correlate(const CorrelateTask& task) { for_channel_parts(task, kCorrelateFunctions); }

void add_correlate_gradient(const CorrelateTask& task) {
  for_channel_parts(task, kGradientFunctions);
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
