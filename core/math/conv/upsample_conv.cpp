#include "core/math/conv/upsample_conv.h"

#include <algorithm>
#include <cassert>

#include "core/math/scratch.h"
#include "core/math/simd/kernels.h"

namespace hourglass {
namespace {

// Rounded down, below 0 too.
Index half(Index i) { return (i - (i % 2 != 0 && i < 0)) / 2; }

}  // namespace

bool UpsampleConv::can(const ConvGeometry& g) {
  return g.stride == 1 && 2 * g.padding == g.kernel - 1 && g.rows == g.image.rows &&
         g.columns == g.image.columns && g.rows % 2 == 0 && g.columns % 2 == 0;
}

UpsampleConv::UpsampleConv(const ConvGeometry& g, Index channels)
    : image_channels_(g.image.channels),
      channels_(channels),
      kernel_(g.kernel),
      rows_(g.rows / 2),
      columns_(g.columns / 2),
      margin_((g.padding + 1) / 2),
      width_(columns_ + 2 * margin_),
      plane_(whole_vectors(width_ * (rows_ + 2 * margin_))),
      used_((rows_ - 1) * width_ + columns_),
      count_(whole_vectors(used_)) {
  for (Index a = 0; a < 2; ++a) {
    for (Index k = 0; k < kernel_; ++k) {
      const Index d = half(a - k + g.padding);
      if (k == 0 || taps_.back().d != d) taps_.push_back({a, d});
      tap_of_.push_back(static_cast<Index>(taps_.size()) - 1);
    }
  }
  for (Index c = 0; c < channels_; ++c) {
    for (const Tap& row : taps_) {
      for (const Tap& column : taps_) {
        forward_[2 * row.a + column.a].push_back(c * plane_ + (margin_ + row.d) * width_ + margin_ +
                                                 column.d);
      }
    }
  }
  for (Index c = 0; c < image_channels_; ++c) {
    for (const Tap& row : taps_) {
      for (const Tap& column : taps_) {
        backward_.push_back((4 * c + 2 * row.a + column.a) * plane_ + (margin_ - row.d) * width_ +
                            margin_ - column.d);
      }
    }
  }
}

template <typename Visit>
void UpsampleConv::for_each_weight(const Visit& visit) const {
  for (Index a = 0; a < 2; ++a) {
    for (Index b = 0; b < 2; ++b) {
      for (Index ky = 0; ky < kernel_; ++ky) {
        for (Index kx = 0; kx < kernel_; ++kx) {
          visit(ky * kernel_ + kx, tap_of_[a * kernel_ + ky], tap_of_[b * kernel_ + kx]);
        }
      }
    }
  }
}

void UpsampleConv::forward(const Scalar*, const ConstMatrixView&, const Scalar*, bool,
                           MatrixView) const {
  assert(false);
}

void UpsampleConv::backward(const ConvBackward&) const { assert(false); }

Index UpsampleConv::padded_size(Index maps) const { return maps * plane_ + kCorrelateSlack; }

void UpsampleConv::downsample(const Scalar* maps, Scalar* to, Index stride, Scalar* aside) const {
  for (Index c = 0; c < channels_; ++c) {
    kernels().unzip_rows(maps + 4 * c * rows_ * columns_, nullptr, 4 * columns_, rows_, columns_,
                         to + c * stride, aside, width_);
  }
}

void UpsampleConv::transpose_forward(const Scalar* weight, const ConstMatrixView& maps,
                                     const Scalar* bias, bool relu, MatrixView images) const {
  const Index taps = static_cast<Index>(taps_.size()), area = kernel_ * kernel_;
  const Index sums_size = channels_ * taps * taps * image_channels_;
  ScratchParts parts(sums_size + padded_size(channels_) + 2 * image_channels_ * count_, 4);
  Scalar* const sums = parts.take(sums_size);
  Scalar* const padded = parts.take(padded_size(channels_));
  Scalar* const even = parts.take(image_channels_ * count_);
  Scalar* const odd = parts.take(image_channels_ * count_);

  // One matrix for each of the four kinds of pixels, one after another.
  const Scalar* weights[4];
  Scalar* next = sums;
  Index first_row[4], row_taps[2];  // row_taps: how many taps a = 0 and a = 1 have
  row_taps[0] = std::count_if(taps_.begin(), taps_.end(), [](const Tap& t) { return t.a == 0; });
  row_taps[1] = taps - row_taps[0];
  for (int kind = 0; kind < 4; ++kind) {
    weights[kind] = next;
    first_row[kind] = (next - sums) / image_channels_;
    next += static_cast<Index>(forward_[kind].size()) * image_channels_;
  }
  std::fill_n(sums, sums_size, Scalar(0));
  for (Index c = 0; c < channels_; ++c) {
    for_each_weight([&](Index k, Index row, Index column) {
      const Index a = taps_[row].a, b = taps_[column].a;
      const Index row_in_kind = c * row_taps[a] + row - a * row_taps[0];
      const Index at = first_row[2 * a + b] + row_in_kind * row_taps[b] + column - b * row_taps[0];
      for (Index o = 0; o < image_channels_; ++o) {
        sums[at * image_channels_ + o] += weight[(c * image_channels_ + o) * area + k];
      }
    });
  }

  std::fill_n(padded, padded_size(channels_), Scalar(0));
  for (Index j = 0; j < images.cols(); ++j) {
    downsample(maps.col(j).data(), padded + margin_ * width_ + margin_, plane_, even);
    Scalar* const image = images.col(j).data();
    for (int a = 0; a < 2; ++a) {
      for (int b = 0; b < 2; ++b) {
        const int kind = 2 * a + b;
        // All rows as one: rows of 7 pixels would leave vectors half empty.
        kernels().correlate({.image = padded,
                             .width = 0,
                             .offsets = forward_[kind].data(),
                             .depth = static_cast<Index>(forward_[kind].size()),
                             .weight = weights[kind],
                             .bias = bias,
                             .relu = relu,
                             .channels = image_channels_,
                             .rows = 1,
                             .columns = used_,
                             .out = b == 0 ? even : odd});
      }
      for (Index o = 0; o < image_channels_; ++o) {
        kernels().zip_rows(even + o * used_, odd + o * used_, width_, rows_, columns_,
                           image + (4 * o * rows_ + 2 * a) * columns_, 4 * columns_);
      }
    }
  }
}

void UpsampleConv::transpose_backward(const ConvBackward& b) const {
  const Index taps = static_cast<Index>(taps_.size()), area = kernel_ * kernel_;
  const Index lanes = kernels().lanes, depth = static_cast<Index>(backward_.size());
  const Index weights_size = depth * channels_;
  ScratchParts parts(
      weights_size * (2 + lanes) + padded_size(4 * image_channels_) + (channels_ + 1) * count_, 6);
  Scalar* const weights = parts.take(weights_size);
  Scalar* const gradient = parts.take(weights_size);
  Scalar* const sums = parts.take(weights_size * lanes);
  Scalar* const deltas = parts.take(padded_size(4 * image_channels_), margin_ * width_ + margin_);
  Scalar* const wide = parts.take(channels_ * count_);
  Scalar* const aside = parts.take(count_);
  const auto row_of = [&](Index o, Index row, Index column) {
    return (o * taps + row) * taps + column;
  };

  std::fill_n(weights, weights_size, Scalar(0));
  for (Index c = 0; c < channels_; ++c) {
    for (Index o = 0; o < image_channels_; ++o) {
      const Scalar* const kernel = b.weight + (c * image_channels_ + o) * area;
      for_each_weight([&](Index k, Index row, Index column) {
        weights[row_of(o, row, column) * channels_ + c] += kernel[k];
      });
    }
  }

  std::fill_n(sums, weights_size * lanes, Scalar(0));
  std::fill_n(deltas, padded_size(4 * image_channels_), Scalar(0));
  std::fill_n(wide, channels_ * count_, Scalar(0));
  MatrixView input_delta = b.input_delta;
  for (Index j = 0; j < b.x.cols(); ++j) {
    const Scalar* const delta = b.delta.col(j).data();
    const Scalar* const y = b.y.size() ? b.y.col(j).data() : nullptr;
    for (Index o = 0; o < image_channels_; ++o) {
      for (Index a = 0; a < 2; ++a) {
        const Index at = (4 * o * rows_ + 2 * a) * columns_;
        Scalar* const even = deltas + (4 * o + 2 * a) * plane_ + margin_ * width_ + margin_;
        kernels().unzip_rows(delta + at, y ? y + at : nullptr, 4 * columns_, rows_, columns_, even,
                             even + plane_, width_);
      }
      b.bias_gradient[o] += static_cast<Scalar>(kernels().sum(deltas + 4 * o * plane_, 4 * plane_));
    }
    downsample(b.x.col(j).data(), wide, count_, aside);
    kernels().add_correlate_gradient({.image = deltas,
                                      .offsets = backward_.data(),
                                      .depth = depth,
                                      .channels = channels_,
                                      .wide = wide,
                                      .wide_stride = count_,
                                      .count = count_,
                                      .sums = sums});
    if (!input_delta.size()) continue;
    kernels().correlate({.image = deltas,
                         .width = width_,
                         .offsets = backward_.data(),
                         .depth = depth,
                         .weight = weights,
                         .bias = nullptr,
                         .relu = false,
                         .channels = channels_,
                         .rows = rows_,
                         .columns = columns_,
                         .out = input_delta.col(j).data()});
  }

  std::fill_n(gradient, weights_size, Scalar(0));
  kernels().add_lanes(sums, weights_size, gradient);
  for (Index c = 0; c < channels_; ++c) {
    for (Index o = 0; o < image_channels_; ++o) {
      Scalar* const kernel = b.weight_gradient + (c * image_channels_ + o) * area;
      for_each_weight([&](Index k, Index row, Index column) {
        kernel[k] += gradient[c * depth + row_of(o, row, column)];
      });
    }
  }
}

}  // namespace hourglass
