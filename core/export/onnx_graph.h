// An ONNX file that is being made: nodes, constants and the shapes of all values, and the bytes of
// the whole. Numbers of fields are those of onnx.proto (ONNX 1.12, IR version 8).
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hourglass {

// Loads in onnxruntime from 1.20 to 1.30 at least; LayerNormalization came with opset 17.
inline constexpr std::int64_t kOnnxOpset = 17, kOnnxIrVersion = 8;

class OnnxGraph {
 public:
  // The sides of a value for one sample: the batch comes before them and is called "batch".
  using Sides = std::vector<std::int64_t>;
  using Attribute = std::variant<std::int64_t, float, std::string, std::vector<std::int64_t>>;
  using Attributes = std::vector<std::pair<std::string, Attribute>>;

  void add_input(const std::string& name, const Sides& sides, const std::string& about);
  void add_output(const std::string& name, const Sides& sides, const std::string& about);
  // A float value between two nodes.
  void add_value(const std::string& name, const Sides& sides);
  // An int64 one; without the batch if `is_whole`.
  void add_index_value(const std::string& name, const Sides& sides, bool is_whole = false);

  // `name` is that of the node; outputs with "" as a name are left out.
  void add_node(std::string_view type, const std::string& name, std::vector<std::string> inputs,
                std::vector<std::string> outputs, Attributes attributes = {});

  // `values` must outlive bytes(). A name that is there already is taken as the same constant.
  void add_constant(const std::string& name, std::vector<std::int64_t> shape,
                    std::span<const float> values);
  void add_own_constant(const std::string& name, std::vector<std::int64_t> shape,
                        std::vector<float> values);
  void add_index_constant(const std::string& name, std::vector<std::int64_t> values);

  // Gives the value `from` the name `to`, which no value has yet.
  void rename(const std::string& from, const std::string& to);

  void set_about(std::string about) { about_ = std::move(about); }
  void add_metadata(const std::string& key, const std::string& value) { metadata_[key] = value; }

  std::vector<std::uint8_t> bytes() const;

 private:
  struct Value {
    std::string name, about;
    Sides sides;
    bool is_index = false, is_whole = false;
  };
  struct Node {
    std::string type, name;
    std::vector<std::string> inputs, outputs;
    Attributes attributes;
  };
  struct Constant {
    std::string name;
    std::vector<std::int64_t> shape;
    std::span<const std::uint8_t> bytes;
    bool is_index = false;
  };

  bool has_constant(const std::string& name) const;

  std::vector<Value> inputs_, outputs_, values_;
  std::vector<Node> nodes_;
  std::vector<Constant> constants_;
  std::deque<std::vector<float>> own_floats_;
  std::deque<std::vector<std::int64_t>> own_indices_;
  std::string about_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace hourglass
