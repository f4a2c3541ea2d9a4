#include "core/formats/onnx_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>
#include <string_view>

#include "core/base/error.h"
#include "core/formats/protobuf_reader.h"

namespace hourglass {
namespace {

constexpr std::size_t kMaxOnnxParts = 10'000, kMaxOnnxSides = 16, kMaxOnnxNames = 1'000;
constexpr std::int64_t kOnnxFloat = 1;

template <typename Part>
Part& add_part(std::vector<Part>& parts, const char* kind, const std::string& what) {
  if (parts.size() == kMaxOnnxParts) {
    throw Error(what + ": it has more than " + std::to_string(kMaxOnnxParts) + " " + kind + ".");
  }
  return parts.emplace_back();
}

void add_name(std::vector<std::string>& names, std::string_view name, const std::string& what) {
  if (names.size() == kMaxOnnxNames) {
    throw Error(what + ": a node has more than " + std::to_string(kMaxOnnxNames) +
                " inputs or outputs.");
  }
  names.emplace_back(name);
}

void read_attribute(ProtobufReader message, OnnxNode& node) {
  std::string name;
  ProtobufReader again = message;
  while (again.next()) {
    if (again.field() == 1) name = again.text();
  }
  while (message.next()) {
    switch (message.field()) {
      case 2:
        node.reals[name] = message.real();
        break;
      case 3:
        node.wholes[name] = message.whole();
        break;
      case 4:
        node.texts[name] = message.text();
        break;
      case 8:
        message.add_wholes(node.lists[name], kMaxOnnxNames);
        break;
      default:
        break;
    }
  }
}

void read_node(ProtobufReader message, OnnxNode& node, const std::string& what) {
  while (message.next()) {
    switch (message.field()) {
      case 1:
        add_name(node.inputs, message.text(), what);
        break;
      case 2:
        add_name(node.outputs, message.text(), what);
        break;
      case 3:
        node.name = message.text();
        break;
      case 4:
        node.type = message.text();
        break;
      case 5:
        read_attribute(message.message(), node);
        break;
      default:
        break;
    }
  }
}

void read_tensor(ProtobufReader message, OnnxTensor& tensor) {
  while (message.next()) {
    switch (message.field()) {
      case 1:
        message.add_wholes(tensor.shape, kMaxOnnxSides);
        break;
      case 2:
        tensor.type = message.whole();
        break;
      case 4:  // packed floats lie there as raw ones do
      case 9:
        tensor.bytes = message.bytes();
        break;
      case 8:
        tensor.name = message.text();
        break;
      default:
        break;
    }
  }
}

// Type: tensor_type (1), its shape (2), the dimensions (1), each with dim_value or dim_param.
void read_type(ProtobufReader type, OnnxValue& value, const std::string& what) {
  while (type.next()) {
    if (type.field() != 1) continue;
    ProtobufReader tensor = type.message();
    while (tensor.next()) {
      if (tensor.field() != 2) continue;
      ProtobufReader shape = tensor.message();
      while (shape.next()) {
        if (shape.field() != 1) continue;
        ProtobufReader side = shape.message();
        std::string text = "?";
        while (side.next()) {
          if (side.field() == 1) text = std::to_string(side.whole());
          if (side.field() == 2) text = side.text();
        }
        if (value.sides.size() == kMaxOnnxSides) {
          throw Error(what + ": a value has more than " + std::to_string(kMaxOnnxSides) +
                      " dimensions.");
        }
        value.sides.push_back(text);
      }
    }
  }
}

void read_value(ProtobufReader message, OnnxValue& value, const std::string& what) {
  while (message.next()) {
    if (message.field() == 1) value.name = message.text();
    if (message.field() == 2) read_type(message.message(), value, what);
  }
}

void read_graph(ProtobufReader graph, OnnxFile& file, const std::string& what) {
  while (graph.next()) {
    switch (graph.field()) {
      case 1:
        read_node(graph.message(), add_part(file.nodes, "nodes", what), what);
        break;
      case 5:
        read_tensor(graph.message(), add_part(file.constants, "constants", what));
        break;
      case 11:
        read_value(graph.message(), add_part(file.inputs, "inputs", what), what);
        break;
      case 12:
        read_value(graph.message(), add_part(file.outputs, "outputs", what), what);
        break;
      default:
        break;
    }
  }
}

}  // namespace

std::string OnnxNode::label() const {
  if (!name.empty()) return name.substr(0, 80);
  return outputs.empty() ? type.substr(0, 80) : outputs.front().substr(0, 80);
}

std::int64_t OnnxTensor::count() const {
  std::int64_t numbers = 1;
  for (const std::int64_t side : shape) {
    if (side < 0 || (side > 0 && numbers > std::numeric_limits<std::int64_t>::max() / side)) {
      return -1;
    }
    numbers *= side;
  }
  return numbers;
}

std::vector<float> OnnxTensor::floats(const std::string& what) const {
  const std::string start = what + ": the constant '" + name.substr(0, 80) + "' ";
  if (type != kOnnxFloat) throw Error(start + "is not of type float32.");
  const std::int64_t numbers = count();
  if (numbers < 0 || static_cast<std::uint64_t>(numbers) != bytes.size() / sizeof(float) ||
      bytes.size() % sizeof(float) != 0) {
    throw Error(start + (bytes.empty() ? "has no numbers in this file."
                                       : "has another number of bytes than its shape asks for."));
  }
  std::vector<float> values(static_cast<std::size_t>(numbers));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  if (!std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); })) {
    throw Error(start + "holds numbers that are not finite.");
  }
  return values;
}

const OnnxTensor* OnnxFile::constant(const std::string& name) const {
  const auto found = std::find_if(constants.begin(), constants.end(),
                                  [&](const OnnxTensor& tensor) { return tensor.name == name; });
  return found == constants.end() ? nullptr : &*found;
}

bool begins_as_onnx(std::span<const std::uint8_t> bytes) {
  return bytes.size() > 2 && bytes[0] == 0x08 && bytes[1] < 0x80;
}

OnnxFile read_onnx(std::span<const std::uint8_t> bytes, const std::string& name) {
  const std::string what = name + " is not an ONNX file that can be read";
  OnnxFile file;
  bool has_graph = false;
  ProtobufReader model(bytes, what);
  while (model.next()) {
    switch (model.field()) {
      case 1:
        file.ir_version = model.whole();
        break;
      case 2:
        file.producer = model.text();
        break;
      case 6:
        file.about = model.text();
        break;
      case 7:
        has_graph = true;
        read_graph(model.message(), file, what);
        break;
      case 8: {
        ProtobufReader opset = model.message();
        std::string domain;
        std::int64_t version = 0;
        while (opset.next()) {
          if (opset.field() == 1) domain = opset.text();
          if (opset.field() == 2) version = opset.whole();
        }
        if (domain.empty() || domain == "ai.onnx") file.opset = version;
        break;
      }
      case 14: {
        ProtobufReader entry = model.message();
        std::string key, value;
        while (entry.next()) {
          if (entry.field() == 1) key = entry.text();
          if (entry.field() == 2) value = entry.text();
        }
        if (file.metadata.size() < kMaxOnnxNames) file.metadata[key] = value;
        break;
      }
      default:
        break;
    }
  }
  if (!has_graph) throw Error(what + ": it has no graph.");
  std::set<std::string_view> constants;
  for (const OnnxTensor& tensor : file.constants) constants.insert(tensor.name);
  std::erase_if(file.inputs,
                [&](const OnnxValue& value) { return constants.contains(value.name); });
  return file;
}

}  // namespace hourglass
