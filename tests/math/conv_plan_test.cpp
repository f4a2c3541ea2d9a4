// The products of convolution against plain loops.
#include "core/math/conv/conv_plan.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <type_traits>
#include <vector>

#include "tests/support/each_kernels.h"
#include "tests/support/reference_layers.h"
#include "tests/support/small_data.h"
#include "tests/support/worst.h"

using namespace hourglass;

namespace {

constexpr Scalar kTolerance = std::is_same_v<Scalar, double> ? Scalar(1e-12) : Scalar(1e-4);

ConvGeometry patches(ImageShape image, Index kernel, Index stride, Index padding) {
  return {.image = image,
          .kernel = kernel,
          .stride = stride,
          .padding = padding,
          .rows = (image.rows + 2 * padding - kernel) / stride + 1,
          .columns = (image.columns + 2 * padding - kernel) / stride + 1};
}

// What one product gives and what goes back through it, which is added to ones.
struct Products {
  Matrix forward, transpose_forward;
  Matrix gradient, planes_bias, images_bias;
};

// With `relu`, that of the products; and on the way back their deltas are given by y = `images` or
// `planes`' own signs: a delta counts where its y is above 0.
Products by_taps(const ConvGeometry& g, const Matrix& images, const Matrix& planes,
                 const Matrix& weight, const Matrix& bias) {
  const auto back = tests::conv_backward_reference(g, weight, images, planes);
  const auto transposed = tests::conv_transpose_backward_reference(g, weight, planes, images);
  const auto plus_one = [](const Matrix& m) { return Matrix((m.array() + 1).matrix()); };
  return {tests::conv_reference(g, weight, bias, images),
          tests::conv_transpose_reference(g, weight, bias, planes), plus_one(back.weight),
          plus_one(back.bias), plus_one(transposed.bias)};
}

Matrix positive_part(const Matrix& m) { return m.cwiseMax(Scalar(0)); }
// `delta` where y > 0, else 0.
Matrix where_positive(const Matrix& delta, const Matrix& y) {
  return (y.array() > 0).select(delta, Matrix::Zero(delta.rows(), delta.cols()));
}
void check_near(const Matrix& got, const Matrix& expected, Scalar tolerance) {
  CHECK(tests::largest_difference(got, expected) < tolerance);
}
ConstMatrixView all(const Matrix& m) { return columns(m, 0, m.cols()); }
MatrixView all(Matrix& m) { return columns(m, 0, m.cols()); }

void check(const ConvGeometry& g, Index channels) {
  CAPTURE(g.image.channels);
  CAPTURE(g.image.rows);
  CAPTURE(g.image.columns);
  CAPTURE(g.kernel);
  CAPTURE(g.stride);
  CAPTURE(g.padding);
  CAPTURE(channels);
  constexpr Index kSamples = 3;
  const ConvPlan correlation(g, channels);
  const Matrix images = tests::random_matrix(g.image.features(), kSamples, 1);
  const Matrix planes = tests::random_matrix(g.positions() * channels, kSamples, 2);
  const Matrix weight = tests::random_matrix(g.patch(), channels, 3);
  const Matrix bias = tests::random_matrix(std::max(channels, g.image.channels), 1, 4);
  const Matrix images_y = tests::random_matrix(g.image.features(), kSamples, 5);
  const Matrix planes_y = tests::random_matrix(g.positions() * channels, kSamples, 6);
  for (const bool relu : {false, true}) {
    CAPTURE(relu);
    const Products forth = by_taps(g, images, planes, weight, bias);
    Matrix forward(planes.rows(), kSamples), transpose_forward(images.rows(), kSamples);
    correlation.forward(weight.data(), all(images), bias.data(), relu, all(forward));
    correlation.transpose_forward(weight.data(), all(planes), bias.data(), relu,
                                  all(transpose_forward));
    check_near(forward, relu ? positive_part(forth.forward) : forth.forward, kTolerance);
    check_near(transpose_forward,
               relu ? positive_part(forth.transpose_forward) : forth.transpose_forward, kTolerance);

    const Matrix no_bias = Matrix::Zero(bias.rows(), 1);
    const ConstMatrixView none(nullptr, 0, 0, Eigen::OuterStride<>(0));
    for (const bool goes_on : {false, true}) {
      CAPTURE(goes_on);
      Matrix gradient = Matrix::Ones(g.patch(), channels);
      Matrix planes_bias = Matrix::Ones(channels, 1);
      Matrix images_bias = Matrix::Ones(g.image.channels, 1);
      Matrix delta = planes, input_delta(goes_on ? images.rows() : 0, goes_on ? kSamples : 0);
      Products back =
          by_taps(g, images, relu ? where_positive(planes, planes_y) : planes, weight, no_bias);
      correlation.backward({weight.data(), all(images), all(delta), relu ? all(planes_y) : none,
                            gradient.data(), planes_bias.data(), all(input_delta)});
      check_near(gradient, back.gradient, 10 * kTolerance);
      check_near(planes_bias, back.planes_bias, 10 * kTolerance);
      if (goes_on) check_near(input_delta, back.transpose_forward, kTolerance);

      gradient.setOnes();
      delta = images;
      input_delta.resize(goes_on ? planes.rows() : 0, goes_on ? kSamples : 0);
      back = by_taps(g, relu ? where_positive(images, images_y) : images, planes, weight, no_bias);
      correlation.transpose_backward({weight.data(), all(planes), all(delta),
                                      relu ? all(images_y) : none, gradient.data(),
                                      images_bias.data(), all(input_delta)});
      check_near(gradient, back.gradient, 10 * kTolerance);
      check_near(images_bias, back.images_bias, 10 * kTolerance);
      if (goes_on) check_near(input_delta, back.forward, kTolerance);
    }
  }
}

// Each pixel as 2 x 2 equal ones, and the sums over 2 x 2, of `images` of `channels`.
Matrix doubled(const Matrix& halves, Index channels, Index rows, Index columns) {
  Matrix images(channels * rows * columns, halves.cols());
  for (Index j = 0; j < images.cols(); ++j) {
    for (Index i = 0; i < images.rows(); ++i) {
      const Index line = i / columns;  // of all channels; each has an even number
      images(i, j) = halves(line / 2 * (columns / 2) + i % columns / 2, j);
    }
  }
  return images;
}
Matrix sums_of_windows(const Matrix& images, Index columns) {
  Matrix sums = Matrix::Zero(images.rows() / 4, images.cols());
  for (Index j = 0; j < images.cols(); ++j) {
    for (Index i = 0; i < images.rows(); ++i) {
      sums(i / columns / 2 * (columns / 2) + i % columns / 2, j) += images(i, j);
    }
  }
  return sums;
}

// The same for planes that were upsampled, where the products may take each pixel once.
void check_doubled(const ConvGeometry& g, Index channels, bool is_fused = true) {
  CAPTURE(g.image.channels);
  CAPTURE(g.image.rows);
  CAPTURE(g.image.columns);
  CAPTURE(g.kernel);
  CAPTURE(g.padding);
  CAPTURE(channels);
  constexpr Index kSamples = 2;
  REQUIRE((g.rows % 2 == 0 && g.columns % 2 == 0));
  const ConvPlan correlation(g, channels, true);
  CHECK(correlation.is_fused() == is_fused);
  const Matrix planes = doubled(tests::random_matrix(g.positions() / 4 * channels, kSamples, 1),
                                channels, g.rows, g.columns);
  const Matrix images = tests::random_matrix(g.image.features(), kSamples, 2);
  const Matrix images_y = tests::random_matrix(g.image.features(), kSamples, 3);
  const Matrix weight = tests::random_matrix(g.patch(), channels, 4);
  const Matrix bias = tests::random_matrix(std::max(channels, g.image.channels), 1, 5);
  const Matrix no_bias = Matrix::Zero(bias.rows(), 1);
  for (const bool relu : {false, true}) {
    CAPTURE(relu);
    const Products forth = by_taps(g, images, planes, weight, bias);
    Matrix transpose_forward(images.rows(), kSamples);
    correlation.transpose_forward(weight.data(), all(planes), bias.data(), relu,
                                  all(transpose_forward));
    check_near(transpose_forward,
               relu ? positive_part(forth.transpose_forward) : forth.transpose_forward, kTolerance);

    const Products back =
        by_taps(g, relu ? where_positive(images, images_y) : images, planes, weight, no_bias);
    Matrix gradient = Matrix::Ones(g.patch(), channels);
    Matrix images_bias = Matrix::Ones(g.image.channels, 1);
    Matrix delta = images, input_delta(planes.rows(), kSamples);
    const ConstMatrixView none(nullptr, 0, 0, Eigen::OuterStride<>(0));
    correlation.transpose_backward({weight.data(), all(planes), all(delta),
                                    relu ? all(images_y) : none, gradient.data(),
                                    images_bias.data(), all(input_delta)});
    check_near(gradient, back.gradient, 10 * kTolerance);
    check_near(images_bias, back.images_bias, 10 * kTolerance);
    const Matrix sums = sums_of_windows(back.forward, g.columns);
    if (correlation.is_fused()) {
      check_near(input_delta.topRows(sums.rows()), sums, 10 * kTolerance);
    } else {
      check_near(input_delta, back.forward, kTolerance);
    }
  }
}

void check_all_doubled() {
  for (Index kernel = 1; kernel <= 7; kernel += 2) {
    for (Index side = 2; side <= 10; side += 2) {
      check_doubled(patches({2, side, 12 - side}, kernel, 1, (kernel - 1) / 2), 3);
    }
  }
  for (Index columns = 2; columns <= 40; columns += 2) {
    check_doubled(patches({1, 4, columns}, 3, 1, 1), 2);
  }
  for (Index channels = 1; channels <= 17; ++channels) {
    check_doubled(patches({channels, 6, 4}, 3, 1, 1), 18 - channels);
  }
  check_doubled(patches({1, 28, 28}, 3, 1, 1), 16);
  check_doubled(patches({16, 14, 14}, 3, 1, 1), 16);
  // These must go the plain way: images of another size than the planes, and a stride.
  check_doubled(patches({2, 8, 6}, 3, 1, 0), 3, false);
  check_doubled(patches({2, 6, 8}, 3, 1, 2), 3, false);
  check_doubled(patches({2, 7, 9}, 4, 1, 1), 3, false);
  check_doubled(patches({2, 7, 11}, 3, 2, 1), 3, false);
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
  // Rows of every width on both sides of the vectors' lengths. With kernels of 3 and padding of 1
  // one padded delta serves both gradients, but for images so small that there are too few zeros
  // behind it.
  for (Index columns = 1; columns <= 40; ++columns) {
    check(patches({2, 3, columns}, 3, 1, 1), 3);
    check(patches({1, 2, columns}, 1, 1, 0), 2);
  }
  for (Index side = 1; side <= 9; ++side) check(patches({2, side, side}, 3, 1, 1), 2);
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

TEST_CASE("correlation with doubled planes against plain loops, on every instruction set") {
  tests::with_each_kernels(check_all_doubled);
}
