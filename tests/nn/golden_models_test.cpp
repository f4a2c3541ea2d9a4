// Small models of every kind of layer and penalty against PyTorch: tests/golden/make_models.py.
#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/math/random.h"
#include "core/model/layer_type.h"
#include "core/nn/inference.h"
#include "core/train/trainer.h"
#include "tests/support/source_path.h"

using namespace hourglass;
using Json = nlohmann::json;

namespace {

constexpr bool kDouble = std::is_same_v<Scalar, double>;

const Json& golden() {
  static const Json json = [] {
    std::ifstream file(source_path("/tests/golden/models.json"));
    return Json::parse(file);
  }();
  return json;
}

ImageShape input_shape(const Json& test) {
  return {test["input"][0].get<Index>(), test["input"][1].get<Index>(),
          test["input"][2].get<Index>()};
}

std::shared_ptr<const Model> make_model(const Json& test) {
  ModelSpec spec;
  spec.encoder = parse_layers(test["encoder"].dump(), "encoder");
  spec.decoder = parse_layers(test["decoder"].dump(), "decoder");
  spec.loss = loss_from_name(test["loss"].get<std::string>());
  return std::make_shared<const Model>(spec, input_shape(test));
}

// Not all cases need all of them; a key that nobody reads would test nothing.
Penalties make_penalties(const Json& test) {
  Penalties penalties;
  const std::map<std::string, double*> known = {
      {"penalty.activity_l1", &penalties.activity_l1},
      {"penalty.sparsity", &penalties.sparsity},
      {"penalty.sparsity_target", &penalties.sparsity_target},
      {"penalty.weight_l2", &penalties.weight_l2},
      {"penalty.contractive", &penalties.contractive},
      {"penalty.kl", &penalties.kl}};
  for (const auto& [key, value] : test["penalties"].items()) *known.at(key) = value.get<double>();
  return penalties;
}

// The slices of all parameters, which must be those that PyTorch has, and of their sizes.
ParameterBuffer make_parameters(const Json& test, const ParameterLayout& layout) {
  ParameterBuffer buffer = ParameterBuffer::Zero(layout.buffer_size());
  REQUIRE(static_cast<std::size_t>(layout.count()) == test["parameters"].size());
  for (const Parameter& slice : layout.parameters()) {
    CAPTURE(slice.name);
    const auto values = test["parameters"].at(slice.name).get<std::vector<Scalar>>();
    REQUIRE(values.size() == static_cast<std::size_t>(slice.size()));
    std::copy(values.begin(), values.end(), buffer.data() + slice.offset);
  }
  return buffer;
}

// The largest difference, in parts of the largest of the expected values.
double worst(const Scalar* actual, const Json& expected) {
  double difference = 0, size = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double value = expected[i].get<double>();
    const double apart = std::abs(static_cast<double>(actual[i]) - value);
    if (!std::isfinite(apart)) return std::numeric_limits<double>::infinity();
    difference = std::max(difference, apart);
    size = std::max(size, std::abs(value));
  }
  REQUIRE(size > 0);
  return difference / size;
}

// A data set from which epoch 0 of `seed` draws the case's samples in their order: random numbers
// belong to columns of a batch.
DatasetPointer make_data(const Json& test, std::uint64_t seed) {
  const ImageShape shape = input_shape(test);
  const auto count = test["samples"].get<std::size_t>();
  const auto features = static_cast<std::size_t>(shape.features());
  const auto x = test["x"].get<std::vector<float>>();
  REQUIRE(x.size() == count * features);
  std::vector<std::uint32_t> order(count);
  shuffle_indices(seed, RandomStream::kShuffle, 0, order);
  std::vector<float> shuffled(x.size());
  for (std::size_t column = 0; column < count; ++column) {
    for (std::size_t i = 0; i < features; ++i) {
      shuffled[order[column] * features + i] = x[column * features + i];
    }
  }
  auto data = std::make_shared<Dataset>();
  data->name = "golden";
  data->shape = shape;
  data->train = Samples(shape.features(), std::move(shuffled));
  return data;
}

void check_gradients(const Json& expected, const ParameterLayout& layout,
                     const ParameterBuffer& gradients, double tolerance) {
  REQUIRE(expected.size() == static_cast<std::size_t>(layout.count()));
  for (const Parameter& slice : layout.parameters()) {
    CAPTURE(slice.name);
    CHECK(worst(gradients.data() + slice.offset, expected.at(slice.name)) < tolerance);
  }
}

}  // namespace

TEST_CASE("codes and outputs of every kind of layer equal PyTorch's") {
  const double tolerance = kDouble ? 1e-9 : 2e-5;
  int decoded_alone = 0;
  for (const Json& test : golden()["cases"]) {
    CAPTURE(test["name"].get<std::string>());
    const auto model = make_model(test);
    const ParameterBuffer parameters = make_parameters(test, model->layout());
    const auto samples = test["samples"].get<Index>();
    const auto x = test["x"].get<std::vector<Scalar>>();
    const Matrix input = Eigen::Map<const Matrix>(x.data(), model->features(), samples);
    REQUIRE(test["outputs"].size() == x.size());
    REQUIRE(test["code"].size() == static_cast<std::size_t>(model->code_size() * samples));

    ThreadPool pool(1);
    Inference inference(*model, pool);
    Matrix codes = Matrix::Constant(model->code_size(), samples, -7), outputs = input;
    inference.encode(parameters.data(), columns(input, 0, samples), columns(codes, 0, samples));
    CHECK(worst(codes.data(), test["code"]) < tolerance);
    inference.reconstruct(parameters.data(), columns(input, 0, samples),
                          columns(outputs, 0, samples));
    CHECK(worst(outputs.data(), test["outputs"]) < tolerance);
    // From the code alone: the same, unless the decoder unpools to remembered places.
    inference.decode(parameters.data(), columns(std::as_const(codes), 0, samples),
                     columns(outputs, 0, samples));
    decoded_alone += test.contains("decoded");
    CHECK(worst(outputs.data(), test.value("decoded", test["outputs"])) < tolerance);
  }
  CHECK(decoded_alone == 2);
}

TEST_CASE("loss, penalties and gradients of every kind of layer equal PyTorch's") {
  REQUIRE(golden()["step"] == 0);
  for (const Json& test : golden()["cases"]) {
    CAPTURE(test["name"].get<std::string>());
    // The generator's normal numbers are floats in any build, and PyTorch's side has them as
    // doubles.
    const double tolerance = !kDouble ? 2e-5 : test.contains("eps") ? 1e-6 : 1e-9;
    const auto model = make_model(test);
    TrainSpec spec;
    spec.seed = golden()["seed"];
    spec.penalties = make_penalties(test);
    ThreadPool pool(1);
    const DatasetPointer data = make_data(test, spec.seed);
    const ParameterBuffer parameters = make_parameters(test, model->layout());
    const auto samples = test["samples"].get<Index>();

    Trainer trainer(model, spec, data, pool);
    trainer.set_parameters(parameters);
    check_gradients(test["gradients"], model->layout(), trainer.gradient_for_test(samples),
                    tolerance);
    const auto loss = trainer.loss_for_test();
    const double total = test["total"], penalty = test["penalty"];
    CHECK(std::abs(loss.loss - total) < tolerance * total);
    CHECK(std::abs(loss.penalty - penalty) <= tolerance * total);

    if (!test.contains("clipped")) continue;
    const Json& clipped = test["clipped"];
    spec.clip_norm = clipped["clip_norm"];
    // PyTorch divides by the norm plus 1e-6.
    const double margin = 1e-6 / clipped["norm"].get<double>();
    Trainer clipping(model, spec, data, pool);
    clipping.set_parameters(parameters);
    check_gradients(clipped["gradients"], model->layout(), clipping.gradient_for_test(samples),
                    tolerance + 1.01 * margin);
  }
}

TEST_CASE("the draws of variational codes are those that the golden values were made with") {
  int seen = 0;
  for (const Json& test : golden()["cases"]) {
    if (!test.contains("eps")) continue;
    ++seen;
    const auto samples = test["samples"].get<std::size_t>();
    const std::size_t units = test["eps"].size() / samples;
    std::vector<Scalar> draws(units);
    for (std::size_t column = 0; column < samples; ++column) {
      Random(golden()["seed"], RandomStream::kSampling, golden()["step"],
             static_cast<std::uint32_t>(column))
          .fill_normal(draws);
      for (std::size_t i = 0; i < units; ++i) {
        const double expected = test["eps"][column * units + i];
        CHECK(std::abs(static_cast<double>(draws[i]) - expected) < 2e-6);
      }
    }
  }
  CHECK(seen >= 3);
}

TEST_CASE("the golden values have every kind of layer, activation, loss and penalty") {
  std::map<std::string, int> seen;
  for (const Json& test : golden()["cases"]) {
    for (const char* part : {"encoder", "decoder"}) {
      for (const Json& layer : test[part]) {
        ++seen[layer["type"].get<std::string>() + (layer.contains("tied") ? ", tied" : "")];
        if (layer["type"] == "unpool") ++seen["unpool, " + layer["mode"].get<std::string>()];
        ++seen[layer.value("activation", "linear")];
      }
    }
    ++seen[test["loss"].get<std::string>()];
    for (const auto& [key, value] : test["penalties"].items()) ++seen[key];
  }
  for (const LayerType& type : layer_types()) {
    CAPTURE(std::string(type.name));
    CHECK(seen[std::string(type.name)] > 0);
  }
  for (const auto names : {activation_names(), loss_names()}) {
    for (const std::string_view name : names) {
      CAPTURE(std::string(name));
      CHECK(seen[std::string(name)] > 0);
    }
  }
  for (const char* name : {"dense, tied", "transposed-convolution, tied", "unpool, copy",
                           "unpool, remembered", "penalty.activity_l1", "penalty.sparsity",
                           "penalty.weight_l2", "penalty.contractive", "penalty.kl"}) {
    CAPTURE(name);
    CHECK(seen[name] > 0);
  }
}
