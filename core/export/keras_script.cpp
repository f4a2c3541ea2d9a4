#include "core/export/keras_script.h"

#include <algorithm>
#include <utility>

#include "core/export/python_text.h"
#include "core/formats/npy.h"
#include "core/formats/zip_writer.h"

namespace hourglass {
namespace {

constexpr const char* kKeepLargest = R"python(

class KeepLargest(layers.Layer):
    """Keeps the k largest of a sample's features and makes the others 0."""

    def __init__(self, k, **kwargs):
        super().__init__(**kwargs)
        self.k = k

    def call(self, x):
        places = keras.ops.top_k(x, self.k)[1]
        return x * keras.ops.sum(keras.ops.one_hot(places, x.shape[-1], dtype=x.dtype), axis=1)

    def get_config(self):
        return {**super().get_config(), "k": self.k}
)python";

constexpr const char* kUnpoolToPlaces = R"python(

class UnpoolToPlaces(layers.Layer):
    """Each value to where the maximum of its window was, the first of equal ones."""

    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = size

    def call(self, inputs):
        x, image = inputs  # what is unpooled, and what had been pooled
        ops, s = keras.ops, self.size
        rows, columns, channels = x.shape[1:]
        windows = image[:, : rows * s, : columns * s]
        windows = ops.reshape(windows, (-1, rows, s, columns, s, channels))
        windows = ops.transpose(windows, (0, 1, 3, 5, 2, 4))
        windows = ops.reshape(windows, (-1, rows, columns, channels, s * s))
        places = ops.one_hot(ops.argmax(windows, axis=-1), s * s, dtype=x.dtype)
        y = ops.reshape(ops.expand_dims(x, -1) * places, (-1, rows, columns, channels, s, s))
        y = ops.reshape(ops.transpose(y, (0, 1, 4, 2, 5, 3)), (-1, rows * s, columns * s, channels))
        rest = (image.shape[1] - rows * s, image.shape[2] - columns * s)
        return ops.pad(y, ((0, 0), (0, rest[0]), (0, rest[1]), (0, 0)))

    def get_config(self):
        return {**super().get_config(), "size": self.size}
)python";

bool has_type(const KerasGraph& graph, const char* type) {
  return std::any_of(graph.layers.begin(), graph.layers.end(),
                     [type](const KerasLayer& layer) { return layer.type == type; });
}

// The line that makes a layer and applies it; the variable of its output has its name and "_x".
std::string layer_line(const KerasLayer& layer) {
  std::string options;
  for (const auto& [key, value] : layer.options.items()) {
    options += key + "=" + python_literal(value) + ", ";
  }
  options += "name=\"" + layer.name + "\"";
  if (layer.type == "InputLayer") return layer.name + "_x = keras.Input(" + options + ")";
  std::string inputs;
  for (const std::string& input : layer.inputs) {
    inputs += (inputs.empty() ? "" : ", ") + input + "_x";
  }
  if (layer.inputs.size() > 1) inputs = "[" + inputs + "]";
  const bool is_own = layer.type == "KeepLargest" || layer.type == "UnpoolToPlaces";
  return layer.name + "_x = " + (is_own ? "" : "layers.") + layer.type + "(" + options + ")(" +
         inputs + ")";
}

}  // namespace

std::string keras_script(const KerasGraph& graph, const std::string& about,
                         const OrderedJson& scaling, const std::string& name,
                         const std::string& weights_file) {
  std::string text = "\"\"\"" + python_wrapped(about) +
                     "\n\n"
                     "Needs Keras 3 (or TensorFlow's) and NumPy. Made by Hourglass.\n\n"
                     "    from " +
                     python_module(name) +
                     " import load, to_model_scale, to_own_units\n"
                     "    model = load()\n"
                     "    outputs = model.predict(to_model_scale(samples))\n"
                     "\"\"\"\n"
                     "import os\n\n"
                     "import numpy as np\n\n"
                     "try:\n"
                     "    import keras\n"
                     "except ImportError:\n"
                     "    from tensorflow import keras\n\n"
                     "layers = keras.layers\n\n" +
                     python_scaling(scaling);
  if (has_type(graph, "KeepLargest")) text += kKeepLargest;
  if (has_type(graph, "UnpoolToPlaces")) text += kUnpoolToPlaces;
  text += "\n\ndef build():\n    \"\"\"The layers, with weights of their own.\"\"\"\n";
  for (const KerasLayer& layer : graph.layers) text += "    " + layer_line(layer) + "\n";
  std::string inputs;
  for (const std::string& input : graph.inputs) {
    inputs += (inputs.empty() ? "" : ", ") + input + "_x";
  }
  if (graph.inputs.size() > 1) inputs = "[" + inputs + "]";
  text += "    return keras.Model(" + inputs + ", " + graph.output +
          "_x, name=\"hourglass\")\n\n\n"
          "def load(path=" +
          python_beside(weights_file) +
          "):\n"
          "    \"\"\"The model with the weights of the file.\"\"\"\n"
          "    model = build()\n"
          "    with np.load(path) as weights:\n"
          "        for layer in model.layers:\n"
          "            count = len(layer.get_weights())\n"
          "            layer.set_weights([weights[f\"{layer.name}.{i}\"] for i in range(count)])\n"
          "    return model\n";
  return text;
}

std::vector<std::uint8_t> keras_weights(const KerasGraph& graph) {
  std::vector<ZipMember> members;
  for (const KerasLayer& layer : graph.layers) {
    for (std::size_t i = 0; i < layer.weights.size(); ++i) {
      const KerasWeight& weight = layer.weights[i];
      const std::vector<Index> shape(weight.shape.begin(), weight.shape.end());
      members.push_back(
          {layer.name + "." + std::to_string(i) + ".npy", write_npy(shape, weight.values)});
    }
  }
  return write_zip(members);
}

}  // namespace hourglass
