// What dropout, k-sparse, the Gaussian code and unpooling do besides having gradients.
#include "core/nn/layers/code_layers.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <utility>

#include "core/nn/inference.h"
#include "core/nn/model.h"
#include "tests/support/small_data.h"

using namespace hourglass;

namespace {

struct Output {
  Matrix y, saved;
};

Output run(const Layer& layer, const Matrix& x, const Pass& pass) {
  Output out{Matrix(layer.output_shape().features(), x.cols()),
             Matrix(layer.saved_rows(), x.cols())};
  layer.forward(pass, nullptr,
                {.first = 0,
                 .x = columns(x, 0, x.cols()),
                 .y = columns(out.y, 0, x.cols()),
                 .saved = columns(out.saved, 0, x.cols()),
                 .pool_indices = columns(std::as_const(out.saved), 0, x.cols())});
  return out;
}

const Pass kTraining{.training = true, .seed = 3, .step = 7};

}  // namespace

TEST_CASE("dropout keeps the mean, is another each step and layer, and rests when evaluating") {
  const Matrix x = Matrix::Constant(1000, 20, 2);
  const Dropout layer({1, 1, 1000}, Scalar(0.3), 1);
  const Matrix y = run(layer, x, kTraining).y;
  CHECK(y.mean() == doctest::Approx(2).epsilon(0.02));
  CHECK((y.array() == 0).cast<double>().mean() == doctest::Approx(0.3).epsilon(0.03));
  CHECK(((y.array() == 0) || ((y.array() - 2 / Scalar(0.7)).abs() < 1e-5)).all());
  CHECK(run(layer, x, kTraining).y == y);
  Pass next = kTraining;
  next.step = 8;
  CHECK(run(layer, x, next).y != y);
  CHECK(run(Dropout({1, 1, 1000}, Scalar(0.3), 2), x, kTraining).y != y);
  CHECK(run(layer, x, Pass{}).y == x);
}

TEST_CASE("k-sparse keeps the k largest, and the first of equals") {
  Matrix x(5, 3);
  x.col(0) << 3, -1, 4, 1, -5;
  x.col(1) << 2, 2, 2, 2, 2;
  x.col(2) << -4, -3, -2, -1, -5;
  Matrix expected(5, 3);
  expected.col(0) << 3, 0, 4, 0, 0;
  expected.col(1) << 2, 2, 0, 0, 0;
  expected.col(2) << 0, 0, -2, -1, 0;
  CHECK(run(KSparse({1, 1, 5}, 2), x, Pass{}).y == expected);
  CHECK(run(KSparse({1, 1, 5}, 5), x, Pass{}).y == x);
}

TEST_CASE("k-sparse shows that a run has diverged") {
  Matrix x = Matrix::Constant(40, 1, std::numeric_limits<Scalar>::quiet_NaN());
  x(3, 0) = 1;
  CHECK(std::isnan(run(KSparse({1, 1, 40}, 2), x, Pass{}).y.sum()));
}

TEST_CASE("a Gaussian code is its mean when evaluating, and drawn around it in training") {
  Matrix x(4, 5000);
  x.row(0).setConstant(1);
  x.row(1).setConstant(-2);
  x.row(2).setConstant(std::log(Scalar(0.25)));
  x.row(3).setConstant(std::log(Scalar(4)));
  const GaussianSample layer(2);
  CHECK(run(layer, x, Pass{}).y == x.topRows(2));
  const Matrix y = run(layer, x, kTraining).y;
  CHECK(y.row(0).mean() == doctest::Approx(1).epsilon(0.03));
  CHECK(y.row(1).mean() == doctest::Approx(-2).epsilon(0.04));
  const auto variance = [&](Index row) {
    return (y.row(row).array() - y.row(row).mean()).square().mean();
  };
  CHECK(variance(0) == doctest::Approx(0.25).epsilon(0.08));
  CHECK(variance(1) == doctest::Approx(4).epsilon(0.08));
  // -1/2 (1 + log s^2 - m^2 - s^2) for each, by hand.
  const double by_hand = (0.25 + 1 - 1 - std::log(0.25) + 4 + 4 - 1 - std::log(4.0)) / 2;
  CHECK(gaussian_kl_sum(columns(std::as_const(x), 0, 2)) == doctest::Approx(2 * by_hand));
}

TEST_CASE("a code decoded by itself is unpooled to first places, whatever was encoded before") {
  const ImageShape shape{1, 4, 4};
  const Model model(
      {.encoder = parse_layers(R"([{"type":"max-pool"}])", "encoder"),
       .decoder =
           parse_layers(R"([{"type":"unpool","mode":"remembered","pool":"encoder.0"}])", "decoder"),
       .loss = Loss::kMeanSquaredError},
      shape);
  ThreadPool pool(1);
  Inference inference(model, pool);
  Matrix image = Matrix::Zero(16, 1), code(4, 1), out(16, 1);
  image(5) = 3;  // the last place of the first window
  image(2) = 2;  // the first of the second
  const Vector none(1);
  inference.reconstruct(none.data(), columns(std::as_const(image), 0, 1), columns(out, 0, 1));
  CHECK(out == image);
  inference.encode(none.data(), columns(std::as_const(image), 0, 1), columns(code, 0, 1));
  inference.decode(none.data(), columns(std::as_const(code), 0, 1), columns(out, 0, 1));
  CHECK(out(0) == 3);
  CHECK(out(2) == 2);
  CHECK(out(5) == 0);
}

TEST_CASE("a code behind unpooling may be anything: each of its pixels counts") {
  const ImageShape shape{1, 4, 4};
  const Model model(
      {.encoder = parse_layers(R"([{"type":"max-pool"},{"type":"unpool"}])", "encoder"),
       .decoder = parse_layers(R"([{"type":"transposed-convolution","channels":1}])", "decoder"),
       .loss = Loss::kMeanSquaredError},
      shape);
  ThreadPool pool(1);
  Inference inference(model, pool);
  Vector parameters = Vector::Zero(model.layout().buffer_size());
  parameters.head(9).setLinSpaced(1, 9);  // the kernel, row by row
  Matrix code = Matrix::Zero(16, 1), out(16, 1);
  code(5) = 1;  // alone among its 2 x 2
  inference.decode(parameters.data(), columns(std::as_const(code), 0, 1), columns(out, 0, 1));
  for (Index row = 0; row < 4; ++row) {
    for (Index column = 0; column < 4; ++column) {
      const bool near = row < 3 && column < 3;
      const Index weight = 3 * row + column + 1;
      CHECK(out(4 * row + column) == static_cast<Scalar>(near ? weight : 0));
    }
  }
}
