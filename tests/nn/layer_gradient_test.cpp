// Gradients of every kind of layer and penalty through whole networks, against central differences
// of the loss that training itself computes: with its draws, over a batch with a short last chunk.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "core/train/trainer.h"
#include "tests/support/small_data.h"

using namespace hourglass;

namespace {

constexpr bool kDouble = std::is_same_v<Scalar, double>;
constexpr Index kSamples = 35;  // a chunk and three columns

struct Case {
  const char* name;
  ImageShape shape;
  const char* encoder;
  const char* decoder;
  Loss loss = Loss::kMeanSquaredError;
  Penalties penalties = {};
};

Penalties with(double Penalties::* weight, double value) {
  Penalties penalties;
  penalties.*weight = value;
  return penalties;
}

const ImageShape kVector{1, 1, 9};
constexpr const char* kDecoder = R"([{"units":"input","activation":"sigmoid"}])";

const Case kCases[] = {
    {"tied dense", kVector, R"([{"units":6,"activation":"tanh"},{"units":4,"activation":"elu"}])",
     R"([{"tied":"encoder.1","activation":"tanh"},{"tied":"encoder.0","activation":"sigmoid"}])"},
    {"tied dense inside the encoder", kVector,
     R"([{"units":5,"activation":"tanh"},{"tied":"encoder.0","activation":"tanh"},{"units":3}])",
     kDecoder},
    {"dropout", kVector,
     R"([{"type":"dropout","rate":0.3},{"units":6,"activation":"tanh"},{"type":"dropout","rate":0.5},
         {"units":4}])",
     kDecoder},
    {"k-sparse", kVector, R"([{"units":7},{"type":"k-sparse","k":3}])", kDecoder},
    {"gaussian", kVector, R"([{"units":6,"activation":"tanh"},{"type":"gaussian","units":3}])",
     kDecoder, Loss::kBinaryCrossEntropy, with(&Penalties::kl, 0.3)},
    {"convolution",
     {2, 7, 5},
     R"([{"type":"convolution","channels":3,"activation":"tanh"},
         {"type":"convolution","channels":2,"kernel":3,"stride":2,"padding":0,"activation":"elu"},
         {"units":4}])",
     kDecoder},
    {"convolution with an even kernel and more padding than it needs",
     {1, 6, 5},
     R"([{"type":"convolution","channels":2,"kernel":4,"stride":3,"padding":3,"activation":"tanh"}])",
     kDecoder},
    {"a kernel larger than the image",
     {1, 3, 4},
     R"([{"type":"convolution","channels":2,"kernel":5,"padding":3,"activation":"tanh"}])",
     kDecoder},
    {"transposed convolution",
     {2, 7, 5},
     R"([{"units":[3,4,3],"activation":"tanh"}])",
     R"([{"type":"transposed-convolution","channels":2,"kernel":3,"stride":2,"padding":1,
          "activation":"tanh"},
         {"type":"transposed-convolution","channels":2,"kernel":3,"activation":"sigmoid"}])"},
    {"transposed convolution with output padding",
     {1, 8, 6},
     R"([{"units":[2,4,3]}])",
     R"([{"type":"transposed-convolution","channels":1,"stride":2,"padding":1,"output_padding":1,
          "activation":"sigmoid"}])"},
    {"tied convolution",
     {1, 8, 7},
     R"([{"type":"convolution","channels":3,"stride":2,"activation":"tanh"},
         {"type":"convolution","channels":2,"activation":"tanh"}])",
     R"([{"type":"transposed-convolution","tied":"encoder.1","activation":"tanh"},
         {"type":"transposed-convolution","tied":"encoder.0","activation":"sigmoid"}])"},
    {"max pooling, unpooling by copying",
     {2, 6, 4},
     R"([{"type":"convolution","channels":2,"activation":"tanh"},{"type":"max-pool"},
         {"units":5,"activation":"tanh"}])",
     R"([{"units":[2,3,2],"activation":"tanh"},{"type":"unpool","mode":"copy"},
         {"type":"transposed-convolution","channels":2,"activation":"sigmoid"}])"},
    {"pooling that leaves rows and columns over, unpooling to remembered places",
     {1, 7, 5},
     R"([{"type":"convolution","channels":2,"activation":"tanh"},{"type":"max-pool","size":2},
         {"type":"convolution","channels":2,"activation":"tanh"}])",
     R"([{"type":"unpool","mode":"remembered","pool":"encoder.1"},
         {"type":"transposed-convolution","channels":1,"activation":"sigmoid"}])"},
    {"average pooling",
     {2, 7, 6},
     R"([{"type":"convolution","channels":2,"activation":"tanh"},{"type":"average-pool","size":3},
         {"units":4}])",
     kDecoder},
    {"layer normalisation of a vector and of an image",
     {2, 6, 4},
     R"([{"type":"convolution","channels":2,"activation":"tanh"},{"type":"layer-norm"},
         {"units":5,"activation":"tanh"},{"type":"layer-norm"}])",
     kDecoder},
    {"layer normalisation as the first layer", kVector,
     R"([{"type":"layer-norm"},{"units":4,"activation":"tanh"}])", kDecoder},
    {"pooling as the first layer", {1, 6, 6}, R"([{"type":"max-pool"},{"units":4}])", kDecoder},
    {"a penalty of a code that no weights lead to",
     {1, 6, 6},
     R"([{"type":"dropout","rate":0.3},{"type":"max-pool"}])",
     R"([{"units":"input"}])",
     Loss::kMeanSquaredError,
     with(&Penalties::activity_l1, 0.2)},
    {"L1 on the code", kVector, R"([{"units":4,"activation":"tanh"}])", kDecoder,
     Loss::kBinaryCrossEntropy, with(&Penalties::activity_l1, 0.2)},
    {"KL sparsity", kVector, R"([{"units":4,"activation":"sigmoid"}])", kDecoder,
     Loss::kMeanSquaredError, with(&Penalties::sparsity, 0.7)},
    {"L2 on the weights", kVector, R"([{"units":4,"activation":"tanh"}])",
     R"([{"tied":"encoder.0","activation":"sigmoid"}])", Loss::kMeanSquaredError,
     with(&Penalties::weight_l2, 0.05)},
    {"contractive, sigmoid", kVector, R"([{"units":4,"activation":"sigmoid"}])", kDecoder,
     Loss::kMeanSquaredError, with(&Penalties::contractive, 0.4)},
    {"contractive, tanh, tied", kVector, R"([{"units":4,"activation":"tanh"}])",
     R"([{"tied":"encoder.0","activation":"sigmoid"}])", Loss::kSummedSquaredError,
     with(&Penalties::contractive, 0.4)},
};

double worst_difference(const Case& it) {
  const ModelSpec spec{.encoder = parse_layers(it.encoder, "encoder"),
                       .decoder = parse_layers(it.decoder, "decoder"),
                       .loss = it.loss};
  const DatasetPointer data = tests::random_dataset(it.shape, kSamples, 1);
  ThreadPool pool(2);
  auto model = std::make_shared<const Model>(spec, it.shape);
  TrainSpec train;
  train.batch_size = kSamples;
  train.penalties = it.penalties;
  Trainer trainer(model, train, data, pool);
  Vector parameters = trainer.state().parameters;
  // Biases too must matter, and means of a code must not lie on the kink of |h|.
  for (const Parameter& slice : model->layout().parameters()) {
    if (slice.role == ParameterRole::kWeight) continue;
    parameters.segment(slice.offset, slice.size()) = tests::random_matrix(
        slice.size(), 1, static_cast<std::uint32_t>(slice.offset), -0.3f, 0.3f);
  }
  trainer.set_parameters(parameters);
  const Vector gradient = trainer.gradient_for_test(kSamples);
  const auto loss_at = [&](Index i, double step) {
    const Scalar kept = parameters[i];
    parameters[i] = kept + static_cast<Scalar>(step);
    trainer.set_parameters(parameters);
    parameters[i] = kept;
    trainer.gradient_for_test(kSamples);
    return trainer.loss_for_test().loss;
  };
  const double step = kDouble ? 1e-6 : 1e-2;
  double worst = 0;
  for (const Parameter& slice : model->layout().parameters()) {
    for (Index i = slice.offset; i < slice.offset + slice.size(); ++i) {
      const double numeric = (loss_at(i, step) - loss_at(i, -step)) / (2 * step);
      const double analytic = gradient[i];
      worst = std::max(worst, std::abs(numeric - analytic) /
                                  std::max(1e-2, std::abs(numeric) + std::abs(analytic)));
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("gradients of every kind of layer and penalty") {
  for (const Case& it : kCases) {
    CAPTURE(it.name);
    // A float's steps are so long that some change which pixel is the largest of a window.
    const std::string_view layers = it.encoder;
    if (!kDouble &&
        (layers.find("max-pool") != layers.npos || layers.find("k-sparse") != layers.npos)) {
      continue;
    }
    CHECK(worst_difference(it) < (kDouble ? 1e-6 : 5e-2));
  }
}

TEST_CASE("gradients on both sides of each kink") {
  // Units whose pre-activations are known to be positive for some samples and negative for others.
  for (const char* activation : {"relu", "leaky-relu", "elu"}) {
    if (!kDouble) continue;
    CAPTURE(activation);
    const std::string encoder =
        R"([{"type":"convolution","channels":3,"activation":")" + std::string(activation) +
        R"("},{"type":"max-pool"},{"units":6,"activation":")" + std::string(activation) + R"("}])";
    Case it{"kinks",
            {1, 6, 6},
            encoder.c_str(),
            kDecoder,
            Loss::kMeanSquaredError,
            with(&Penalties::activity_l1, 0.1)};
    CHECK(worst_difference(it) < 1e-6);
  }
}
