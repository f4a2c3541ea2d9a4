#include "core/export/trained_model.h"

#include <cmath>
#include <cstring>
#include <utility>

#include "core/base/error.h"
#include "core/formats/safetensors.h"

namespace hourglass {
namespace {

// The largest input that a checkpoint may claim, as the reader of runs has it.
constexpr std::int64_t kMaxInputSide = 4096, kMaxInputFeatures = 1 << 20;
constexpr std::size_t kMaxHeadClasses = 1000;

std::string layers_json(const Json& settings, const char* part) {
  const auto model = settings.find("model");
  if (model == settings.end() || !model->is_object()) return "";
  const auto layers = model->find(part);
  if (layers == model->end()) return "";
  return layers->is_string() ? layers->get<std::string>() : json_text(*layers);
}

std::string loss_of(const Json& settings) {
  const Json& model = settings["model"];
  const auto loss = model.find("loss");
  return loss != model.end() && loss->is_string() ? loss->get<std::string>() : "bce";
}

bool parse_input_shape(const Json& json, ImageShape& shape) {
  if (!json.is_array() || json.size() != 3) return false;
  std::int64_t sides[3] = {}, features = 1;
  for (std::size_t i = 0; i < 3; ++i) {
    if (!json[i].is_number_integer()) return false;
    sides[i] = json[i].get<std::int64_t>();
    if (sides[i] < 1 || sides[i] > kMaxInputSide) return false;
    features *= sides[i];
  }
  shape = {static_cast<Index>(sides[0]), static_cast<Index>(sides[1]),
           static_cast<Index>(sides[2])};
  return features <= kMaxInputFeatures;
}

// Lists of finite numbers, one for all features or one for each, and no scale of 0.
bool is_scaling(const Json& json, std::int64_t features) {
  if (!json.is_object()) return false;
  if (const auto kind = json.find("kind"); kind != json.end() && !kind->is_string()) return false;
  for (const char* key : {"scale", "offset"}) {
    const auto list = json.find(key);
    if (list == json.end() || !list->is_array()) return false;
    if (list->size() != 1 && std::cmp_not_equal(list->size(), features)) return false;
    for (const Json& number : *list) {
      if (!number.is_number() || !std::isfinite(number.get<double>())) return false;
      if (key == std::string("scale") && number.get<double>() == 0) return false;
    }
  }
  return true;
}

std::vector<std::int64_t> weight_shape(const Plan& plan, const PlannedLayer& layer) {
  if (layer.is_tied()) {
    const PlannedLayer& source = plan.layers[static_cast<std::size_t>(layer.source)];
    return weight_shape(plan, source);
  }
  if (layer.kind == "dense") return {layer.output.features(), layer.input.features()};
  if (layer.kind == "layer-norm") return {layer.output.features()};
  const std::int64_t kernel = layer.spec.whole("kernel");
  const bool is_transposed = layer.kind == "transposed-convolution";
  const std::int64_t first = is_transposed ? layer.input.channels : layer.output.channels;
  const std::int64_t second = is_transposed ? layer.output.channels : layer.input.channels;
  return {first, second, kernel, kernel};
}

std::vector<float> finite_values(const TensorEntry& entry, const std::string& source) {
  std::vector<float> values;
  if (entry.type == TensorType::kF64) {
    std::vector<double> wide(entry.bytes.size() / sizeof(double));
    if (!wide.empty()) std::memcpy(wide.data(), entry.bytes.data(), entry.bytes.size());
    values.assign(wide.begin(), wide.end());
  } else {
    values = entry.floats();
  }
  for (const float value : values) {
    if (!std::isfinite(value)) {
      throw Error(source + " holds numbers that are not finite in '" + entry.name +
                  "': its training diverged, and there is no model to export.");
    }
  }
  return values;
}

std::string dimensions_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const std::int64_t side : shape) {
    text += (text.size() > 1 ? ", " : "") + std::to_string(side);
  }
  return text + "]";
}

}  // namespace

TrainedModel::TrainedModel(std::span<const std::uint8_t> checkpoint, const std::string& source) {
  Safetensors file = read_safetensors(checkpoint, source);
  metadata_ = std::move(file.metadata);
  read_description(source);
  read_parameters(file, source);
}

void TrainedModel::read_description(const std::string& source) {
  const auto field = [&](const std::string& key) -> const std::string& {
    const auto found = metadata_.find(key);
    if (found != metadata_.end()) return found->second;
    throw Error(source + " is not a model that Hourglass saved: its metadata has no '" + key +
                "'.");
  };
  const auto damaged = [&](const std::string& key) {
    return Error(source + " has a damaged '" + key + "' in its metadata.");
  };
  const Json settings = parse_json(field("hourglass.settings"));
  ImageShape input;
  if (!parse_input_shape(parse_json(field("hourglass.input")), input)) {
    throw damaged("hourglass.input");
  }
  data_ = field("hourglass.data");
  // A file without it is of a run on values as they are.
  scaling_ = {{"kind", "unit"}, {"scale", {1}}, {"offset", {0}}, {"range", {0, 1}}};
  if (const auto found = metadata_.find("hourglass.scaling"); found != metadata_.end()) {
    if (!is_scaling(parse_json(found->second), input.features())) {
      throw damaged("hourglass.scaling");
    }
    scaling_ = parse_ordered_json(found->second);
  }
  const std::string encoder = layers_json(settings, "encoder");
  if (encoder.empty()) throw damaged("hourglass.settings");
  ModelSpec spec;
  spec.encoder = parse_layers(encoder, source + ": model.encoder");
  if (const auto found = metadata_.find("hourglass.classifier"); found != metadata_.end()) {
    const Json classifier = parse_json(found->second);
    const Json names = classifier.is_object() ? classifier.value("classes", Json()) : Json();
    if (!names.is_array() || names.size() < 2 || names.size() > kMaxHeadClasses) {
      throw damaged("hourglass.classifier");
    }
    for (const Json& name : names) {
      if (!name.is_string()) throw damaged("hourglass.classifier");
      classes_.push_back(name.get<std::string>());
    }
    spec = classifier_spec(spec, static_cast<std::int64_t>(classes_.size()));
  } else {
    spec.decoder = parse_layers(layers_json(settings, "decoder"), source + ": model.decoder");
    spec.loss = loss_from_name(loss_of(settings));
  }
  try {
    plan_ = make_plan(spec, input);
  } catch (const Error& error) {
    throw Error(source + " cannot be used: " + error.what());
  }
}

void TrainedModel::read_parameters(const Safetensors& file, const std::string& source) {
  const auto take = [&](const std::string& name, std::vector<std::int64_t> shape) {
    const TensorEntry* const entry = file.find(name);
    if (!entry) throw Error(source + " cannot be used: it has no '" + name + "'.");
    if (entry->shape != shape) {
      throw Error(source + " cannot be used: its '" + name + "' has the shape " +
                  dimensions_text(entry->shape) + ", and the model needs " +
                  dimensions_text(shape) + ".");
    }
    const std::vector<float>& kept = values_[name] = finite_values(*entry, source);
    views_[name] = {std::move(shape), kept};
  };
  for (const PlannedLayer& layer : plan_.layers) {
    if (layer.biases == 0) continue;
    const std::vector<std::int64_t> shape = weight_shape(plan_, layer);
    if (!layer.is_tied()) take(layer.name + ".weight", shape);
    take(layer.name + ".bias", {layer.biases});
  }
}

ParameterView TrainedModel::weight(const PlannedLayer& layer) const {
  const PlannedLayer& own = layer.is_tied() ? this->layer(layer.source) : layer;
  return views_.at(own.name + ".weight");
}

ParameterView TrainedModel::bias(const PlannedLayer& layer) const {
  return views_.at(layer.name + ".bias");
}

}  // namespace hourglass
