// Dense and convolution layers as their definitions have them: plain, slow, and right. Tests hold
// the engine's products against these, and whoever wants to know what a layer computes can read it
// here.
#pragma once

#include "core/math/conv/im2col.h"
#include "core/math/types.h"

namespace hourglass::tests {

// What goes back through a layer without an activation: the gradients by its kernels, its bias and
// its input, all summed over the samples but the last.
struct ReferenceGradients {
  Matrix weight, bias, input;
};

// y = W' x + b: x inputs x samples, W inputs x units, b units x 1, y units x samples.
inline Matrix dense_reference(const Matrix& weight, const Matrix& bias, const Matrix& x) {
  return (weight.transpose() * x).colwise() + Vector(bias.col(0));
}

// dW = x delta',  db = sum of delta,  dx = W delta.
inline ReferenceGradients dense_backward_reference(const Matrix& weight, const Matrix& x,
                                                   const Matrix& delta) {
  return {x * delta.transpose(), delta.rowwise().sum(), weight * delta};
}

// The kernels are W, (image channels * kernel * kernel) x channels. Calls visit(pixel, row of W,
// position) for every pixel that the kernel at a position lies on; outside the image are zeros.
template <typename Visit>
void for_each_tap(const ConvGeometry& g, Visit visit) {
  Index row = 0;
  for (Index c = 0; c < g.image.channels; ++c) {
    for (Index ky = 0; ky < g.kernel; ++ky) {
      for (Index kx = 0; kx < g.kernel; ++kx, ++row) {
        for (Index position = 0; position < g.positions(); ++position) {
          const Index y = position / g.columns * g.stride + ky - g.padding;
          const Index x = position % g.columns * g.stride + kx - g.padding;
          if (y < 0 || x < 0 || y >= g.image.rows || x >= g.image.columns) continue;
          visit((c * g.image.rows + y) * g.image.columns + x, row, position);
        }
      }
    }
  }
}

// Each channel's bias on `area` pixels of every one of `samples`.
inline Matrix bias_images(const Matrix& bias, Index channels, Index area, Index samples) {
  Matrix out(channels * area, samples);
  for (Index i = 0; i < out.rows(); ++i) out.row(i).setConstant(bias(i / area, 0));
  return out;
}
inline Matrix channel_sums(const Matrix& maps, Index channels) {
  Matrix sums(channels, 1);
  for (Index c = 0; c < channels; ++c) {
    sums(c, 0) = maps.middleRows(c * maps.rows() / channels, maps.rows() / channels).sum();
  }
  return sums;
}

// maps[c, position] = b_c + sum over taps of image[pixel] W[row, c].
inline Matrix conv_reference(const ConvGeometry& g, const Matrix& weight, const Matrix& bias,
                             const Matrix& images) {
  Matrix maps = bias_images(bias, weight.cols(), g.positions(), images.cols());
  for_each_tap(g, [&](Index pixel, Index row, Index position) {
    for (Index c = 0; c < weight.cols(); ++c) {
      maps.row(c * g.positions() + position) += weight(row, c) * images.row(pixel);
    }
  });
  return maps;
}

// The transpose: images[pixel] = b_c + sum over taps and channels of W[row, c] maps[c, position].
inline Matrix conv_transpose_reference(const ConvGeometry& g, const Matrix& weight,
                                       const Matrix& bias, const Matrix& maps) {
  Matrix images = bias_images(bias, g.image.channels, g.image.rows * g.image.columns, maps.cols());
  for_each_tap(g, [&](Index pixel, Index row, Index position) {
    for (Index c = 0; c < weight.cols(); ++c) {
      images.row(pixel) += weight(row, c) * maps.row(c * g.positions() + position);
    }
  });
  return images;
}

// dW[row, c] = sum over taps and samples of image[pixel] maps[c, position], in both directions.
inline Matrix conv_weight_gradient(const ConvGeometry& g, Index channels, const Matrix& images,
                                   const Matrix& maps) {
  Matrix gradient = Matrix::Zero(g.patch(), channels);
  for_each_tap(g, [&](Index pixel, Index row, Index position) {
    for (Index c = 0; c < channels; ++c) {
      gradient(row, c) += images.row(pixel).dot(maps.row(c * g.positions() + position));
    }
  });
  return gradient;
}
inline ReferenceGradients conv_backward_reference(const ConvGeometry& g, const Matrix& weight,
                                                  const Matrix& images, const Matrix& delta) {
  return {conv_weight_gradient(g, weight.cols(), images, delta), channel_sums(delta, weight.cols()),
          conv_transpose_reference(g, weight, Matrix::Zero(g.image.channels, 1), delta)};
}
inline ReferenceGradients conv_transpose_backward_reference(const ConvGeometry& g,
                                                            const Matrix& weight,
                                                            const Matrix& maps,
                                                            const Matrix& delta) {
  return {conv_weight_gradient(g, weight.cols(), delta, maps),
          channel_sums(delta, g.image.channels),
          conv_reference(g, weight, Matrix::Zero(weight.cols(), 1), delta)};
}

}  // namespace hourglass::tests
