// Gradients against central differences. In double precision these must agree to 1e-6 and better;
// in the float build the same code is only held to a loose bound.
#include <doctest/doctest.h>

#include <cmath>
#include <type_traits>
#include <utility>

#include "core/nn/loss.h"
#include "core/train/trainer.h"
#include "tests/support/small_data.h"

using namespace hourglass;

namespace {

constexpr bool kDouble = std::is_same_v<Scalar, double>;
constexpr double kStep = kDouble ? 1e-5 : 1e-2;
constexpr double kTolerance = kDouble ? 1e-6 : 3e-2;

double difference(double numeric, double analytic) {
  return std::abs(numeric - analytic) / std::max(1e-2, std::abs(numeric) + std::abs(analytic));
}

// The mean loss over all `x` of the network with these parameters.
double loss_of(const Model& model, const Vector& parameters, const Matrix& x) {
  Activations room = model.make_activations(x.cols(), false);
  room.outputs[0] = x;
  model.forward(Pass{}, parameters.data(), 0, model.layer_count(), room, 0, x.cols());
  return loss_sum(model.spec().loss, columns(std::as_const(room.outputs.back()), 0, x.cols()),
                  columns(x, 0, x.cols())) /
         static_cast<double>(x.cols());
}

// The worst relative difference over all parameters of a model trained on nine samples of `shape`.
double worst_difference(const ModelSpec& spec, ImageShape shape) {
  const DatasetPointer data = tests::random_dataset(shape, 9, 1);
  ThreadPool pool(1);
  auto model = std::make_shared<const Model>(spec, shape);
  TrainSpec train;
  train.batch_size = 9;
  Trainer trainer(model, train, data, pool);
  const Vector gradient = trainer.gradient_for_test(9);
  std::vector<std::uint32_t> all = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  Matrix x(shape.features(), 9);
  data->train.gather(all, columns(x, 0, 9));
  Vector parameters = trainer.state().parameters;
  double worst = 0;
  for (const Parameter& slice : model->layout().parameters()) {
    for (Index i = slice.offset; i < slice.offset + slice.size(); ++i) {
      const Scalar kept = parameters[i];
      parameters[i] = kept + Scalar(kStep);
      const double above = loss_of(*model, parameters, x);
      parameters[i] = kept - Scalar(kStep);
      const double below = loss_of(*model, parameters, x);
      parameters[i] = kept;
      worst = std::max(worst, difference((above - below) / (2 * kStep), gradient[i]));
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("gradients of every activation and loss through a whole network") {
  const ImageShape shape{1, 2, 5};
  for (int a = 0; a < static_cast<int>(activation_names().size()); ++a) {
    const auto activation = static_cast<Activation>(a);
    CAPTURE(activation_name(activation));
    if (activation == Activation::kSoftmax) continue;  // for the output alone, below
    // A float's steps are so long that some cross the kink of a relu.
    if (!kDouble && (activation == Activation::kRelu || activation == Activation::kLeakyRelu))
      continue;
    // Cross-entropy wants outputs in (0, 1), hence the sigmoid; the others take any.
    CHECK(worst_difference(
              tests::small_spec(activation, Activation::kSigmoid, Loss::kBinaryCrossEntropy),
              shape) < kTolerance);
    CHECK(worst_difference(tests::small_spec(activation, activation, Loss::kMeanSquaredError),
                           shape) < kTolerance);
    CHECK(worst_difference(
              tests::small_spec(activation, Activation::kTanh, Loss::kSummedSquaredError), shape) <
          kTolerance);
    CHECK(worst_difference(
              tests::small_spec(activation, Activation::kSoftmax, Loss::kCategoricalCrossEntropy),
              shape) < kTolerance);
  }
}

TEST_CASE("gradients of the losses by the outputs, with and without a fused activation") {
  const Matrix y = tests::random_matrix(6, 3, 1, 0.05f, 0.95f);
  const Matrix t = tests::random_matrix(6, 3, 2, 0.f, 1.f);
  for (int l = 0; l < static_cast<int>(loss_names().size()); ++l) {
    const auto loss = static_cast<Loss>(l);
    CAPTURE(loss_name(loss));
    if (loss == Loss::kCategoricalCrossEntropy) continue;  // has a softmax before it
    for (const Activation output : {Activation::kLinear, Activation::kSigmoid}) {
      Matrix delta(6, 3);
      loss_gradient(loss, output, columns(y, 0, 3), columns(t, 0, 3), Scalar(1),
                    columns(delta, 0, 3));
      double worst = 0;
      for (Index i = 0; i < y.size(); ++i) {
        Matrix moved = y;
        double slope = 1;
        if (has_fused_gradient(loss, output)) {
          slope = y.data()[i] * (1 - y.data()[i]);  // dy/dz of the sigmoid
        }
        moved.data()[i] = y.data()[i] + Scalar(kStep / 4);
        const double above = loss_sum(loss, columns(std::as_const(moved), 0, 3), columns(t, 0, 3));
        moved.data()[i] = y.data()[i] - Scalar(kStep / 4);
        const double below = loss_sum(loss, columns(std::as_const(moved), 0, 3), columns(t, 0, 3));
        worst = std::max(worst, difference(slope * (above - below) / (kStep / 2), delta.data()[i]));
      }
      CHECK(worst < kTolerance);
    }
  }
}

TEST_CASE("cross-entropy stays finite where the output is certain and wrong") {
  Matrix y(2, 1), t(2, 1), delta(2, 1);
  y << 0, 1;
  t << 1, 0;
  const double loss = loss_sum(Loss::kBinaryCrossEntropy, columns(std::as_const(y), 0, 1),
                               columns(std::as_const(t), 0, 1));
  CHECK(std::isfinite(loss));
  CHECK(loss > 10);
  for (const Activation output : {Activation::kLinear, Activation::kSigmoid}) {
    loss_gradient(Loss::kBinaryCrossEntropy, output, columns(std::as_const(y), 0, 1),
                  columns(std::as_const(t), 0, 1), Scalar(1), columns(delta, 0, 1));
    CHECK(delta.allFinite());
    CHECK(delta(0, 0) < 0);  // upwards
    CHECK(delta(1, 0) > 0);
  }
}
