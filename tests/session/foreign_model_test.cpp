// Dense autoencoders of other programs, opened in place of the present network.
#include "core/session/export/foreign_model.h"

#include <doctest/doctest.h>

#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/scalar.h"
#include "core/formats/safetensors.h"
#include "tests/data/expect_error.h"
#include "tests/support/session_driver.h"

using namespace hourglass;
using namespace hourglass::session;
using namespace hourglass::tests;

namespace {

struct Linear {
  std::string name;
  std::int64_t inputs, outputs;
};

// As PyTorch saves Linear layers; every weight differs.
Bytes safetensors_of(const std::vector<Linear>& layers) {
  Safetensors file;
  std::vector<std::vector<float>> values;
  values.reserve(2 * layers.size());
  for (const Linear& layer : layers) {
    auto& weight = values.emplace_back(static_cast<std::size_t>(layer.inputs * layer.outputs));
    for (std::size_t i = 0; i < weight.size(); ++i) {
      weight[i] = static_cast<float>(i % 97) / 970 - 0.05f;
    }
    auto& bias = values.emplace_back(static_cast<std::size_t>(layer.outputs), 0.25f);
    file.tensors.push_back({layer.name + ".weight",
                            TensorType::kF32,
                            {layer.outputs, layer.inputs},
                            bytes_of(weight)});
    file.tensors.push_back(
        {layer.name + ".bias", TensorType::kF32, {layer.outputs}, bytes_of(bias)});
  }
  file.metadata["format"] = "pt";
  return write_safetensors(file);
}

// The numbers of a parameter of a checkpoint, which are of the engine's own type.
std::vector<float> numbers(const Safetensors& checkpoint, const std::string& name) {
  const TensorEntry* const entry = checkpoint.find(name);
  REQUIRE(entry);
  REQUIRE(entry->type == tensor_type_of<Scalar>());
  std::vector<Scalar> values(entry->bytes.size() / sizeof(Scalar));
  std::memcpy(values.data(), entry->bytes.data(), entry->bytes.size());
  return {values.begin(), values.end()};
}

Bytes checkpoint_of(Driver& driver) {
  driver.send(SaveCheckpoint{}, 1);
  driver.settle();
  return driver.replies.back().checkpoint;
}

}  // namespace

TEST_CASE("models of other programs: the network takes their weights, and trains on") {
  Driver driver;
  driver.run_epochs(1);
  const Bytes file =
      safetensors_of({{"fc1", 784, 40}, {"fc2", 40, 12}, {"fc3", 12, 40}, {"fc4", 40, 784}});
  CHECK(is_foreign_model(file));
  const Bytes present = checkpoint_of(driver);
  CHECK_FALSE(is_foreign_model(present));
  const ForeignModel model = foreign_model(file, "net.safetensors", present);
  REQUIRE(model.layers.size() == 4);
  CHECK(model.layers[1].to == "encoder.1");
  CHECK(model.layers[2].from == "fc3");
  CHECK(model.layers[2].to == "decoder.0");
  CHECK(model.layers[3].activation == "sigmoid");
  CHECK_FALSE(model.layers[0].knows_activation);
  const Json mapping = parse_json(mapping_json("net.safetensors", model));
  CHECK(mapping["layers"][3]["inputs"] == 40);
  CHECK(mapping["layers"][3]["known"] == false);

  driver.send(LoadCheckpoint{model.checkpoint}, 2);
  driver.settle();
  CHECK(driver.failures.empty());
  REQUIRE(driver.status.step == 0);
  CHECK(driver.network.code_size == 12);
  const Bytes again = checkpoint_of(driver);
  const Safetensors ours = read_safetensors(again, "ours"),
                    theirs = read_safetensors(file, "theirs");
  CHECK(numbers(ours, "encoder.1.weight") == theirs.find("fc2.weight")->floats());
  CHECK(numbers(ours, "decoder.1.bias") == theirs.find("fc4.bias")->floats());
  driver.run_epochs(1);
  CHECK(driver.status.step > 0);
  CHECK(driver.failures.empty());
}

TEST_CASE("models of other programs: what does not fit is named, and the run stays") {
  Driver driver;
  const Bytes present = checkpoint_of(driver);
  const auto refusal = [&](const Bytes& file) {
    try {
      foreign_model(file, "net.safetensors", present);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(refusal(safetensors_of({{"a", 64, 8}, {"b", 8, 64}})) ==
        "The layer 'a' of 'net.safetensors' takes 64 numbers, and each sample of the data in use, "
        "'strokes', has 784: use data of 64 values first, then open the model again.");
  CHECK(contains(refusal(safetensors_of({{"a", 784, 8}, {"b", 8, 10}})), "'net.safetensors'"));
  CHECK(contains(refusal(safetensors_of({{"a", 784, 784}})), "'net.safetensors'"));
  CHECK(contains(refusal(safetensors_of({{"a", 784, 8}, {"b", 9, 784}})), "'b"));
  CHECK_FALSE(refusal({1, 2, 3}).empty());
}
