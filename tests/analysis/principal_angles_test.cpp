#include "core/analysis/principal_angles.h"

#include <doctest/doctest.h>

#include <Eigen/QR>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numbers>
#include <string>
#include <utility>

#include "core/analysis/linear_decoder.h"
#include "core/analysis/pca_exact.h"
#include "core/math/random.h"
#include "core/nn/inference.h"
#include "tests/data/expect_error.h"
#include "tests/support/small_data.h"
#include "tests/support/source_path.h"

using namespace hourglass;

namespace {

// Column j of a matrix of tests/golden/make_angles.py.
Eigen::MatrixXd golden_matrix(std::uint32_t step, Index rows, Index cols) {
  Matrix matrix(rows, cols);
  for (Index j = 0; j < cols; ++j) {
    Random(7, RandomStream::kTest, step, static_cast<std::uint32_t>(j))
        .fill_uniform({matrix.col(j).data(), static_cast<std::size_t>(rows)});
  }
  return matrix.cast<double>().array() - 0.5;
}

LayerSpec layer_of(const char* type) { return LayerSpec(*find_layer_type(type)); }

Vector some_parameters(const Model& model) {
  Vector parameters(model.layout().buffer_size());
  for (Index i = 0; i < parameters.size(); ++i) parameters[i] = std::sin(Scalar(i * i));
  return parameters;
}

}  // namespace

TEST_CASE("principal angles are those that SciPy finds") {
  std::ifstream file(source_path("/tests/golden/angles.json"));
  for (const auto& golden : nlohmann::json::parse(file)) {
    const Index rows = golden["rows"], p = golden["p"], q = golden["q"];
    const double noise = golden["noise"];
    CAPTURE(rows);
    CAPTURE(noise);
    const Eigen::MatrixXd a = golden_matrix(4, rows, p);
    Eigen::MatrixXd b = golden_matrix(5, rows, q);
    if (noise > 0) {
      b *= noise;
      for (Index j = 0; j < q; ++j) b.col(j) += a.col(j) + 0.5 * a.col((j + 1) % p);
    }
    const Eigen::VectorXd angles = principal_angles(a, b), back = principal_angles(b, a);
    REQUIRE(angles.size() == static_cast<Index>(golden["degrees"].size()));
    for (Index i = 0; i < angles.size(); ++i) {
      const double expected = golden["degrees"][static_cast<std::size_t>(i)];
      CHECK(std::abs(angles[i] - expected) < 2e-6);
      CHECK(std::abs(back[i] - expected) < 2e-6);
    }
  }
}

TEST_CASE("principal angles of planes that are known, whatever spans them") {
  Eigen::MatrixXd plane(3, 2), line(3, 1), tilted(3, 3);
  plane << 1, 5, 0, 2, 0, 0;  // x and y
  const double angle = 0.3;
  line << std::cos(angle), 0, std::sin(angle);
  CHECK(principal_angles(plane, line)[0] == doctest::Approx(angle * 180 / std::numbers::pi));
  CHECK(principal_angles(line, Eigen::MatrixXd::Identity(3, 3).rightCols(1))[0] ==
        doctest::Approx(90 - angle * 180 / std::numbers::pi));
  // Turned about x; that columns are short, or one is empty, changes nothing.
  tilted << 1e-9, 2e-9, 0, 0, std::cos(angle), 0, 0, std::sin(angle), 0;
  const Eigen::VectorXd angles = principal_angles(plane, tilted);
  REQUIRE(angles.size() == 2);
  CHECK(std::abs(angles[0]) < 1e-5);
  CHECK(angles[1] == doctest::Approx(angle * 180 / std::numbers::pi));
  CHECK(principal_angles(plane, Eigen::MatrixXd::Zero(3, 2)).size() == 0);
  CHECK(principal_angles(plane, plane).maxCoeff() < 1e-5);
}

TEST_CASE("a linear network's subspace is what its decoder draws, whatever its layers") {
  const DatasetPointer data = tests::random_dataset({1, 4, 4}, 60, 10);
  ThreadPool pool(2);
  ExactPca pca(*data, 3, pool);
  while (pca.advance()) continue;
  const Model model(
      tests::small_spec(Activation::kLinear, Activation::kLinear, Loss::kMeanSquaredError),
      data->shape);
  Vector parameters = some_parameters(model);
  const PcaAngles found = angles_to_pca(model, parameters.data(), pca.components(), pool);
  CHECK(found.dimensions == 3);
  CHECK(found.largest > 5);
  CHECK(found.largest <= 90);
  CHECK(found.mean < found.largest);

  // By construction: it is no angle from an orthonormal basis of what its own units draw.
  const ModelSpec flat{.encoder = {tests::small_spec(Activation::kLinear, Activation::kLinear,
                                                     Loss::kMeanSquaredError)
                                       .encoder[1]},
                       .decoder = {tests::small_spec(Activation::kLinear, Activation::kLinear,
                                                     Loss::kMeanSquaredError)
                                       .decoder[1]},
                       .loss = Loss::kMeanSquaredError,
                       .initializer = Initializer::kGlorotUniform};
  const Model shallow(flat, data->shape);
  parameters = some_parameters(shallow);
  // The decoder's own directions, written over by what the code's units draw.
  const Eigen::MatrixXd before = decoder_directions(shallow, parameters.data(), pool);
  CHECK(before.rows() == 16);
  CHECK(before.cols() == 3);
  CHECK(angles_to_pca(shallow, parameters.data(),
                      Eigen::MatrixXd(Eigen::HouseholderQR<Eigen::MatrixXd>(before).householderQ() *
                                      Eigen::MatrixXd::Identity(16, 3))
                          .cast<Scalar>(),
                      pool)
            .largest < 1e-3);
  Matrix code(3, 1), image(16, 1), nothing(16, 1);
  code << 0.5f, -2, 1;
  Inference inference(shallow, pool);
  inference.decode(parameters.data(), columns(std::as_const(code), 0, 1), columns(image, 0, 1));
  code.setZero();
  inference.decode(parameters.data(), columns(std::as_const(code), 0, 1), columns(nothing, 0, 1));
  const Eigen::VectorXd moved = 0.5 * before.col(0) - 2 * before.col(1) + before.col(2);
  CHECK(((image - nothing).cast<double>() - moved).cwiseAbs().maxCoeff() < 1e-5);
}

TEST_CASE("a network that is not linear has no subspace, and says why") {
  const ImageShape shape{1, 4, 4};
  const auto refusal = [&](const ModelSpec& spec, Index components = 3) {
    const Plan plan = Model(spec, shape).plan();
    try {
      check_comparable_with_pca(plan, components);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const auto spec = [](Activation hidden, Activation output) {
    return tests::small_spec(hidden, output, Loss::kMeanSquaredError);
  };
  CHECK(refusal(spec(Activation::kLinear, Activation::kLinear)).empty());
  CHECK(contains(refusal(spec(Activation::kTanh, Activation::kLinear)),
                 "encoder.0 of this one is not linear: it is 'tanh'."));
  CHECK(contains(refusal(spec(Activation::kLinear, Activation::kSigmoid)), "decoder.1"));
  CHECK(
      contains(refusal(spec(Activation::kLinear, Activation::kLinear), 2),
               "A code of 3 units is held against as many principal components, and there are 2"));
  ModelSpec normed = spec(Activation::kLinear, Activation::kLinear);
  normed.encoder.insert(normed.encoder.begin() + 1, layer_of("layer-norm"));
  CHECK(contains(refusal(normed), "it is of the type 'layer-norm'"));
  ModelSpec dropping = spec(Activation::kLinear, Activation::kLinear);
  dropping.encoder.insert(dropping.encoder.begin() + 1, layer_of("dropout"));
  CHECK(refusal(dropping).empty());
}

TEST_CASE("layers are told to be affine by the names that a plan gives them") {
  for (const char* kind :
       {"dense", "tied-dense", "convolution", "transposed-convolution",
        "tied-transposed-convolution", "average-pool", "unpool-copy", "dropout"}) {
    CAPTURE(std::string(kind));
    CHECK(is_affine(kind, "linear"));
    CHECK_FALSE(is_affine(kind, "relu"));
  }
  for (const char* kind :
       {"max-pool", "gaussian", "k-sparse", "layer-norm", "dens", "densely", ""}) {
    CAPTURE(std::string(kind));
    CHECK_FALSE(is_affine(kind, "linear"));
  }
}
