#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/export/export.h"
#include "core/formats/onnx_file.h"
#include "core/formats/protobuf_writer.h"
#include "tests/export/expect.h"
#include "tests/export/small_checkpoint.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;
using tests::SmallCheckpoint;

constexpr const char* kDense = R"([{"units":2,"activation":"relu"}])";
constexpr const char* kTied = R"([{"tied":"encoder.0","activation":"sigmoid"}])";

Bytes onnx_of(const SmallCheckpoint& checkpoint, ExportPart part) {
  return export_model(checkpoint.bytes(), ExportTarget::kOnnx, {.part = part}).front().bytes;
}

std::vector<std::string> types_of_nodes(const OnnxFile& file) {
  std::vector<std::string> types;
  for (const OnnxNode& node : file.nodes) types.push_back(node.type);
  return types;
}

TEST_CASE("a dense model becomes Gemm and its activation, with the weights as they are") {
  SmallCheckpoint checkpoint({1, 1, 3}, kDense, R"([{"units":"input","activation":"tanh"}])");
  const Bytes bytes = onnx_of(checkpoint, ExportPart::kWhole);
  const OnnxFile file = read_onnx(bytes, "'x'");
  CHECK(file.opset == 17);
  CHECK(file.ir_version == 8);
  CHECK(file.producer == "Hourglass");
  CHECK(types_of_nodes(file) == std::vector<std::string>{"Gemm", "Relu", "Gemm", "Tanh"});
  CHECK(file.nodes[0].wholes.at("transB") == 1);
  CHECK(file.nodes[0].inputs ==
        std::vector<std::string>{"input", "encoder.0.weight", "encoder.0.bias"});
  CHECK(file.nodes[1].outputs == std::vector<std::string>{"code"});
  const OnnxTensor* const weight = file.constant("encoder.0.weight");
  REQUIRE(weight);
  CHECK(weight->shape == std::vector<std::int64_t>{2, 3});
  CHECK(weight->floats("'x'") == checkpoint.of("encoder.0.weight"));
  REQUIRE(file.inputs.size() == 1);
  CHECK(file.inputs[0].sides == std::vector<std::string>{"batch", "3"});
  REQUIRE(file.outputs.size() == 2);
  CHECK(file.outputs[0].name == "code");
  CHECK(file.outputs[1].name == "output");
  const Json info = parse_json(file.metadata.at("hourglass.info"));
  CHECK(info["part"] == "whole");
  CHECK(info["scaling"]["scale"] == Json::array({1}));
}

TEST_CASE("tied weights are read the other way round, and are there in the decoder alone") {
  SmallCheckpoint checkpoint({1, 1, 3}, kDense, kTied);
  const Bytes whole = onnx_of(checkpoint, ExportPart::kWhole);
  const OnnxFile file = read_onnx(whole, "'x'");
  CHECK(file.constants.size() == 3);
  CHECK(file.nodes[2].wholes.at("transB") == 0);
  CHECK(file.nodes[2].inputs[1] == "encoder.0.weight");
  const Bytes alone = onnx_of(checkpoint, ExportPart::kDecoder);
  const OnnxFile decoder = read_onnx(alone, "'x'");
  CHECK(decoder.inputs[0].name == "code");
  CHECK(decoder.constant("encoder.0.weight") != nullptr);
  CHECK(decoder.constant("encoder.0.bias") == nullptr);
}

TEST_CASE("image layers become nodes with explicit sides") {
  SmallCheckpoint checkpoint(
      {2, 7, 6},
      R"([{"type":"convolution","channels":3,"kernel":3,"stride":2},{"type":"max-pool"},
          {"type":"layer-norm"},{"type":"k-sparse","k":2}])",
      R"([{"type":"unpool","mode":"remembered","pool":"encoder.1"},{"type":"dropout","rate":0.5},
          {"type":"transposed-convolution","tied":"encoder.0","activation":"leaky-relu"}])");
  const Bytes bytes = onnx_of(checkpoint, ExportPart::kWhole);
  const OnnxFile file = read_onnx(bytes, "'x'");
  CHECK(types_of_nodes(file) == std::vector<std::string>{"Reshape", "Conv", "MaxPool", "Shape",
                                                         "Reshape", "LayerNormalization", "TopK",
                                                         "Shape", "ConstantOfShape",
                                                         "ScatterElements", "Reshape", "MaxUnpool",
                                                         "ConvTranspose", "LeakyRelu", "Reshape"});
  using Sides = std::vector<std::int64_t>;
  CHECK(file.nodes[1].lists.at("pads") == Sides{1, 1, 1, 1});
  CHECK(file.nodes[1].lists.at("strides") == Sides{2, 2});
  CHECK(file.nodes[2].outputs.size() == 2);
  CHECK(file.nodes[5].reals.at("epsilon") == doctest::Approx(1e-5));
  CHECK(file.nodes[11].inputs ==
        std::vector<std::string>{"decoder.0.image", "encoder.1.indices", "encoder.1.size"});
  // 4 x 3 of 7 x 6: (4 - 1) 2 - 2 + 3 = 7 and (3 - 1) 2 - 2 + 3 = 5.
  CHECK(file.nodes[12].lists.at("output_padding") == Sides{0, 1});
  CHECK(file.nodes[13].reals.at("alpha") == doctest::Approx(0.01));
}

TEST_CASE("a variational code is the half that holds its means") {
  SmallCheckpoint checkpoint({1, 1, 3}, R"([{"type":"gaussian","units":2}])",
                             R"([{"units":"input"}])");
  const std::vector<float> both = checkpoint.of("encoder.0.weight");
  const Bytes bytes = onnx_of(checkpoint, ExportPart::kEncoder);
  const OnnxFile file = read_onnx(bytes, "'x'");
  CHECK(types_of_nodes(file) == std::vector<std::string>{"Gemm"});
  CHECK(file.constants.front().floats("'x'") == std::vector<float>(both.begin(), both.begin() + 6));
  const auto drawn = export_model(checkpoint.bytes(), ExportTarget::kOnnx,
                                  {.part = ExportPart::kEncoder, .sample = true});
  const OnnxFile with_noise = read_onnx(drawn.front().bytes, "'x'");
  REQUIRE(with_noise.inputs.size() == 2);
  CHECK(with_noise.inputs[1].name == "noise");
  CHECK(with_noise.inputs[1].sides == std::vector<std::string>{"batch", "2"});
  expect_error(
      [&] {
        export_model(checkpoint.bytes(), ExportTarget::kOnnx,
                     {.part = ExportPart::kDecoder, .sample = true});
      },
      "for the encoder or the whole model");
}

TEST_CASE("ONNX files that are damaged or hostile are refused in one sentence") {
  SmallCheckpoint checkpoint({1, 1, 3}, kDense, kTied);
  const Bytes bytes = onnx_of(checkpoint, ExportPart::kWhole);
  const auto read = [](const Bytes& file) { read_onnx(file, "'net.onnx'"); };
  expect_error([&] { read({bytes.begin(), bytes.begin() + 40}); },
               "'net.onnx' is not an ONNX file that can be read: field");
  expect_error([&] { read({0x08, 0x08}); }, "it has no graph");
  ProtobufWriter graph, model;
  for (int i = 0; i < 10'001; ++i) graph.add_message(1, {});
  model.add_message(7, graph);
  expect_error([&] { read(model.joined()); }, "more than 10000 nodes");

  const auto tensor = [](std::vector<std::int64_t> shape, Bytes held, std::int64_t type = 1) {
    ProtobufWriter message, inner, outer;
    for (const std::int64_t side : shape) message.add_whole(1, side);
    message.add_whole(2, type);
    message.add_text(8, "w");
    message.add_borrowed(9, held);
    inner.add_message(5, message);
    outer.add_message(7, inner);
    const Bytes file = outer.joined();
    return read_onnx(file, "'x'").constant("w")->floats("'x'");
  };
  CHECK(tensor({1, 2}, Bytes(8)) == std::vector<float>{0, 0});
  expect_error([&] { tensor({1, 3}, Bytes(8)); }, "another number of bytes than its shape");
  expect_error([&] { tensor({1, 2}, {}); }, "no numbers in this file");
  expect_error([&] { tensor({1, 2}, Bytes(8), 7); }, "not of type float32");
  const std::int64_t huge = std::int64_t{1} << 62;
  expect_error([&] { tensor({huge, huge}, Bytes(8)); }, "than its shape asks for");
  expect_error([&] { tensor({-1, -2}, Bytes(8)); }, "than its shape asks for");
  expect_error([&] { tensor({1}, {0, 0, 0xc0, 0x7f}); }, "not finite");
  expect_error([&] { tensor(std::vector<std::int64_t>(17, 1), Bytes(4)); }, "more than 16");
}

}  // namespace
}  // namespace hourglass
