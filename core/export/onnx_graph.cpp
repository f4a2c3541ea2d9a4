#include "core/export/onnx_graph.h"

#include <algorithm>

#include "core/formats/protobuf_writer.h"
#include "core/formats/safetensors.h"

namespace hourglass {
namespace {

// TensorProto.DataType and AttributeProto.AttributeType.
constexpr std::int64_t kFloatType = 1, kInt64Type = 7;
constexpr std::int64_t kAttributeFloat = 1, kAttributeInt = 2, kAttributeString = 3,
                       kAttributeInts = 7;

ProtobufWriter attribute_message(const std::string& name, const OnnxGraph::Attribute& attribute) {
  ProtobufWriter message;
  message.add_text(1, name);
  std::int64_t type = kAttributeInts;
  if (const auto* const whole = std::get_if<std::int64_t>(&attribute)) {
    message.add_whole(3, *whole);
    type = kAttributeInt;
  } else if (const auto* const real = std::get_if<float>(&attribute)) {
    message.add_float(2, *real);
    type = kAttributeFloat;
  } else if (const auto* const text = std::get_if<std::string>(&attribute)) {
    message.add_text(4, *text);
    type = kAttributeString;
  } else {
    for (const std::int64_t each : std::get<std::vector<std::int64_t>>(attribute)) {
      message.add_whole(8, each);
    }
  }
  message.add_whole(20, type);
  return message;
}

ProtobufWriter shape_message(const OnnxGraph::Sides& sides, bool is_whole) {
  ProtobufWriter shape;
  if (!is_whole) {
    ProtobufWriter batch;
    batch.add_text(2, "batch");
    shape.add_message(1, std::move(batch));
  }
  for (const std::int64_t side : sides) {
    ProtobufWriter dimension;
    dimension.add_whole(1, side);
    shape.add_message(1, std::move(dimension));
  }
  return shape;
}

}  // namespace

void OnnxGraph::add_input(const std::string& name, const Sides& sides, const std::string& about) {
  inputs_.push_back({name, about, sides});
}

void OnnxGraph::add_output(const std::string& name, const Sides& sides, const std::string& about) {
  outputs_.push_back({name, about, sides});
}

void OnnxGraph::add_value(const std::string& name, const Sides& sides) {
  values_.push_back({name, "", sides});
}

void OnnxGraph::add_index_value(const std::string& name, const Sides& sides, bool is_whole) {
  values_.push_back({name, "", sides, true, is_whole});
}

void OnnxGraph::add_node(std::string_view type, const std::string& name,
                         std::vector<std::string> inputs, std::vector<std::string> outputs,
                         Attributes attributes) {
  nodes_.push_back(
      {std::string(type), name, std::move(inputs), std::move(outputs), std::move(attributes)});
}

bool OnnxGraph::has_constant(const std::string& name) const {
  return std::any_of(constants_.begin(), constants_.end(),
                     [&](const Constant& constant) { return constant.name == name; });
}

void OnnxGraph::add_constant(const std::string& name, std::vector<std::int64_t> shape,
                             std::span<const float> values) {
  if (has_constant(name)) return;
  constants_.push_back({name, std::move(shape), bytes_of(values)});
}

void OnnxGraph::add_own_constant(const std::string& name, std::vector<std::int64_t> shape,
                                 std::vector<float> values) {
  own_floats_.push_back(std::move(values));
  add_constant(name, std::move(shape), own_floats_.back());
}

void OnnxGraph::add_index_constant(const std::string& name, std::vector<std::int64_t> values) {
  if (has_constant(name)) return;
  own_indices_.push_back(std::move(values));
  const std::vector<std::int64_t>& kept = own_indices_.back();
  constants_.push_back({name, {static_cast<std::int64_t>(kept.size())}, bytes_of(kept), true});
}

void OnnxGraph::rename(const std::string& from, const std::string& to) {
  for (Node& node : nodes_) {
    std::replace(node.inputs.begin(), node.inputs.end(), from, to);
    std::replace(node.outputs.begin(), node.outputs.end(), from, to);
  }
  std::erase_if(values_, [&](const Value& value) { return value.name == from; });
}

std::vector<std::uint8_t> OnnxGraph::bytes() const {
  const auto value_message = [](const Value& value) {
    ProtobufWriter tensor, type, message;
    tensor.add_whole(1, value.is_index ? kInt64Type : kFloatType);
    tensor.add_message(2, shape_message(value.sides, value.is_whole));
    type.add_message(1, std::move(tensor));
    message.add_text(1, value.name);
    message.add_message(2, std::move(type));
    if (!value.about.empty()) message.add_text(3, value.about);
    return message;
  };
  ProtobufWriter graph;
  for (const Node& node : nodes_) {
    ProtobufWriter message;
    for (const std::string& input : node.inputs) message.add_text(1, input);
    for (const std::string& output : node.outputs) message.add_text(2, output);
    message.add_text(3, node.name);
    message.add_text(4, node.type);
    for (const auto& [name, attribute] : node.attributes) {
      message.add_message(5, attribute_message(name, attribute));
    }
    graph.add_message(1, std::move(message));
  }
  graph.add_text(2, "hourglass");
  for (const Constant& constant : constants_) {
    ProtobufWriter message;
    for (const std::int64_t side : constant.shape) message.add_whole(1, side);
    message.add_whole(2, constant.is_index ? kInt64Type : kFloatType);
    message.add_text(8, constant.name);
    message.add_borrowed(9, constant.bytes);
    graph.add_message(5, std::move(message));
  }
  graph.add_text(10, about_);
  for (const Value& value : inputs_) graph.add_message(11, value_message(value));
  for (const Value& value : outputs_) graph.add_message(12, value_message(value));
  for (const Value& value : values_) graph.add_message(13, value_message(value));

  ProtobufWriter model, opset;
  model.add_whole(1, kOnnxIrVersion);
  model.add_text(2, "Hourglass");
  model.add_text(6, about_);
  model.add_message(7, std::move(graph));
  opset.add_text(1, "");
  opset.add_whole(2, kOnnxOpset);
  model.add_message(8, std::move(opset));
  for (const auto& [key, value] : metadata_) {
    ProtobufWriter entry;
    entry.add_text(1, key);
    entry.add_text(2, value);
    model.add_message(14, std::move(entry));
  }
  return model.joined();
}

}  // namespace hourglass
