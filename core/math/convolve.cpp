#include "core/math/convolve.h"

#include <algorithm>
#include <utility>

namespace hourglass {
namespace {

namespace simd = Eigen::internal;
using Packet = simd::packet_traits<Scalar>::type;
constexpr Index kLanes = simd::packet_traits<Scalar>::size;

// How many channels go together, so that their sums stay in registers: 3 packets for each, or 8 in
// all for few channels, which would wait for their own sums otherwise.
constexpr bool kManyRegisters = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS >= 32;
constexpr int kMostTogether = kManyRegisters ? 8 : 4;
constexpr int packets_for(int together) {
  return together == kMostTogether ? 3 : together == 4 ? 5 : together == 2 ? (kManyRegisters ? 8 : 5)
                                                                           : 8;
}
// The most numbers that a loop reads behind the end.
constexpr Index kSlack = 8 * kLanes;

// out[c][i] = sum_k a[offsets[k] + i] * w[k][c] for kPackets * kLanes values of i. A function of its
// own and small, for the browser's compiler replaces code only between calls.
template <int kPackets, int kTogether>
void correlate_block(const Scalar* a, const Index* offsets, Index depth, const Scalar* w,
                     Scalar* out, Index channel_stride) {
  Packet sums[kTogether][kPackets];
  for (int c = 0; c < kTogether; ++c) {
    for (int v = 0; v < kPackets; ++v) sums[c][v] = simd::pset1<Packet>(Scalar(0));
  }
  for (Index k = 0; k < depth; ++k, w += kTogether) {
    const Scalar* const from = a + offsets[k];
    Packet x[kPackets];
    for (int v = 0; v < kPackets; ++v) x[v] = simd::ploadu<Packet>(from + v * kLanes);
    for (int c = 0; c < kTogether; ++c) {
      const Packet weight = simd::pset1<Packet>(w[c]);
      for (int v = 0; v < kPackets; ++v) sums[c][v] = simd::pmadd(x[v], weight, sums[c][v]);
    }
  }
  for (int c = 0; c < kTogether; ++c) {
    for (int v = 0; v < kPackets; ++v) {
      simd::pstoreu(out + c * channel_stride + v * kLanes, sums[c][v]);
    }
  }
}

template <int kTogether>
void correlate_channels(const Scalar* a, const Index* offsets, Index depth, const Scalar* w,
                        Scalar* out, Index channel_stride, Index count) {
  constexpr int kPackets = packets_for(kTogether);
  Index i = 0;
  for (; i + (kPackets - 1) * kLanes < count; i += kPackets * kLanes) {
    correlate_block<kPackets, kTogether>(a + i, offsets, depth, w, out + i, channel_stride);
  }
  for (; i < count; i += kLanes) {
    correlate_block<1, kTogether>(a + i, offsets, depth, w, out + i, channel_stride);
  }
}

// gradient[k][c] += sum_i a[offsets[k] + i] * d[c][i], for kRows offsets and kTogether channels.
template <int kRows, int kTogether>
void gradient_block(const Scalar* a, const Index* offsets, const Scalar* d, Index channel_stride,
                    Index count, Scalar* gradient, Index gradient_stride) {
  Packet sums[kRows][kTogether];
  for (int r = 0; r < kRows; ++r) {
    for (int c = 0; c < kTogether; ++c) sums[r][c] = simd::pset1<Packet>(Scalar(0));
  }
  for (Index i = 0; i < count; i += kLanes) {
    Packet x[kRows];
    for (int r = 0; r < kRows; ++r) x[r] = simd::ploadu<Packet>(a + offsets[r] + i);
    for (int c = 0; c < kTogether; ++c) {
      const Packet delta = simd::ploadu<Packet>(d + c * channel_stride + i);
      for (int r = 0; r < kRows; ++r) sums[r][c] = simd::pmadd(x[r], delta, sums[r][c]);
    }
  }
  for (int c = 0; c < kTogether; ++c) {
    for (int r = 0; r < kRows; ++r) gradient[c * gradient_stride + r] += simd::predux(sums[r][c]);
  }
}

template <int kTogether>
void gradient_channels(const Scalar* a, const std::vector<Index>& offsets, const Scalar* d,
                       Index channel_stride, Index count, Scalar* gradient) {
  const auto depth = static_cast<Index>(offsets.size());
  Index k = 0;
  for (; k + 3 <= depth; k += 3) {
    gradient_block<3, kTogether>(a, offsets.data() + k, d, channel_stride, count, gradient + k,
                                 depth);
  }
  for (; k < depth; ++k) {
    gradient_block<1, kTogether>(a, offsets.data() + k, d, channel_stride, count, gradient + k,
                                 depth);
  }
}

// Calls use(channel, together) for groups of channels that go together; `together` is a constant.
template <typename Use>
void for_channel_groups(Index channels, Use use) {
  Index c = 0;
  const auto take = [&](auto together) {
    for (; c + together <= channels; c += together) use(c, together);
  };
  if constexpr (kMostTogether == 8) take(std::integral_constant<int, 8>());
  take(std::integral_constant<int, 4>());
  take(std::integral_constant<int, 2>());
  take(std::integral_constant<int, 1>());
}

}  // namespace

StrideOne::StrideOne(ImageShape image, Index kernel, Index padding)
    : image_(image),
      padding_(padding),
      rows_(image.rows + 2 * padding - kernel + 1),
      columns_(image.columns + 2 * padding - kernel + 1),
      width_(image.columns + 2 * padding),
      plane_(width_ * (image.rows + 2 * padding)),
      used_((rows_ - 1) * width_ + columns_),
      padded_size_(image.channels * plane_ + kSlack),
      wide_size_((used_ + kLanes - 1) / kLanes * kLanes) {
  for (Index c = 0; c < image.channels; ++c) {
    for (Index ky = 0; ky < kernel; ++ky) {
      for (Index kx = 0; kx < kernel; ++kx) offsets_.push_back(c * plane_ + ky * width_ + kx);
    }
  }
}

void StrideOne::pad(const Scalar* image, Scalar* padded) const {
  std::fill_n(padded, padded_size_, Scalar(0));
  for (Index c = 0; c < image_.channels; ++c) {
    Scalar* row = padded + c * plane_ + padding_ * width_ + padding_;
    for (Index y = 0; y < image_.rows; ++y, row += width_, image += image_.columns) {
      std::copy_n(image, image_.columns, row);
    }
  }
}

void StrideOne::crop(const Scalar* wide, Index channels, const Scalar* bias, Scalar* out) const {
  for (Index c = 0; c < channels; ++c) {
    const Scalar add = bias ? bias[c] : Scalar(0);
    for (Index y = 0; y < rows_; ++y, out += columns_) {
      const Scalar* const row = wide + c * wide_size_ + y * width_;
      for (Index x = 0; x < columns_; ++x) out[x] = row[x] + add;
    }
  }
}

void StrideOne::widen(const Scalar* planes, Index channels, Scalar* wide) const {
  std::fill_n(wide, channels * wide_size_, Scalar(0));
  for (Index c = 0; c < channels; ++c) {
    for (Index y = 0; y < rows_; ++y, planes += columns_) {
      std::copy_n(planes, columns_, wide + c * wide_size_ + y * width_);
    }
  }
}

void StrideOne::pack(const Scalar* weight, Index channels, Scalar* packed) const {
  for_channel_groups(channels, [&](Index first, auto together) {
    for (Index k = 0; k < depth(); ++k) {
      for (Index c = first; c < first + together; ++c) *packed++ = weight[c * depth() + k];
    }
  });
}

void StrideOne::correlate(const Scalar* padded, const Scalar* packed, Index channels,
                          Scalar* wide) const {
  for_channel_groups(channels, [&](Index first, auto together) {
    correlate_channels<together>(padded, offsets_.data(), depth(), packed + first * depth(),
                                 wide + first * wide_size_, wide_size_, used_);
  });
}

void StrideOne::add_kernel_gradient(const Scalar* padded, const Scalar* wide, Index channels,
                                    Scalar* gradient) const {
  for_channel_groups(channels, [&](Index first, auto together) {
    gradient_channels<together>(padded, offsets_, wide + first * wide_size_, wide_size_, used_,
                                gradient + first * depth());
  });
}

void turn_kernels(const Scalar* weight, Index image_channels, Index kernel, Index channels,
                  Scalar* turned) {
  const Index area = kernel * kernel;
  for (Index image = 0; image < image_channels; ++image) {
    for (Index c = 0; c < channels; ++c) {
      const Scalar* const from = weight + (c * image_channels + image) * area;
      Scalar* const to = turned + (image * channels + c) * area;
      std::reverse_copy(from, from + area, to);
    }
  }
}

}  // namespace hourglass
