// A trained model as layers of Keras, which TensorFlow.js reads as JSON and Keras as Python.
//
// Keras keeps images as [rows, columns, channels]: they are permuted where they are made of flat
// samples and where they are flattened, and weights are arranged as Keras wants them
// (keras.io/api/layers):
//   Dense [inputs, outputs], Conv2D [kernel, kernel, inputs, outputs],
//   Conv2DTranspose [kernel, kernel, outputs, inputs]
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/export/export.h"
#include "core/export/trained_model.h"

namespace hourglass {

struct KerasWeight {
  std::string name;  // "kernel", "bias", "gamma", "beta"
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

struct KerasLayer {
  // As in Keras, or one of those that keras_script() defines: "KeepLargest" and "UnpoolToPlaces".
  std::string type;
  std::string name;     // "encoder_0"
  OrderedJson options;  // what its constructor takes beside the name
  std::vector<std::string> inputs;
  std::vector<KerasWeight> weights;  // in the order of get_weights()
};

struct KerasGraph {
  std::vector<KerasLayer> layers;
  std::vector<std::string> inputs;  // of type InputLayer
  std::string output;
};

// For ExportTarget::kTfjs or kKeras. Throws Error, with the layer's name, if the target has nothing
// for a layer.
KerasGraph keras_graph(const TrainedModel& model, ExportTarget target, const ExportOptions& options,
                       std::vector<std::string>& remarks);

}  // namespace hourglass
