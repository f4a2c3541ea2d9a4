#include "core/export/dense_import.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <tuple>
#include <utility>

#include "core/base/error.h"
#include "core/formats/onnx_file.h"
#include "core/formats/safetensors.h"
#include "core/model/layer_type.h"

namespace hourglass {
namespace {

constexpr const char* kWhatIsKnown =
    "; import knows dense layers alone, a row of them, each with one of relu, leaky-relu, elu, "
    "tanh, sigmoid and softmax or none";

// "net.10.weight" as {"net.", 10, ".weight"}: text and numbers by turns, for comparing.
std::vector<std::pair<std::string, std::uint64_t>> natural_parts(const std::string& name) {
  std::vector<std::pair<std::string, std::uint64_t>> parts(1);
  bool in_number = false;
  for (const char c : name) {
    const bool is_digit = std::isdigit(static_cast<unsigned char>(c)) != 0;
    if (in_number && !is_digit) parts.emplace_back();
    in_number = is_digit;
    if (is_digit) {
      parts.back().second = parts.back().second * 10 + static_cast<std::uint64_t>(c - '0');
    } else {
      parts.back().first += c;
    }
  }
  return parts;
}

// Whether the first part of a name that says so (parts are divided by '.', '/' or '_') is of a
// decoder: "decoder.0.weight", "model.module.decoder.0.weight".
bool is_of_decoder(const std::string& name) {
  for (std::size_t at = 0; at < name.size(); at = name.find_first_of("./_", at) + 1) {
    const std::string_view part = std::string_view(name).substr(at);
    if (part.starts_with("enc") || part.starts_with("dec")) return part.starts_with("dec");
    if (name.find_first_of("./_", at) == std::string::npos) break;
  }
  return false;
}

bool comes_before(const std::string& a, const std::string& b) {
  return std::tuple(is_of_decoder(a), natural_parts(a)) <
         std::tuple(is_of_decoder(b), natural_parts(b));
}

std::string shape_of_entry(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t side : shape) text += (text.empty() ? "" : " x ") + std::to_string(side);
  return text.empty() ? "one number" : text;
}

// Of as many numbers as there are: an empty one may claim any number of rows.
bool is_matrix(const std::vector<std::int64_t>& shape) {
  return shape.size() == 2 && shape[0] >= 1 && shape[1] >= 1;
}

void check_finite(const std::vector<float>& values, const std::string& name,
                  const std::string& source) {
  if (!std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); })) {
    throw Error(source + " holds numbers that are not finite in '" + name.substr(0, 80) + "'.");
  }
}

void check_row(const std::vector<DenseLayer>& layers, const std::string& source) {
  if (layers.size() < 2) {
    throw Error(source + " has " + std::to_string(layers.size()) +
                " dense layers; an autoencoder needs one of the encoder and one of the decoder at "
                "least.");
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const DenseLayer& layer = layers[i];
    if (layer.inputs < 1 || layer.outputs < 1 || layer.outputs > kMaxUnits) {
      throw Error("Layer '" + layer.name.substr(0, 80) + "' of " + source + " has " +
                  std::to_string(layer.outputs) + " units; there may be 1 to " +
                  std::to_string(kMaxUnits) + ".");
    }
    if (i > 0 && layer.inputs != layers[i - 1].outputs) {
      throw Error("Layer '" + layer.name.substr(0, 80) + "' of " + source + " takes " +
                  std::to_string(layer.inputs) + " numbers, and '" +
                  layers[i - 1].name.substr(0, 80) + "' before it gives " +
                  std::to_string(layers[i - 1].outputs) + kWhatIsKnown + ".");
    }
  }
  if (layers.back().outputs != layers.front().inputs) {
    throw Error("The last layer of " + source + ", '" + layers.back().name.substr(0, 80) +
                "', gives " + std::to_string(layers.back().outputs) +
                " numbers, and the first takes " + std::to_string(layers.front().inputs) +
                ": it is no autoencoder, whose output is of the input's size.");
  }
}

std::vector<DenseLayer> from_safetensors(std::span<const std::uint8_t> bytes,
                                         const std::string& source) {
  const Safetensors file = read_safetensors(bytes, source);
  if (file.metadata.contains("hourglass.settings")) {
    throw Error(source + " is a model of Hourglass already, and needs no import.");
  }
  std::vector<const TensorEntry*> entries;
  for (const TensorEntry& entry : file.tensors) entries.push_back(&entry);
  std::stable_sort(entries.begin(), entries.end(), [](const TensorEntry* a, const TensorEntry* b) {
    return comes_before(a->name, b->name);
  });
  constexpr std::string_view kWeight = ".weight", kBias = ".bias";
  std::vector<DenseLayer> layers;
  for (const TensorEntry* entry : entries) {
    const std::string& name = entry->name;
    if (name.ends_with(kBias) &&
        file.find(name.substr(0, name.size() - kBias.size()) + std::string(kWeight))) {
      continue;  // taken with its weight
    }
    if (!name.ends_with(kWeight) || !is_matrix(entry->shape)) {
      throw Error("The array '" + name.substr(0, 80) + "' of " + source + ", " +
                  shape_of_entry(entry->shape) + ", is no weight of a dense layer" + kWhatIsKnown +
                  ".");
    }
    DenseLayer layer{.name = name.substr(0, name.size() - kWeight.size()),
                     .inputs = entry->shape[1],
                     .outputs = entry->shape[0],
                     .weight = entry->floats()};
    const TensorEntry* const bias = file.find(layer.name + std::string(kBias));
    layer.has_bias = bias != nullptr;
    layer.bias =
        bias ? bias->floats() : std::vector<float>(static_cast<std::size_t>(layer.outputs));
    if (std::cmp_not_equal(layer.bias.size(), layer.outputs)) {
      throw Error("The bias of '" + layer.name.substr(0, 80) + "' in " + source + " has " +
                  std::to_string(layer.bias.size()) + " numbers, and its weight " +
                  std::to_string(layer.outputs) + " rows.");
    }
    check_finite(layer.weight, name, source);
    check_finite(layer.bias, layer.name + ".bias", source);
    layers.push_back(std::move(layer));
  }
  return layers;
}

// Goes through the nodes, which ONNX has in the order of their work.
class OnnxImport {
 public:
  OnnxImport(const OnnxFile& file, const std::string& source) : file_(file), source_(source) {}

  std::vector<DenseLayer> run() {
    if (file_.inputs.size() != 1) {
      throw Error(source_ + " has " + std::to_string(file_.inputs.size()) +
                  " inputs; a model that is imported has one.");
    }
    x_ = file_.inputs.front().name;
    for (const OnnxNode& node : file_.nodes) {
      if (node.type == "Constant" || node.inputs.empty() || node.outputs.empty()) {
        refuse(node, "is a " + node.type.substr(0, 40));
      }
      if (node.inputs.front() != x_) {
        refuse(node, "does not go on from the layer before it, so that the layers are no row");
      }
      take(node);
      x_ = node.outputs.front();
    }
    return std::move(layers_);
  }

 private:
  [[noreturn]] void refuse(const OnnxNode& node, const std::string& what) const {
    throw Error("The node '" + node.label() + "' of " + source_ + " " + what + kWhatIsKnown + ".");
  }

  void take(const OnnxNode& node) {
    if (node.type == "Gemm") return take_dense(node, node.inputs.size() > 2);
    if (node.type == "MatMul") return take_dense(node, false);
    if (node.type == "Add") return take_bias(node);
    for (const char* passed : {"Flatten", "Reshape", "Identity", "Dropout"}) {
      if (node.type == passed) return;
    }
    take_activation(node);
  }

  std::vector<float> floats(const OnnxNode& node, std::size_t input,
                            std::vector<std::int64_t>& shape) const {
    const OnnxTensor* const tensor =
        input < node.inputs.size() ? file_.constant(node.inputs[input]) : nullptr;
    if (!tensor) refuse(node, "has no constant as its weight or bias");
    shape = tensor->shape;
    return tensor->floats(source_);
  }

  static std::int64_t whole_of(const OnnxNode& node, const char* key) {
    const auto found = node.wholes.find(key);
    return found == node.wholes.end() ? 0 : found->second;
  }
  static float real_of(const OnnxNode& node, const char* key, float otherwise) {
    const auto found = node.reals.find(key);
    return found == node.reals.end() ? otherwise : found->second;
  }

  void take_dense(const OnnxNode& node, bool has_bias) {
    if (whole_of(node, "transA") != 0 || real_of(node, "alpha", 1) != 1 ||
        real_of(node, "beta", 1) != 1) {
      refuse(node, "turns its input or scales its result");
    }
    std::vector<std::int64_t> shape;
    std::vector<float> given = floats(node, 1, shape);
    if (!is_matrix(shape)) refuse(node, "has a weight that is no matrix");
    DenseLayer layer{.name = node.label(), .knows_activation = true, .has_bias = has_bias};
    if (whole_of(node, "transB") != 0) {
      layer.outputs = shape[0];
      layer.inputs = shape[1];
      layer.weight = std::move(given);
    } else {
      layer.inputs = shape[0];
      layer.outputs = shape[1];
      layer.weight.resize(given.size());
      for (std::int64_t i = 0; i < layer.inputs; ++i) {
        for (std::int64_t o = 0; o < layer.outputs; ++o) {
          layer.weight[static_cast<std::size_t>(o * layer.inputs + i)] =
              given[static_cast<std::size_t>(i * layer.outputs + o)];
        }
      }
    }
    layer.bias.resize(static_cast<std::size_t>(layer.outputs));
    if (has_bias) set_bias(node, 2, layer);
    layers_.push_back(std::move(layer));
    can_add_ = !has_bias;
    can_activate_ = true;
  }

  void set_bias(const OnnxNode& node, std::size_t input, DenseLayer& layer) const {
    std::vector<std::int64_t> shape;
    std::vector<float> bias = floats(node, input, shape);
    if (bias.size() != layer.bias.size()) {
      refuse(node, "adds " + std::to_string(bias.size()) + " numbers to " +
                       std::to_string(layer.outputs) + " units");
    }
    layer.bias = std::move(bias);
    layer.has_bias = true;
  }

  void take_bias(const OnnxNode& node) {
    if (!can_add_) refuse(node, "adds something that is no layer's bias");
    set_bias(node, 1, layers_.back());
    can_add_ = false;
  }

  void take_activation(const OnnxNode& node) {
    static constexpr std::pair<const char*, Activation> kKnown[] = {
        {"Relu", Activation::kRelu},       {"LeakyRelu", Activation::kLeakyRelu},
        {"Elu", Activation::kElu},         {"Tanh", Activation::kTanh},
        {"Sigmoid", Activation::kSigmoid}, {"Softmax", Activation::kSoftmax}};
    const auto* const known =
        std::find_if(std::begin(kKnown), std::end(kKnown),
                     [&](const auto& each) { return node.type == each.first; });
    if (known == std::end(kKnown)) refuse(node, "is a " + node.type.substr(0, 40));
    if (!can_activate_) refuse(node, "is an activation that no dense layer stands before");
    const bool is_leaky = known->second == Activation::kLeakyRelu;
    const float slope = is_leaky ? 0.01f : 1.0f;
    const float alpha = real_of(node, "alpha", slope);
    if ((is_leaky || known->second == Activation::kElu) && std::abs(alpha - slope) > 1e-6f) {
      refuse(node, "has an alpha of " + std::to_string(alpha) + ", and only " +
                       std::to_string(slope) + " is known");
    }
    layers_.back().activation = known->second;
    can_add_ = can_activate_ = false;
  }

  const OnnxFile& file_;
  const std::string& source_;
  std::string x_;
  std::vector<DenseLayer> layers_;
  bool can_add_ = false, can_activate_ = false;
};

// A header's length, then JSON.
bool begins_as_safetensors(std::span<const std::uint8_t> bytes) {
  return bytes.size() > 8 && bytes[8] == '{';
}

}  // namespace

std::vector<DenseLayer> dense_layers_of(std::span<const std::uint8_t> file,
                                        const std::string& source) {
  std::vector<DenseLayer> layers;
  if (begins_as_safetensors(file)) {
    layers = from_safetensors(file, source);
  } else if (begins_as_onnx(file)) {
    const OnnxFile onnx = read_onnx(file, source);
    layers = OnnxImport(onnx, source).run();
  } else {
    throw Error(source + " is neither a safetensors file nor an ONNX file, which import reads.");
  }
  check_row(layers, source);
  return layers;
}

}  // namespace hourglass
