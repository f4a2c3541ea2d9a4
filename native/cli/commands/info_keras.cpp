#include "native/cli/commands/info_keras.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/import/zip_files.h"
#include "core/formats/npy.h"
#include "native/cli/console/text.h"

namespace hourglass {
namespace {

using Json = OrderedJson;

// A model's description is text; weights lie elsewhere.
constexpr std::size_t kMaxDescription = std::size_t{64} << 20;
constexpr std::int64_t kMaxNumbers = std::int64_t{1} << 40;

std::string text_at(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? printable_text(found->get<std::string>(), 80)
                                                   : "";
}

const Json* object_at(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_object() ? &*found : nullptr;
}

Json parsed(const std::vector<std::uint8_t>& bytes) {
  return parse_ordered_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// "64, relu", "(28, 28, 1)": what tells a layer from others of its type.
std::string layer_options(const Json& config) {
  std::string text;
  for (const char* key : {"units", "filters", "kernel_size", "strides", "pool_size", "rate",
                          "batch_input_shape", "batch_shape", "target_shape", "activation"}) {
    const auto found = config.find(key);
    if (found == config.end() || found->is_null() || found->is_object()) continue;
    const std::string value = found->is_string() ? found->get<std::string>() : json_text(*found);
    text += (text.empty() ? "" : ", ") + (found->is_array() ? std::string(key) + " " : "") +
            printable_text(value, 60);
  }
  return text;
}

// The layers of Keras's configuration of a model: [{"class_name", "config": {"name", ...}}].
Json layers_of_config(const Json& config) {
  Json layers = Json::array();
  const auto found = config.find("layers");
  if (found == config.end() || !found->is_array()) return layers;
  for (const Json& layer : *found) {
    if (!layer.is_object()) continue;
    const Json* const own = object_at(layer, "config");
    const std::string name = own ? text_at(*own, "name") : "";
    layers.push_back({{"name", name.empty() ? text_at(layer, "name") : name},
                      {"type", text_at(layer, "class_name")},
                      {"shape", own ? layer_options(*own) : ""}});
  }
  return layers;
}

std::int64_t product_of(const Json& shape) {
  std::int64_t count = 1;
  if (!shape.is_array()) return 0;
  for (const Json& side : shape) {
    if (!side.is_number_integer()) return 0;
    const auto size = side.get<std::int64_t>();
    if (size < 0 || (size > 0 && count > kMaxNumbers / size)) return 0;
    count *= size;
  }
  return count;
}

Json parameters_of_manifest(const Json& json) {
  const auto groups = json.find("weightsManifest");
  if (groups == json.end() || !groups->is_array()) return nullptr;
  std::int64_t numbers = 0;
  for (const Json& group : *groups) {
    if (!group.is_object() || !group.contains("weights") || !group["weights"].is_array()) continue;
    for (const Json& weight : group["weights"]) {
      if (weight.is_object() && weight.contains("shape")) numbers += product_of(weight["shape"]);
      numbers = std::min(numbers, kMaxNumbers);
    }
  }
  return numbers;
}

// Of a description in JSON; nothing if it is none of a model.
std::optional<Json> info_of_json(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  if (const Json* const topology = object_at(json, "modelTopology")) {
    const Json* const model = object_at(*topology, "model_config");
    const Json* const config = model ? object_at(*model, "config") : nullptr;
    return Json{{"kind", "tfjs"},
                {"parameters", parameters_of_manifest(json)},
                {"made_by", text_at(json, "generatedBy")},
                {"layers", config ? layers_of_config(*config) : Json::array()}};
  }
  const Json* const config = object_at(json, "config");
  if (config && config->contains("layers")) {
    return Json{{"kind", "keras"},
                {"parameters", nullptr},
                {"made_by", "Keras"},
                {"layers", layers_of_config(*config)}};
  }
  const bool is_export = json.contains("format") && json.contains("part") &&
                         json.contains("scaling") && json.contains("layers") &&
                         json["layers"].is_array();
  if (!is_export) return std::nullopt;
  Json layers = Json::array();
  for (const Json& layer : json["layers"]) {
    if (!layer.is_object()) continue;
    const std::string activation = text_at(layer, "activation");
    layers.push_back(
        {{"name", text_at(layer, "name")},
         {"type", text_at(layer, "kind")},
         {"shape", layer.contains("output") ? printable_text(json_text(layer["output"]), 80) +
                                                  (activation.empty() ? "" : ", ") + activation
                                            : activation}});
  }
  const auto parameters = json.find("parameters");
  const bool is_known = parameters != json.end() && parameters->is_number_integer();
  return Json{{"kind", "export"},
              {"parameters", is_known ? *parameters : Json()},
              {"made_by", "Hourglass for " + text_at(json, "format")},
              {"layers", layers}};
}

// Arrays of weights, a name each.
Json info_of_arrays(const FileSet& files) {
  Json layers = Json::array();
  std::int64_t numbers = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const NpyHeader header = read_npy_header(files.head(i, kMaxNpyHead), files.title(i));
    Json shape = Json::array();
    for (const std::uint64_t side : header.shape) {
      shape.push_back(static_cast<std::int64_t>(std::min<std::uint64_t>(side, kMaxNumbers)));
    }
    numbers = std::min(numbers + product_of(shape), kMaxNumbers);
    layers.push_back({{"name", printable_text(files.entries()[i].path, 80)},
                      {"type", printable_text(header.type, 80)},
                      {"shape", json_text(shape)}});
  }
  return Json{{"kind", "npz"}, {"parameters", numbers}, {"made_by", "NumPy"}, {"layers", layers}};
}

std::optional<Json> info_of_archive(const std::vector<std::uint8_t>& bytes,
                                    const std::string& source) {
  const auto files = files_in_zip(bytes, source.substr(1, source.size() - 2));
  bool are_arrays = true;
  for (std::size_t i = 0; i < files->size(); ++i) {
    const std::string& path = files->entries()[i].path;
    are_arrays = are_arrays && path.ends_with(".npy");
    if (path != "config.json" || files->entries()[i].bytes > kMaxDescription) continue;
    auto info = info_of_json(parsed(files->read(i)));
    if (info) return info;
  }
  if (are_arrays) return info_of_arrays(*files);
  return std::nullopt;
}

}  // namespace

std::optional<OrderedJson> keras_info(const std::vector<std::uint8_t>& bytes,
                                      const std::string& source) {
  const std::string_view begin(reinterpret_cast<const char*>(bytes.data()),
                               std::min<std::size_t>(bytes.size(), 64));
  if (begin.starts_with("\x89HDF")) {
    throw Error(source +
                " is HDF5, as Keras writes .h5 and .weights.h5, which is not read here; a .keras "
                "file is, and an ONNX file of the same model.");
  }
  if (begin.starts_with("PK\x03\x04")) return info_of_archive(bytes, source);
  const std::size_t first = begin.find_first_not_of(" \t\r\n");
  if (first == begin.npos || begin[first] != '{' || bytes.size() > kMaxDescription) {
    return std::nullopt;
  }
  return info_of_json(parsed(bytes));
}

void print_keras(const OrderedJson& info, const std::string& path) {
  const std::string kind = info["kind"].get<std::string>(),
                    maker = info["made_by"].get<std::string>();
  const std::string what = kind == "tfjs"    ? "a model of TensorFlow.js"
                           : kind == "keras" ? "a model of Keras"
                           : kind == "npz"   ? "an archive of arrays"
                                             : "the description of an exported model";
  std::printf(
      "%s: %s%s, %zu %s%s\n", one_line(path).c_str(), what.c_str(),
      maker.empty() || kind == "keras" || kind == "npz" ? "" : (", made by " + maker).c_str(),
      info["layers"].size(), kind == "npz" ? "arrays" : "layers",
      info["parameters"].is_null() ? ""
                                   : (", " + with_commas(info["parameters"].get<std::int64_t>()) +
                                      (kind == "npz" ? " numbers" : " parameters"))
                                         .c_str());
  for (const OrderedJson& layer : info["layers"]) {
    std::printf("  %-28s %-24s %s\n", layer["name"].get<std::string>().c_str(),
                layer["type"].get<std::string>().c_str(),
                layer["shape"].get<std::string>().c_str());
  }
}

}  // namespace hourglass
