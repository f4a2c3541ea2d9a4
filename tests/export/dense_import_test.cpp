#include "core/export/dense_import.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/export/onnx_graph.h"
#include "core/formats/safetensors.h"
#include "tests/export/expect.h"

namespace hourglass {
namespace {

using Numbers = std::vector<float>;

// Two layers, 3 -> 2 -> 3, of an array each.
const Numbers kFirst = {1, 2, 3, 4, 5, 6}, kSecond = {6, 5, 4, 3, 2, 1}, kTwo = {7, 8},
              kThree = {9, 10, 11};

std::vector<std::uint8_t> arrays(const std::vector<TensorEntry>& entries) {
  Safetensors file;
  file.tensors = entries;
  return write_safetensors(file);
}

TensorEntry entry(const std::string& name, std::vector<std::int64_t> shape, const Numbers& values) {
  return {name, TensorType::kF32, std::move(shape), bytes_of(values)};
}

TEST_CASE("arrays are put in order by the numbers in their names, the decoder last") {
  const auto names = [](const std::string& first, const std::string& second) {
    const auto layers = dense_layers_of(
        arrays({entry(first + ".weight", {2, 3}, kFirst), entry(first + ".bias", {2}, kTwo),
                entry(second + ".weight", {3, 2}, kSecond)}),
        "'x'");
    REQUIRE(layers.size() == 2);
    CHECK(layers[0].weight == kFirst);
    CHECK(layers[0].bias == kTwo);
    CHECK(layers[1].bias == Numbers{0, 0, 0});
    CHECK_FALSE(layers[1].has_bias);
    CHECK_FALSE(layers[1].knows_activation);
    return layers[0].name + " " + layers[1].name;
  };
  CHECK(names("9", "10") == "9 10");
  CHECK(names("net.2", "net.10") == "net.2 net.10");
  CHECK(names("encoder.0", "decoder.0") == "encoder.0 decoder.0");
  CHECK(names("features.3", "decode.1") == "features.3 decode.1");
}

// A file of another program: MatMul with [inputs, outputs] and Add.
OnnxGraph matmul_graph(const char* activation) {
  OnnxGraph graph;
  graph.add_input("x", {3}, "");
  graph.add_output("y", {3}, "");
  graph.add_constant("a", {3, 2}, kFirst);
  graph.add_constant("b", {2}, kTwo);
  graph.add_constant("c", {2, 3}, kSecond);
  graph.add_node("MatMul", "one", {"x", "a"}, {"one"});
  graph.add_node("Add", "two", {"one", "b"}, {"two"});
  graph.add_node(activation, "three", {"two"}, {"three"});
  graph.add_node("MatMul", "four", {"three", "c"}, {"y"});
  return graph;
}

TEST_CASE("MatMul and Add are a dense layer, whose weight is turned") {
  const auto layers = dense_layers_of(matmul_graph("Elu").bytes(), "'x'");
  REQUIRE(layers.size() == 2);
  CHECK(layers[0].weight == Numbers{1, 3, 5, 2, 4, 6});
  CHECK(layers[0].bias == kTwo);
  CHECK(layers[0].activation == Activation::kElu);
  CHECK(layers[1].weight == Numbers{6, 3, 5, 2, 4, 1});
  CHECK(layers[1].activation == Activation::kLinear);
  CHECK(layers[1].knows_activation);
}

TEST_CASE("the first node or array that does not fit is named") {
  const auto refuse_graph = [](const OnnxGraph& graph, const std::string& sentence) {
    expect_error([&] { dense_layers_of(graph.bytes(), "'x'"); }, sentence);
  };
  refuse_graph(matmul_graph("HardSwish"), "The node 'three' of 'x' is a HardSwish; import knows");
  OnnxGraph twice = matmul_graph("Relu");
  twice.add_node("Relu", "five", {"three"}, {"z"});
  refuse_graph(twice, "The node 'five' of 'x' does not go on from the layer before it");
  OnnxGraph again = matmul_graph("Relu");
  again.add_node("Tanh", "five", {"y"}, {"v"});
  again.add_node("Tanh", "six", {"v"}, {"w"});
  refuse_graph(again, "The node 'six' of 'x' is an activation that no dense layer stands before");
  OnnxGraph steep = matmul_graph("Relu");
  steep.add_node("LeakyRelu", "five", {"y"}, {"v"}, {{"alpha", 0.2f}});
  refuse_graph(steep, "'five' of 'x' has an alpha of 0.2");
  OnnxGraph scaled = matmul_graph("Relu");
  scaled.add_node("Gemm", "five", {"y", "a"}, {"v"}, {{"alpha", 2.0f}});
  refuse_graph(scaled, "'five' of 'x' turns its input or scales its result");
  OnnxGraph open = matmul_graph("Relu");
  open.add_node("MatMul", "five", {"y", "x"}, {"v"});
  refuse_graph(open, "'five' of 'x' has no constant");

  const auto refuse_arrays = [](const std::vector<TensorEntry>& entries,
                                const std::string& sentence) {
    expect_error([&] { dense_layers_of(arrays(entries), "'x'"); }, sentence);
  };
  const TensorEntry first = entry("0.weight", {2, 3}, kFirst);
  refuse_arrays({first, entry("c.weight", {3, 2, 1}, kSecond)},
                "The array 'c.weight' of 'x', 3 x 2 x 1, is no weight of a dense layer");
  refuse_arrays({first, entry("scale", {2}, kTwo)}, "The array 'scale' of 'x', 2,");
  refuse_arrays({first, entry("1.weight", {2, 3}, kSecond)},
                "Layer '1' of 'x' takes 3 numbers, and '0' before it gives 2");
  refuse_arrays({first}, "'x' has 1 dense layers");
  refuse_arrays({first, entry("0.bias", {3}, kThree), entry("1.weight", {3, 2}, kSecond)},
                "The bias of '0' in 'x' has 3 numbers, and its weight 2 rows.");
  // An empty matrix may claim rows without end.
  const std::int64_t huge = std::int64_t{1} << 60;
  refuse_arrays({entry("0.weight", {huge, 0}, {})}, "the entry '0.weight' is malformed");
  refuse_arrays({entry("0.weight", {2, 0}, {}), entry("1.weight", {3, 2}, kSecond)},
                "The array '0.weight' of 'x', 2 x 0, is no weight of a dense layer");
  for (const std::vector<std::int64_t>& empty : {std::vector<std::int64_t>{huge, 0}, {0, huge}}) {
    OnnxGraph hollow = matmul_graph("Relu");
    hollow.add_constant("hollow", empty, {});
    hollow.add_node("MatMul", "five", {"y", "hollow"}, {"v"});
    refuse_graph(hollow, "'five' of 'x' has a weight that is no matrix");
  }
  const Numbers bad = {1, 2, 3, 4, 5, std::numeric_limits<float>::infinity()};
  refuse_arrays({first, entry("1.weight", {3, 2}, bad)}, "not finite in '1.weight'");
  expect_error([] { dense_layers_of(std::vector<std::uint8_t>{1, 2, 3}, "'x'"); },
               "'x' is neither a safetensors file nor an ONNX file");
}

}  // namespace
}  // namespace hourglass
