// A checkpoint as the exporters see it: what the model is, and its parameters by name.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/model/plan.h"

namespace hourglass {

struct Safetensors;

// A parameter: `values` are row-major, as many as the product of `shape`.
//   dense                    weight [outputs, inputs], bias [outputs]       (PyTorch's Linear)
//   convolution              weight [outputs, inputs, kernel, kernel]       (Conv2d)
//   transposed-convolution   weight [inputs, outputs, kernel, kernel]       (ConvTranspose2d)
//   layer-norm               weight [features], bias [features]
struct ParameterView {
  std::vector<std::int64_t> shape;
  std::span<const float> values;
};

class TrainedModel {
 public:
  // `checkpoint` is a model.safetensors as the trainer or the probe saves it; nothing points into
  // it afterwards. `source` names it in messages ("'model.safetensors'"). Throws Error if it is no
  // such file, damaged, or holds numbers that are not finite.
  TrainedModel(std::span<const std::uint8_t> checkpoint, const std::string& source);

  const Plan& plan() const { return plan_; }
  const PlannedLayer& layer(int index) const {
    return plan_.layers[static_cast<std::size_t>(index)];
  }
  int layer_count() const { return static_cast<int>(plan_.layers.size()); }

  // The weight that a layer uses: of a tied one, that of the layer which it is tied to.
  ParameterView weight(const PlannedLayer& layer) const;
  ParameterView bias(const PlannedLayer& layer) const;
  // All parameters by the names that the checkpoint has for them.
  const std::map<std::string, ParameterView>& parameters() const { return views_; }

  // Names of the classes that a classifier tells apart; empty for an autoencoder.
  const std::vector<std::string>& classes() const { return classes_; }
  // {"kind", "scale", "offset", "range"}: model value = own value * scale + offset.
  const OrderedJson& scaling() const { return scaling_; }
  const std::string& data() const { return data_; }
  // What the checkpoint says of itself, as text by name.
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

 private:
  void read_description(const std::string& source);
  void read_parameters(const Safetensors& file, const std::string& source);

  std::map<std::string, std::string> metadata_;
  Plan plan_;
  std::vector<std::string> classes_;
  OrderedJson scaling_;
  std::string data_;
  std::map<std::string, std::vector<float>> values_;
  std::map<std::string, ParameterView> views_;
};

}  // namespace hourglass
