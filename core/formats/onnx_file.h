// ONNX files, read: the graph with its constants, as much as tells what a model is and whether its
// layers are known. Numbers of fields are those of onnx.proto (ONNX 1.12).
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace hourglass {

struct OnnxValue {
  std::string name;
  std::vector<std::string> sides;  // a number, the name of an open one, or "?"
};

struct OnnxNode {
  std::string type, name;
  std::vector<std::string> inputs, outputs;
  std::map<std::string, std::int64_t> wholes;
  std::map<std::string, float> reals;
  std::map<std::string, std::string> texts;
  std::map<std::string, std::vector<std::int64_t>> lists;

  // Of the model, for messages: its name, or what it gives.
  std::string label() const;
};

struct OnnxTensor {
  std::string name;
  std::vector<std::int64_t> shape;      // at most 16 sides
  std::int64_t type = 0;                // TensorProto.DataType; 1 is float32
  std::span<const std::uint8_t> bytes;  // little-endian; empty where they lie in another file

  std::int64_t count() const;  // of numbers; -1 if that is too many
  // The numbers of a float32 tensor. Throws Error, which begins with `what`, if it is of another
  // type, its bytes are not there, or one of them is not finite.
  std::vector<float> floats(const std::string& what) const;
};

struct OnnxFile {
  std::int64_t ir_version = 0, opset = 0;
  std::string producer, about;
  std::vector<OnnxNode> nodes;
  std::vector<OnnxTensor> constants;
  std::vector<OnnxValue> inputs, outputs;  // without the constants, which older files list, too
  std::map<std::string, std::string> metadata;

  const OnnxTensor* constant(const std::string& name) const;
};

// Whether it begins as every library writes an ONNX file: with its IR version.
bool begins_as_onnx(std::span<const std::uint8_t> bytes);

// `bytes` must outlive what is returned. `name` is what messages call the file. Throws Error if it
// is cut off, has fields of another kind than ONNX's, more than 10,000 nodes or constants, or no
// graph. Takes some 20 times the memory of what is no tensor.
OnnxFile read_onnx(std::span<const std::uint8_t> bytes, const std::string& name);

}  // namespace hourglass
