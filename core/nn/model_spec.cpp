#include "core/nn/model_spec.h"

#include <nlohmann/json.hpp>

#include "core/base/error.h"

namespace hourglass {
namespace {

using Json = nlohmann::ordered_json;

LayerSpec parse_layer(const Json& json, const std::string& where) {
  if (!json.is_object()) {
    throw Error(where + " must be an object such as {\"type\": \"dense\", \"units\": 32, "
                "\"activation\": \"relu\"}.");
  }
  LayerSpec layer;
  bool has_units = false;
  for (const auto& [key, value] : json.items()) {
    if (key == "type") {
      if (value != "dense") {
        throw Error(where + " has the type " + value.dump() + "; there is \"dense\".");
      }
    } else if (key == "units") {
      has_units = true;
      if (value == "input") {
        layer.units = 0;
      } else if (value.is_number_integer() && value >= 1 && value <= kMostUnits) {
        layer.units = value.get<Index>();
      } else {
        throw Error(where + " has " + value.dump() + " units; it must be a whole number from 1 to " +
                    std::to_string(kMostUnits) + ", or \"input\" for as many as the input has.");
      }
    } else if (key == "activation") {
      if (!value.is_string()) throw Error(where + " needs its activation as text.");
      layer.activation = activation_from_name(value.get_ref<const std::string&>());
    } else {
      throw Error(where + " has an unknown entry '" + key +
                  "'; there are type, units and activation.");
    }
  }
  if (!has_units) throw Error(where + " does not say how many \"units\" it has.");
  return layer;
}

}  // namespace

std::vector<LayerSpec> parse_layers(std::string_view text, const std::string& where) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_array() || json.empty() || json.size() > kMostLayers) {
    throw Error(where + " must be a JSON list of 1 to " + std::to_string(kMostLayers) +
                " layers such as [{\"type\": \"dense\", \"units\": 32, \"activation\": \"relu\"}].");
  }
  std::vector<LayerSpec> layers;
  for (std::size_t i = 0; i < json.size(); ++i) {
    layers.push_back(parse_layer(json[i], where + ", layer " + std::to_string(i)));
  }
  return layers;
}

std::string layers_text(const std::vector<LayerSpec>& layers) {
  Json json = Json::array();
  for (const LayerSpec& layer : layers) {
    Json entry = {{"type", layer.type}};
    if (layer.units == 0) {
      entry["units"] = "input";
    } else {
      entry["units"] = layer.units;
    }
    entry["activation"] = activation_name(layer.activation);
    json.push_back(std::move(entry));
  }
  return json.dump();
}

}  // namespace hourglass
