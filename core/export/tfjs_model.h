// A layers model of TensorFlow.js.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/export/keras_graph.h"

namespace hourglass {

// What tf.loadLayersModel() reads: model.json, with the topology as Keras 2 writes it and the list
// of weights, and all weights one behind the other, float32, little-endian. `info` goes into
// "userDefinedMetadata".
struct TfjsModel {
  std::string json;
  std::vector<std::uint8_t> weights;
};

inline constexpr const char* kTfjsWeightsFile = "group1-shard1of1.bin";

TfjsModel tfjs_model(const KerasGraph& graph, const OrderedJson& info);

}  // namespace hourglass
