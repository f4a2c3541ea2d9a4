// The products of convolution against plain loops.
#include <cmath>
#include <string>
#include <vector>
#include <type_traits>

#include <doctest/doctest.h>

#include "core/math/correlation.h"
#include "tests/support/each_kernels.h"
#include "tests/support/small_data.h"
#include "tests/support/worst.h"

using namespace hourglass;

namespace {

constexpr Scalar kTolerance = std::is_same_v<Scalar, double> ? Scalar(1e-12) : Scalar(1e-4);

Patches patches(ImageShape image, Index kernel, Index stride, Index padding) {
  return {.image = image, .kernel = kernel, .stride = stride, .padding = padding,
          .rows = (image.rows + 2 * padding - kernel) / stride + 1,
          .columns = (image.columns + 2 * padding - kernel) / stride + 1};
}

// Calls visit(pixel, weight row, position) for all that belong together.
template <typename Visit>
void for_each_tap(const Patches& g, Visit visit) {
  Index row = 0;
  for (Index c = 0; c < g.image.channels; ++c) {
    for (Index ky = 0; ky < g.kernel; ++ky) {
      for (Index kx = 0; kx < g.kernel; ++kx, ++row) {
        for (Index oy = 0; oy < g.rows; ++oy) {
          for (Index ox = 0; ox < g.columns; ++ox) {
            const Index y = oy * g.stride + ky - g.padding, x = ox * g.stride + kx - g.padding;
            if (y < 0 || x < 0 || y >= g.image.rows || x >= g.image.columns) continue;
            visit((c * g.image.rows + y) * g.image.columns + x, row, oy * g.columns + ox);
          }
        }
      }
    }
  }
}

void check(const Patches& g, Index channels) {
  CAPTURE(g.image.channels);
  CAPTURE(g.image.rows);
  CAPTURE(g.image.columns);
  CAPTURE(g.kernel);
  CAPTURE(g.stride);
  CAPTURE(g.padding);
  CAPTURE(channels);
  constexpr Index kSamples = 3;
  const Correlation correlation(g, channels);
  const Matrix images = tests::random_matrix(g.image.features(), kSamples, 1);
  const Matrix planes = tests::random_matrix(g.positions() * channels, kSamples, 2);
  const Matrix weight = tests::random_matrix(g.patch(), channels, 3);
  const Matrix bias = tests::random_matrix(std::max(channels, g.image.channels), 1, 4);
  Matrix to_planes(planes.rows(), kSamples), to_images(images.rows(), kSamples);
  Matrix gradient = Matrix::Constant(g.patch(), channels, 1);
  Matrix expected_planes = Matrix::Zero(planes.rows(), kSamples);
  Matrix expected_images = Matrix::Zero(images.rows(), kSamples);
  Matrix expected_gradient = gradient;
  for (Index j = 0; j < kSamples; ++j) {
    for (Index i = 0; i < planes.rows(); ++i) expected_planes(i, j) = bias(i / g.positions());
    for (Index i = 0; i < images.rows(); ++i) {
      expected_images(i, j) = bias(i / (g.image.rows * g.image.columns));
    }
    for_each_tap(g, [&](Index pixel, Index row, Index position) {
      for (Index c = 0; c < channels; ++c) {
        const Index at = c * g.positions() + position;
        expected_planes(at, j) += images(pixel, j) * weight(row, c);
        expected_images(pixel, j) += planes(at, j) * weight(row, c);
        expected_gradient(row, c) += images(pixel, j) * planes(at, j);
      }
    });
  }
  correlation.to_planes(weight.data(), columns(images, 0, kSamples), bias.data(),
                        columns(to_planes, 0, kSamples));
  correlation.to_images(weight.data(), columns(planes, 0, kSamples), bias.data(),
                        columns(to_images, 0, kSamples));
  correlation.add_gradient(columns(images, 0, kSamples), columns(planes, 0, kSamples),
                           gradient.data());
  CHECK(tests::largest_difference(to_planes, expected_planes) < kTolerance);
  CHECK(tests::largest_difference(to_images, expected_images) < kTolerance);
  CHECK(tests::largest_difference(gradient, expected_gradient) < 10 * kTolerance);
}

void check_all() {
  // Every number of channels from one to more than go together, so that all remainders occur.
  for (Index channels = 1; channels <= 17; ++channels) {
    check(patches({2, 5, 7}, 3, 1, 1), channels);
    check(patches({3, 6, 5}, 3, 2, 1), channels);
  }
  for (Index kernel = 1; kernel <= 6; ++kernel) {
    for (Index padding = 0; padding < kernel; ++padding) {
      for (Index stride = 1; stride <= 3; ++stride) {
        check(patches({2, 6, 9}, kernel, stride, padding), 5);
      }
    }
  }
  check(patches({1, 28, 28}, 3, 1, 1), 16);
  check(patches({16, 14, 14}, 3, 1, 1), 16);
  check(patches({1, 1, 1}, 1, 1, 0), 1);
  check(patches({1, 64, 64}, 5, 1, 2), 3);
  check(patches({3, 2, 3}, 5, 1, 4), 2);  // a kernel larger than its image
}

}  // namespace

TEST_CASE("correlation against plain loops, on every instruction set") {
  tests::with_each_kernels(check_all);
}
