#include "core/nn/optim/optimizer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <vector>

#include "tests/support/source_path.h"

using namespace hourglass;

TEST_CASE("ten steps of every optimizer equal PyTorch's") {
  std::ifstream file(source_path("/tests/golden/optimizers.json"));
  const auto golden = nlohmann::json::parse(file);
  const double tolerance = std::is_same_v<Scalar, double> ? 1e-12 : 2e-6;
  const auto sizes = golden["sizes"].get<std::vector<std::size_t>>();
  std::size_t kinds_seen = 0;
  for (const auto& test : golden["cases"]) {
    CAPTURE(test["kind"].dump() + test["settings"].dump());
    Optimizer optimizer;
    optimizer.kind = optimizer_from_name(test["kind"].get<std::string>());
    kinds_seen |= std::size_t{1} << static_cast<int>(optimizer.kind);
    const auto& settings = test["settings"];
    optimizer.learning_rate = settings["learning_rate"];
    optimizer.momentum = settings.value("momentum", 0.0);
    optimizer.rho = settings.value("rho", 0.0);
    optimizer.beta1 = settings.value("beta1", 0.0);
    optimizer.beta2 = settings.value("beta2", 0.0);
    optimizer.epsilon = settings.value("epsilon", 0.0);
    optimizer.weight_decay = settings.value("weight_decay", 0.0);

    auto parameters = golden["start"].get<std::vector<Scalar>>();
    std::vector<Scalar> first(parameters.size()), second(parameters.size());
    double worst = 0;
    for (std::size_t step = 0; step < golden["gradients"].size(); ++step) {
      const auto gradients = golden["gradients"][step].get<std::vector<Scalar>>();
      // Tensor by tensor, with one number of the step for both: the counter must not run twice.
      std::size_t at = 0;
      for (const std::size_t size : sizes) {
        Scalar* const moments[] = {first.data() + at, second.data() + at};
        apply_step(optimizer, static_cast<std::int64_t>(step + 1), {parameters.data() + at, size},
                   {gradients.data() + at, size}, moments, /*decays=*/true);
        at += size;
      }
      const auto expected = test["after"][step].get<std::vector<double>>();
      for (std::size_t i = 0; i < expected.size(); ++i) {
        worst = std::max(worst, std::abs(parameters[i] - expected[i]));
      }
    }
    CHECK(worst < tolerance);
  }
  CHECK(kinds_seen == (std::size_t{1} << optimizer_names().size()) - 1);
}

TEST_CASE("moments do not decay into denormal numbers") {
  for (std::size_t k = 0; k < optimizer_names().size(); ++k) {
    Optimizer optimizer;
    optimizer.kind = static_cast<OptimizerKind>(k);
    optimizer.momentum = 0.5;
    optimizer.rho = optimizer.beta1 = optimizer.beta2 = 0.5;
    std::vector<Scalar> parameter(3, Scalar(1)), gradient(3, Scalar(1)), first(3), second(3);
    Scalar* const moments[] = {first.data(), second.data()};
    for (int step = 1; step <= 400; ++step) {
      apply_step(optimizer, step, parameter, gradient, moments);
      if (step == 1) gradient.assign(3, Scalar(0));
    }
    CAPTURE(optimizer_names()[k]);
    CHECK(first[0] == 0);
    if (optimizer.kind != OptimizerKind::kSgd) CHECK(second[0] == 0);
  }
}
