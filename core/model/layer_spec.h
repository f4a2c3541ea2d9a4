// One layer as data: its type, and a value for each of the type's fields.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/shape.h"
#include "core/model/activation.h"

namespace hourglass {

struct LayerType;

// How many units a dense layer has: a number, an image's [channels, rows, columns], or "input" for
// as many as the model's input has, in its shape.
struct Units {
  ImageShape shape = {1, 1, 0};  // no features: "input"
  bool is_image = false;         // written as [channels, rows, columns]

  bool is_input() const { return shape.features() == 0; }
  bool operator==(const Units&) const = default;
};

using FieldValue = std::variant<std::int64_t, double, std::string, Units>;

// Fields are named as in JSON; see core/model/layer_type.h for which there are.
class LayerSpec {
 public:
  // Every field at its default, and those that have none at their least value.
  explicit LayerSpec(const LayerType& type);

  const LayerType& type() const { return *type_; }
  std::string_view type_name() const;
  bool is(std::string_view type) const { return type_name() == type; }

  // The value of a field that the type has, of that kind: anything else is a bug.
  std::int64_t whole(std::string_view key) const { return std::get<std::int64_t>(value(key)); }
  double real(std::string_view key) const { return std::get<double>(value(key)); }
  const std::string& text(std::string_view key) const { return std::get<std::string>(value(key)); }
  const Units& units() const { return std::get<Units>(value("units")); }
  // Linear where the type has none.
  Activation activation() const;
  // Name of the layer whose weights are used; "" for weights of its own.
  std::string tied() const;

  void set(std::string_view key, FieldValue value);

  bool operator==(const LayerSpec&) const = default;

 private:
  const FieldValue& value(std::string_view key) const;

  const LayerType* type_;
  std::vector<FieldValue> values_;  // in the order of the type's fields
};

}  // namespace hourglass
