// Checkpoints made by hand for the tests of the exporters.
#pragma once

#include <cmath>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/formats/safetensors.h"
#include "core/model/plan.h"

namespace hourglass::tests {

struct SmallCheckpoint {
  Safetensors file;
  std::deque<std::vector<float>> values;

  // `encoder` and `decoder` are JSON lists of layers; the numbers of all parameters differ.
  SmallCheckpoint(ImageShape input, const std::string& encoder, const std::string& decoder,
                  const std::string& loss = "mse") {
    file.metadata["hourglass.settings"] = R"({"model":{"encoder":)" + encoder + R"(,"decoder":)" +
                                          decoder + R"(,"loss":")" + loss +
                                          R"("},"data":{"set":"strokes"}})";
    file.metadata["hourglass.data"] = "strokes";
    file.metadata["hourglass.input"] = json_text(Json{input.channels, input.rows, input.columns});
    const Plan plan = make_plan({.encoder = parse_layers(encoder, "encoder"),
                                 .decoder = parse_layers(decoder, "decoder"),
                                 .loss = loss_from_name(loss),
                                 .initializer = {}},
                                input);
    for (const PlannedLayer& layer : plan.layers) {
      if (layer.biases == 0) continue;
      if (!layer.is_tied()) add(layer.name + ".weight", shape_of(layer));
      add(layer.name + ".bias", {layer.biases});
    }
  }

  std::vector<std::uint8_t> bytes() const { return write_safetensors(file); }

  std::vector<float>& of(const std::string& name) {
    for (std::size_t i = 0; i < file.tensors.size(); ++i) {
      if (file.tensors[i].name == name) return values[i];
    }
    throw std::out_of_range(name);
  }

 private:
  static std::vector<std::int64_t> shape_of(const PlannedLayer& layer) {
    if (layer.kind == "dense") return {layer.output.features(), layer.input.features()};
    if (layer.kind == "layer-norm") return {layer.output.features()};
    const std::int64_t k = layer.spec.whole("kernel");
    if (layer.kind == "convolution") return {layer.output.channels, layer.input.channels, k, k};
    return {layer.input.channels, layer.output.channels, k, k};
  }

  void add(const std::string& name, std::vector<std::int64_t> shape) {
    std::size_t count = 1;
    for (const std::int64_t side : shape) count *= static_cast<std::size_t>(side);
    std::vector<float>& numbers = values.emplace_back(count);
    for (float& number : numbers) number = static_cast<float>(next_++) / 8;
    file.tensors.push_back({name, TensorType::kF32, std::move(shape), bytes_of(numbers)});
  }

  int next_ = 1;
};

}  // namespace hourglass::tests
