#include "core/nn/model_spec.h"

#include <algorithm>
#include <optional>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/nearest.h"
#include "core/base/write_number.h"

namespace hourglass {
namespace {

constexpr std::string_view kTypes[] = {"dense",        "convolution", "transposed-convolution",
                                       "max-pool",     "average-pool", "unpool",
                                       "dropout",      "gaussian",     "k-sparse"};

std::string listed(std::span<const std::string_view> names) {
  std::string all;
  for (const std::string_view name : names) all += (all.empty() ? "" : ", ") + std::string(name);
  return all;
}

// Reads the entries of one layer's object, and complains of those that nobody asked for.
class Entries {
 public:
  Entries(const OrderedJson& json, std::string where) : json_(json), where_(std::move(where)) {}

  const std::string& where() const { return where_; }

  const OrderedJson* find(std::string_view key) {
    known_.push_back(key);
    const auto found = json_.find(key);
    return found == json_.end() ? nullptr : &*found;
  }

  Index whole(std::string_view key, std::optional<Index> fallback, Index low, Index high) {
    const OrderedJson* const value = find(key);
    if (!value && fallback) return *fallback;
    if (!value) throw Error(where_ + " needs its \"" + std::string(key) + "\".");
    if (value->is_number_integer() && *value >= low && *value <= high) return value->get<Index>();
    throw Error(where_ + " has " + value->dump() + " as \"" + std::string(key) +
                "\"; it must be a whole number from " + std::to_string(low) + " to " +
                std::to_string(high) + ".");
  }

  double number(std::string_view key, double low, double high) {
    const OrderedJson* const value = find(key);
    if (!value) throw Error(where_ + " needs its \"" + std::string(key) + "\".");
    if (value->is_number() && *value >= low && *value <= high) return value->get<double>();
    throw Error(where_ + " has " + value->dump() + " as \"" + std::string(key) +
                "\"; it must be a number from " + shortest_text(low) + " to " +
                shortest_text(high) + ".");
  }

  // "" if it is not there.
  std::string name(std::string_view key) {
    const OrderedJson* const value = find(key);
    if (!value) return {};
    if (value->is_string()) return value->get<std::string>();
    throw Error(where_ + " needs its \"" + std::string(key) + "\" as text.");
  }

  Activation activation() {
    const std::string text = name("activation");
    if (text.empty()) return Activation::kLinear;
    try {
      return activation_from_name(text);
    } catch (const Error& error) {
      throw Error(where_ + ": " + error.what());
    }
  }

  // To be called last.
  void refuse_others() const {
    for (const auto& [key, value] : json_.items()) {
      if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
        throw Error(where_ + " has an unknown entry '" + key + "'; there are " + listed(known_) +
                    ".");
      }
    }
  }

 private:
  const OrderedJson& json_;
  std::string where_;
  std::vector<std::string_view> known_;
};

void read_units(Entries& entries, LayerSpec& layer) {
  const OrderedJson* const units = entries.find("units");
  if (!units) throw Error(entries.where() + " does not say how many \"units\" it has.");
  if (*units == "input") return;
  if (units->is_number_integer() && *units >= 1 && *units <= kMostUnits) {
    layer.units = units->get<Index>();
    return;
  }
  const auto is_side = [](const OrderedJson& side) {
    return side.is_number_integer() && side >= 1 && side <= kMostUnits;
  };
  if (units->is_array() && units->size() == 3 && std::all_of(units->begin(), units->end(), is_side)) {
    const ImageShape shape{(*units)[0].get<Index>(), (*units)[1].get<Index>(),
                           (*units)[2].get<Index>()};
    // Not features(): Index has 32 bits in a browser.
    if (std::int64_t{shape.channels} * shape.rows <= kMostUnits &&
        std::int64_t{shape.channels} * shape.rows * shape.columns <= kMostUnits) {
      layer.units = shape.features();
      layer.units_shape = shape;
      return;
    }
  }
  throw Error(entries.where() + " has " + units->dump() + " units; it must be a whole number from 1 to " +
              std::to_string(kMostUnits) + ", an image's [channels, rows, columns], or \"input\" for "
              "as many as the input has.");
}

void read_kernel(Entries& entries, LayerSpec& layer) {
  layer.channels = entries.whole("channels", std::nullopt, 1, kMostChannels);
  layer.kernel = entries.whole("kernel", 3, 1, kMostKernel);
  layer.stride = entries.whole("stride", 1, 1, kMostKernel);
  layer.padding = entries.whole("padding", (layer.kernel - 1) / 2, 0, layer.kernel - 1);
}

void read_unpool(Entries& entries, LayerSpec& layer) {
  const std::string mode = entries.name("mode");
  if (mode == "remembered") {
    layer.remembered = true;
    layer.pool = entries.name("pool");
    if (layer.pool.empty()) {
      throw Error(entries.where() + " unpools to remembered places and does not say which \"pool\" "
                  "remembers them, such as \"encoder.1\".");
    }
  } else if (mode.empty() || mode == "copy") {
    layer.size = entries.whole("size", 2, 2, kMostKernel);
  } else {
    throw Error(entries.where() + " has the mode '" + mode + "'; there are copy and remembered.");
  }
}

LayerType type_of(Entries& entries) {
  const std::string name = entries.name("type");
  if (name.empty()) return LayerType::kDense;
  const auto found = std::find(std::begin(kTypes), std::end(kTypes), name);
  if (found != std::end(kTypes)) return static_cast<LayerType>(found - std::begin(kTypes));
  const auto nearest = std::min_element(
      std::begin(kTypes), std::end(kTypes),
      [&](auto a, auto b) { return edit_distance(a, name) < edit_distance(b, name); });
  throw Error(entries.where() + " has the type '" + name.substr(0, 50) + "'; did you mean '" +
              std::string(*nearest) + "'? There are " + listed(kTypes) + ".");
}

LayerSpec parse_layer(const OrderedJson& json, const std::string& where) {
  if (!json.is_object()) {
    throw Error(where + " must be an object such as {\"type\": \"dense\", \"units\": 32, "
                "\"activation\": \"relu\"}.");
  }
  Entries entries(json, where);
  LayerSpec layer;
  layer.type = type_of(entries);
  switch (layer.type) {
    case LayerType::kDense:
      layer.tied = entries.name("tied");
      if (layer.tied.empty()) read_units(entries, layer);
      layer.activation = entries.activation();
      break;
    case LayerType::kConvolution:
      read_kernel(entries, layer);
      layer.activation = entries.activation();
      break;
    case LayerType::kTransposedConvolution:
      layer.tied = entries.name("tied");
      if (layer.tied.empty()) {
        read_kernel(entries, layer);
        layer.output_padding = entries.whole("output_padding", 0, 0, layer.stride - 1);
      }
      layer.activation = entries.activation();
      break;
    case LayerType::kMaxPool:
    case LayerType::kAveragePool: layer.size = entries.whole("size", 2, 2, kMostKernel); break;
    case LayerType::kUnpool: read_unpool(entries, layer); break;
    case LayerType::kDropout: layer.rate = entries.number("rate", 0, 0.99); break;
    case LayerType::kGaussian: layer.units = entries.whole("units", std::nullopt, 1, kMostUnits / 2); break;
    case LayerType::kKSparse: layer.k = entries.whole("k", std::nullopt, 1, kMostUnits); break;
  }
  entries.refuse_others();
  return layer;
}

void write_kernel(const LayerSpec& layer, OrderedJson& entry) {
  entry["channels"] = layer.channels;
  entry["kernel"] = layer.kernel;
  entry["stride"] = layer.stride;
  entry["padding"] = layer.padding;
}

OrderedJson layer_json(const LayerSpec& layer) {
  OrderedJson entry = {{"type", layer_type_name(layer.type)}};
  const bool has_activation = layer.type == LayerType::kDense ||
                              layer.type == LayerType::kConvolution ||
                              layer.type == LayerType::kTransposedConvolution;
  if (!layer.tied.empty()) {
    entry["tied"] = layer.tied;
  } else {
    const ImageShape& shape = layer.units_shape;
    switch (layer.type) {
      case LayerType::kDense:
        if (layer.units == 0) {
          entry["units"] = "input";
        } else if (shape.features() > 0) {
          entry["units"] = {shape.channels, shape.rows, shape.columns};
        } else {
          entry["units"] = layer.units;
        }
        break;
      case LayerType::kConvolution: write_kernel(layer, entry); break;
      case LayerType::kTransposedConvolution:
        write_kernel(layer, entry);
        entry["output_padding"] = layer.output_padding;
        break;
      case LayerType::kMaxPool:
      case LayerType::kAveragePool: entry["size"] = layer.size; break;
      case LayerType::kUnpool:
        entry["mode"] = layer.remembered ? "remembered" : "copy";
        if (layer.remembered) {
          entry["pool"] = layer.pool;
        } else {
          entry["size"] = layer.size;
        }
        break;
      case LayerType::kDropout: entry["rate"] = layer.rate; break;
      case LayerType::kGaussian: entry["units"] = layer.units; break;
      case LayerType::kKSparse: entry["k"] = layer.k; break;
    }
  }
  if (has_activation) entry["activation"] = activation_name(layer.activation);
  return entry;
}

}  // namespace

std::span<const std::string_view> layer_type_names() { return kTypes; }

std::string_view layer_type_name(LayerType type) { return kTypes[static_cast<std::size_t>(type)]; }

std::vector<LayerSpec> parse_layers(std::string_view text, const std::string& where) {
  const OrderedJson json = parse_ordered_json(text);
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
  OrderedJson json = OrderedJson::array();
  for (const LayerSpec& layer : layers) json.push_back(layer_json(layer));
  return json_text(json);
}

}  // namespace hourglass
