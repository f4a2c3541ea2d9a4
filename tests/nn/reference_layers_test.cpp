// Layers of the engine against their plain references.
#include "tests/support/reference_layers.h"

#include <doctest/doctest.h>

#include <type_traits>

#include "core/nn/layers/convolution.h"
#include "core/nn/layers/dense.h"
#include "tests/support/small_data.h"
#include "tests/support/worst.h"

using namespace hourglass;
using namespace hourglass::tests;

namespace {

constexpr Index kSamples = 5;
constexpr Scalar kTolerance = std::is_same_v<Scalar, double> ? Scalar(1e-12) : Scalar(1e-4);

ConstMatrixView all(const Matrix& m) { return columns(m, 0, m.cols()); }
MatrixView all(Matrix& m) { return columns(m, 0, m.cols()); }

struct Case {
  const Layer& layer;
  const ParameterLayout& layout;
  Index inputs;
};

// forward(W, b, x) and backward(W, x, delta) are the reference's.
template <typename Forward, typename Backward>
void check(const Case& it, Forward forward, Backward backward) {
  const Vector parameters = random_matrix(it.layout.buffer_size(), 1, 20);
  const auto matrix = [&](int index) {
    return Matrix(
        it.layout.view(it.layer.parameters()[static_cast<std::size_t>(index)], parameters.data()));
  };
  const Matrix weight = matrix(0), bias = matrix(1).transpose();
  const Matrix x = random_matrix(it.inputs, kSamples, 21);
  const Index outputs = it.layer.output_shape().features();
  const ConstMatrixView none(nullptr, 0, 0, Eigen::OuterStride<>(0));

  Matrix y(outputs, kSamples), saved(it.layer.saved_rows(), kSamples);
  it.layer.forward(
      {}, parameters.data(),
      {.first = 0, .x = all(x), .y = all(y), .saved = all(saved), .pool_indices = none});
  CHECK(largest_difference(y, forward(weight, bias, x)) < kTolerance);

  Matrix delta = random_matrix(outputs, kSamples, 22);
  const ReferenceGradients expected = backward(weight, x, delta);
  Matrix input_delta(it.inputs, kSamples), partials(it.layer.partial_size(), 1);
  it.layer.backward({}, parameters.data(),
                    {.first = 0,
                     .x = all(x),
                     .y = all(std::as_const(y)),
                     .saved = all(std::as_const(saved)),
                     .pool_indices = none,
                     .delta = all(delta),
                     .delta_is_wrt_logits = false,
                     .input_delta = all(input_delta),
                     .partial = partials.data()});
  CHECK(largest_difference(input_delta, expected.input) < kTolerance);
  const auto gradient = [&](int index, Matrix like) {
    const int parameter = it.layer.parameters()[static_cast<std::size_t>(index)];
    it.layer.add_gradient(parameter, 0, it.layout[parameter].outputs,
                          {.x = all(x),
                           .delta = all(std::as_const(delta)),
                           .partials = all(std::as_const(partials)),
                           .overwrite = true},
                          like.data());
    return like;
  };
  CHECK(largest_difference(gradient(0, weight), expected.weight) < 10 * kTolerance);
  CHECK(largest_difference(gradient(1, bias), expected.bias) < 10 * kTolerance);
}

}  // namespace

TEST_CASE("a dense layer is its reference") {
  for (const Index units : {1, 7, 40}) {
    CAPTURE(units);
    ParameterLayout layout;
    const Dense layer("it", 23, {1, 1, units}, Activation::kLinear, layout);
    check({layer, layout, 23}, dense_reference, dense_backward_reference);
  }
}

TEST_CASE("a convolution and its transpose are their references") {
  for (const Kernel kernel : {Kernel{3, 1, 1}, Kernel{3, 2, 1}, Kernel{2, 2, 0}, Kernel{5, 1, 2}}) {
    CAPTURE(kernel.size);
    CAPTURE(kernel.stride);
    const ConvGeometry g = Convolution::geometry_on({2, 8, 6}, kernel);
    constexpr Index kChannels = 3;
    ParameterLayout layout;
    const Convolution there("there", g, kChannels, Activation::kLinear, layout);
    check(
        {there, layout, g.image.features()},
        [&](const Matrix& w, const Matrix& b, const Matrix& x) {
          return conv_reference(g, w, b, x);
        },
        [&](const Matrix& w, const Matrix& x, const Matrix& delta) {
          return conv_backward_reference(g, w, x, delta);
        });
    ParameterLayout other;
    const TransposedConvolution back("back", g, kChannels, Activation::kLinear,
                                     /*input_is_upsampled=*/false, other);
    check(
        {back, other, kChannels * g.positions()},
        [&](const Matrix& w, const Matrix& b, const Matrix& x) {
          return conv_transpose_reference(g, w, b, x);
        },
        [&](const Matrix& w, const Matrix& x, const Matrix& delta) {
          return conv_transpose_backward_reference(g, w, x, delta);
        });
  }
}
