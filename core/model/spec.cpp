#include "core/model/spec.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/nearest.h"
#include "core/base/write_number.h"
#include "core/model/layer_type.h"

namespace hourglass {
namespace {

using Kind = LayerField::Kind;

std::string listed(std::span<const std::string_view> names) {
  std::string all;
  for (const std::string_view name : names) all += (all.empty() ? "" : ", ") + std::string(name);
  return all;
}

bool applies(const LayerField& field, const LayerSpec& layer) {
  return !field.applies || field.applies(layer);
}

std::string quoted(std::string_view key) { return "\"" + std::string(key) + "\""; }

std::string text_value(const OrderedJson& value, const LayerField& field,
                       const std::string& where) {
  if (value.is_string()) return value.get<std::string>();
  throw Error(where + " needs its " + quoted(field.key) + " as text.");
}

std::int64_t whole_value(const OrderedJson& value, const LayerField& field, const LayerSpec& layer,
                         const std::string& where) {
  const auto low = static_cast<std::int64_t>(field.low);
  const std::int64_t high =
      field.high_of ? field.high_of(layer) : static_cast<std::int64_t>(field.high);
  if (value.is_number_integer() && value >= low && value <= high) return value.get<std::int64_t>();
  throw Error(where + " has " + json_text(value) + " as " + quoted(field.key) +
              "; it must be a whole number from " + std::to_string(low) + " to " +
              std::to_string(high) + ".");
}

double real_value(const OrderedJson& value, const LayerField& field, const std::string& where) {
  if (value.is_number() && value >= field.low && value <= field.high) return value.get<double>();
  throw Error(where + " has " + json_text(value) + " as " + quoted(field.key) +
              "; it must be a number from " + shortest_text(field.low) + " to " +
              shortest_text(field.high) + ".");
}

std::string choice_value(const OrderedJson& value, const LayerField& field,
                         const std::string& where) {
  std::string text = text_value(value, field, where);
  const auto& choices = field.choices;
  if (text.empty()) return std::string(choices.front());
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) return text;
  std::string all;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    all += i == 0 ? "" : i + 1 == choices.size() ? " and " : ", ";
    all += choices[i];
  }
  throw Error(where + " has the " + std::string(field.key) + " '" + text + "'; there are " + all +
              ".");
}

std::string activation_value(const OrderedJson& value, const LayerField& field,
                             const std::string& where) {
  std::string text = text_value(value, field, where);
  if (text.empty()) return std::string(activation_name(Activation::kLinear));
  try {
    activation_from_name(text);
  } catch (const Error& error) {
    throw Error(where + ": " + error.what());
  }
  return text;
}

Units units_value(const OrderedJson& value, const std::string& where) {
  if (value == "input") return {};
  const auto is_side = [](const OrderedJson& side) {
    return side.is_number_integer() && side >= 1 && side <= kMaxUnits;
  };
  if (is_side(value)) return {.shape = {1, 1, value.get<Index>()}};
  if (value.is_array() && value.size() == 3 && std::all_of(value.begin(), value.end(), is_side)) {
    const ImageShape shape{value[0].get<Index>(), value[1].get<Index>(), value[2].get<Index>()};
    // Not features(): Index has 32 bits in a browser.
    const std::int64_t rows = std::int64_t{shape.channels} * shape.rows;
    if (rows <= kMaxUnits && rows * shape.columns <= kMaxUnits) {
      return {.shape = shape, .is_image = true};
    }
  }
  throw Error(where + " has " + json_text(value) + " units; it must be a whole number from 1 to " +
              std::to_string(kMaxUnits) +
              ", an image's [channels, rows, columns], or \"input\" "
              "for as many as the input has.");
}

FieldValue field_value(const OrderedJson& value, const LayerField& field, const LayerSpec& layer,
                       const std::string& where) {
  switch (field.kind) {
    case Kind::kWhole:
      return whole_value(value, field, layer, where);
    case Kind::kReal:
      return real_value(value, field, where);
    case Kind::kUnits:
      return units_value(value, where);
    case Kind::kChoice:
      return choice_value(value, field, where);
    case Kind::kActivation:
      return activation_value(value, field, where);
    case Kind::kLayer:
      break;
  }
  return text_value(value, field, where);
}

bool is_required(const LayerField& field) {
  if (!field.missing.empty() || field.kind == Kind::kUnits) return true;
  const bool is_number = field.kind == Kind::kWhole || field.kind == Kind::kReal;
  return is_number && std::isnan(field.otherwise) && !field.otherwise_of;
}

const LayerType& type_of(const OrderedJson& json, const std::string& where) {
  const auto given = json.find("type");
  if (given == json.end()) return layer_types().front();
  if (!given->is_string()) throw Error(where + " needs its \"type\" as text.");
  const auto name = given->get<std::string>();
  if (name.empty()) return layer_types().front();
  if (const LayerType* const type = find_layer_type(name)) return *type;
  std::vector<std::string_view> names;
  for (const LayerType& type : layer_types()) names.push_back(type.name);
  const auto nearest = std::min_element(names.begin(), names.end(), [&](auto a, auto b) {
    return edit_distance(a, name) < edit_distance(b, name);
  });
  throw Error(where + " has the type '" + name.substr(0, 50) + "'; did you mean '" +
              std::string(*nearest) + "'? There are " + listed(names) + ".");
}

LayerSpec parse_layer(const OrderedJson& json, const std::string& where) {
  if (!json.is_object()) {
    throw Error(where +
                " must be an object such as {\"type\": \"dense\", \"units\": 32, "
                "\"activation\": \"relu\"}.");
  }
  LayerSpec layer(type_of(json, where));
  std::vector<std::string_view> known{"type"};
  for (const LayerField& field : layer.type().fields) {
    if (!applies(field, layer)) continue;
    known.push_back(field.key);
    const auto given = json.find(field.key);
    if (given != json.end()) {
      layer.set(field.key, field_value(*given, field, layer, where));
    } else if (field.otherwise_of) {
      layer.set(field.key, field.otherwise_of(layer));
    }
    const bool is_missing = given == json.end() || *given == "";
    if (is_missing && is_required(field)) {
      throw Error(where + (field.missing.empty() ? " needs its " + quoted(field.key) + "."
                                                 : " " + std::string(field.missing)));
    }
  }
  for (const auto& [key, value] : json.items()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      throw Error(where + " has an unknown entry '" + key + "'; there are " + listed(known) + ".");
    }
  }
  return layer;
}

OrderedJson units_json(const Units& units) {
  if (units.is_input()) return "input";
  if (!units.is_image) return units.shape.columns;
  return {units.shape.channels, units.shape.rows, units.shape.columns};
}

OrderedJson layer_json(const LayerSpec& layer) {
  OrderedJson entry = {{"type", layer.type_name()}};
  for (const LayerField& field : layer.type().fields) {
    if (!applies(field, layer)) continue;
    switch (field.kind) {
      case Kind::kWhole:
        entry[field.key] = layer.whole(field.key);
        break;
      case Kind::kReal:
        entry[field.key] = layer.real(field.key);
        break;
      case Kind::kUnits:
        entry[field.key] = units_json(layer.units());
        break;
      case Kind::kChoice:
      case Kind::kActivation:
        entry[field.key] = layer.text(field.key);
        break;
      case Kind::kLayer:
        if (!layer.text(field.key).empty()) entry[field.key] = layer.text(field.key);
        break;
    }
  }
  return entry;
}

}  // namespace

std::vector<LayerSpec> parse_layers(std::string_view text, const std::string& where) {
  const OrderedJson json = parse_ordered_json(text);
  if (!json.is_array() || json.empty() || json.size() > kMaxLayers) {
    throw Error(
        where + " must be a JSON list of 1 to " + std::to_string(kMaxLayers) +
        " layers such as [{\"type\": \"dense\", \"units\": 32, \"activation\": \"relu\"}].");
  }
  std::vector<LayerSpec> layers;
  layers.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    layers.push_back(parse_layer(json[i], where + ", layer " + std::to_string(i)));
  }
  return layers;
}

std::string layers_text(const std::vector<LayerSpec>& layers) {
  OrderedJson json = OrderedJson::array();
  for (const LayerSpec& layer : layers) json.push_back(layer_json(layer));
  return json_text(json);
}

ModelSpec classifier_spec(const ModelSpec& spec, std::int64_t classes) {
  LayerSpec head(*find_layer_type("dense"));
  head.set("units", Units{{1, 1, static_cast<Index>(classes)}, false});
  head.set("activation", std::string(activation_name(Activation::kSoftmax)));
  return {.encoder = spec.encoder,
          .decoder = {std::move(head)},
          .loss = Loss::kCategoricalCrossEntropy,
          .initializer = spec.initializer,
          .classes = classes};
}

}  // namespace hourglass
