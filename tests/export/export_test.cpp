#include "core/export/export.h"

#include <doctest/doctest.h>

#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/export/keras_weights.h"
#include "core/formats/safetensors.h"
#include "tests/export/expect.h"
#include "tests/export/small_checkpoint.h"

namespace hourglass {
namespace {

using tests::SmallCheckpoint;

constexpr const char* kEncoder = R"([{"units":2,"activation":"relu"}])";
constexpr const char* kDecoder = R"([{"units":"input"}])";

std::string text_of(const ExportedFile& file) { return {file.bytes.begin(), file.bytes.end()}; }

std::vector<std::string> names_of(const std::vector<ExportedFile>& files) {
  std::vector<std::string> names;
  for (const ExportedFile& file : files) names.push_back(file.name);
  return names;
}

TEST_CASE("each target gives its files, the description last") {
  SmallCheckpoint checkpoint({1, 1, 3}, kEncoder, kDecoder);
  const auto files = [&](ExportTarget target) {
    return names_of(export_model(checkpoint.bytes(), target, {.name = "net"}));
  };
  using Names = std::vector<std::string>;
  CHECK(files(ExportTarget::kOnnx) == Names{"net.onnx", "net.info.json"});
  CHECK(files(ExportTarget::kTfjs) == Names{"model.json", "group1-shard1of1.bin", "net.info.json"});
  CHECK(files(ExportTarget::kKeras) == Names{"net.py", "net.weights.npz", "net.info.json"});
  CHECK(files(ExportTarget::kPyTorch) ==
        Names{"net.py", "net.weights.safetensors", "net.info.json"});
}

TEST_CASE("Keras keeps images as rows, columns, channels, and weights with them") {
  SmallCheckpoint checkpoint({2, 3, 3},
                             R"([{"type":"convolution","channels":2,"kernel":2,"padding":1}])",
                             R"([{"units":"input"}])");
  const auto files = export_model(checkpoint.bytes(), ExportTarget::kTfjs);
  const Json json = parse_json(text_of(files[0]));
  const Json& config = json["modelTopology"]["model_config"]["config"];
  std::vector<std::string> types;
  for (const Json& layer : config["layers"]) types.push_back(layer["class_name"]);
  CHECK(types == std::vector<std::string>{"InputLayer", "Reshape", "Permute", "ZeroPadding2D",
                                          "Conv2D", "Permute", "Reshape", "Dense"});
  CHECK(config["layers"][0]["config"]["batch_input_shape"] == Json::array({nullptr, 18}));
  CHECK(config["layers"][1]["config"]["target_shape"] == Json::array({2, 3, 3}));
  CHECK(config["layers"][3]["config"]["padding"] == Json::parse("[[1,1],[1,1]]"));
  CHECK(config["output_layers"] == Json::parse(R"([["decoder_0",0,0]])"));
  const Json& weights = json["weightsManifest"][0]["weights"];
  CHECK(weights[0]["shape"] == Json::array({2, 2, 2, 2}));
  CHECK(files[1].bytes.size() == (16 + 2 + 32 * 18 + 18) * sizeof(float));
  // The second number of the file is of output channel 1, input channel 0, row 0, column 0.
  float second = 0;
  std::memcpy(&second, files[1].bytes.data() + sizeof(float), sizeof(float));
  CHECK(second == checkpoint.of("encoder.0.weight")[8]);
}

TEST_CASE("kernels are arranged as Keras has them, with zeros behind where it needs more") {
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};
  const KerasWeight dense = keras_dense_kernel({{2, 3}, values}, false);
  CHECK(dense.shape == std::vector<std::int64_t>{3, 2});
  CHECK(dense.values == std::vector<float>{1, 4, 2, 5, 3, 6});
  CHECK(keras_dense_kernel({{2, 3}, values}, true).values == values);
  const std::vector<float> kernel = {1, 2, 3, 4};
  const KerasWeight wide = keras_image_kernel({{1, 1, 2, 2}, kernel}, 3);
  CHECK(wide.shape == std::vector<std::int64_t>{3, 3, 1, 1});
  CHECK(wide.values == std::vector<float>{1, 2, 0, 3, 4, 0, 0, 0, 0});
}

TEST_CASE("TensorFlow.js has nothing for some layers, and the first is named") {
  const auto refused = [](const char* encoder, const char* decoder, const std::string& sentence) {
    SmallCheckpoint checkpoint({1, 4, 4}, encoder, decoder);
    expect_error([&] { export_model(checkpoint.bytes(), ExportTarget::kTfjs); }, sentence);
    CHECK(export_model(checkpoint.bytes(), ExportTarget::kKeras).size() == 3);
    CHECK(export_model(checkpoint.bytes(), ExportTarget::kPyTorch).size() == 3);
  };
  refused(R"([{"units":4},{"type":"k-sparse","k":2}])", R"([{"units":"input"}])",
          "Layer encoder.1 keeps the 2 largest units, and TensorFlow.js has no such layer; ONNX "
          "and PyTorch have it.");
  refused(R"([{"type":"max-pool"}])",
          R"([{"type":"unpool","mode":"remembered","pool":"encoder.0"}])",
          "Layer decoder.0 unpools to where encoder.0 found its maxima");
}

TEST_CASE("the scaling is in scripts and description") {
  SmallCheckpoint checkpoint({1, 1, 3}, kEncoder, kDecoder);
  checkpoint.file.metadata["hourglass.scaling"] =
      R"({"kind":"standardised","scale":[2,4,8],"offset":[0,-1,0.5],"range":[-1,1]})";
  for (const ExportTarget target : {ExportTarget::kKeras, ExportTarget::kPyTorch}) {
    const auto files = export_model(checkpoint.bytes(), target);
    CHECK(contains(text_of(files[0]), "SCALE = np.array([2, 4, 8], dtype=np.float32)"));
    CHECK(contains(text_of(files[0]), "OFFSET = np.array([0, -1, 0.5], dtype=np.float32)"));
    const Json info = parse_json(text_of(files[2]));
    CHECK(info["scaling"]["scale"] == Json::array({2, 4, 8}));
    CHECK(contains(info["about"], "value * scale + offset"));
  }
}

TEST_CASE("names from outside do not end a string of a script") {
  SmallCheckpoint checkpoint({1, 1, 3}, kEncoder, kDecoder);
  checkpoint.file.metadata["hourglass.data"] = "\"\"\"\nimport os";
  for (const ExportTarget target : {ExportTarget::kKeras, ExportTarget::kPyTorch}) {
    const auto files = export_model(checkpoint.bytes(), target, {.name = "a\"b\nc"});
    const std::string script = text_of(files[0]);
    CHECK(contains(script, R"("a\"b\nc.weights.)"));
    CHECK(contains(script, "from model import load"));
    CHECK_FALSE(contains(script, "import os\n\nimport os"));
    CHECK_FALSE(contains(script, "\"\"\"\nimport os\nimport"));
  }
}

TEST_CASE("checkpoints that are damaged or hostile are refused in one sentence") {
  const auto refused = [](const auto& damage, const std::string& sentence) {
    SmallCheckpoint checkpoint({1, 1, 3}, kEncoder, kDecoder);
    damage(checkpoint);
    for (const ExportTarget target :
         {ExportTarget::kOnnx, ExportTarget::kTfjs, ExportTarget::kKeras, ExportTarget::kPyTorch}) {
      expect_error([&] { export_model(checkpoint.bytes(), target, {.source = "'m'"}); }, sentence);
    }
  };
  const auto metadata = [&](const char* key, const char* value, const std::string& sentence) {
    refused([&](SmallCheckpoint& c) { c.file.metadata[key] = value; }, sentence);
  };
  expect_error([] { export_model(std::vector<std::uint8_t>{1, 2}, ExportTarget::kOnnx); },
               "The checkpoint is not a safetensors file");
  refused([](SmallCheckpoint& c) { c.file.metadata.erase("hourglass.settings"); },
          "'m' is not a model that Hourglass saved: its metadata has no 'hourglass.settings'.");
  metadata("hourglass.settings", "[]", "'m' has a damaged 'hourglass.settings'");
  metadata("hourglass.settings", "{\"model\":3}", "'m' has a damaged 'hourglass.settings'");
  metadata("hourglass.settings", "{\"model\":{\"encoder\":[{\"units\":-1}]}}",
           "model.encoder, layer 0");
  metadata("hourglass.input", "[1,1,99999]", "damaged 'hourglass.input'");
  metadata("hourglass.input", "[4096,4096,4096]", "damaged 'hourglass.input'");
  metadata("hourglass.input", "[1,1,4]", "has the shape [2, 3], and the model needs [2, 4]");
  metadata("hourglass.scaling", R"({"scale":[0],"offset":[0]})", "damaged 'hourglass.scaling'");
  metadata("hourglass.scaling", R"({"scale":[1,2],"offset":[0]})", "damaged 'hourglass.scaling'");
  metadata("hourglass.classifier", R"({"classes":["a"]})", "damaged 'hourglass.classifier'");
  metadata("hourglass.classifier", R"({"classes":["a","b"]})", "it has no 'head.0.weight'");
  refused([](SmallCheckpoint& c) { c.file.tensors.erase(c.file.tensors.begin()); },
          "'m' cannot be used: it has no 'encoder.0.weight'.");
  refused(
      [](SmallCheckpoint& c) {
        c.of("decoder.0.bias")[1] = std::numeric_limits<float>::quiet_NaN();
      },
      "not finite in 'decoder.0.bias'");
}

}  // namespace
}  // namespace hourglass
