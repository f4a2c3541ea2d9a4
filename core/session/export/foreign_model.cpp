#include "core/session/export/foreign_model.h"

#include <algorithm>
#include <list>
#include <string_view>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/data/import/file_kind.h"
#include "core/export/dense_import.h"
#include "core/formats/safetensors.h"
#include "core/nn/optim/optimizer.h"
#include "core/session/engine/build.h"
#include "core/session/settings/run_specs.h"

namespace hourglass::session {
namespace {

constexpr const char* kOldStateKey = "hourglass.state";  // of core/train/checkpoint.cpp
constexpr const char* kOldCurveKey = "hourglass.curve";  // of core/session/engine/kept_runs.cpp

// The layer whose output is the code: the last that is called "enc...", or the narrowest.
std::size_t layer_of_code(const std::vector<DenseLayer>& layers) {
  std::size_t named = 0;
  while (named < layers.size() && layers[named].name.starts_with("enc")) ++named;
  if (named > 0 && named < layers.size()) return named - 1;
  const auto narrowest = std::min_element(
      layers.begin(), layers.end() - 1,
      [](const DenseLayer& a, const DenseLayer& b) { return a.outputs < b.outputs; });
  return static_cast<std::size_t>(narrowest - layers.begin());
}

std::string loss_after(Activation last) {
  return last == Activation::kSoftmax ? "cce" : last == Activation::kSigmoid ? "bce" : "mse";
}

std::vector<DenseLayer> fitting_layers(std::span<const std::uint8_t> file, const std::string& name,
                                       const RunInfo& present) {
  std::vector<DenseLayer> layers = dense_layers_of(file, "'" + name + "'");
  const std::int64_t features = present.input.features();
  const DenseLayer& first = layers.front();  // they are a row of two at least, as wide at the end
  if (first.inputs != features) {
    throw Error("The layer '" + first.name + "' of '" + name + "' takes " +
                std::to_string(first.inputs) + " numbers, and each sample of the data in use, '" +
                present.data + "', has " + std::to_string(features) + ": use data of " +
                std::to_string(first.inputs) + " values first, then open the model again.");
  }
  if (layers.front().knows_activation) return layers;
  for (DenseLayer& layer : layers) layer.activation = Activation::kRelu;
  layers.back().activation = Activation::kSigmoid;
  return layers;
}

}  // namespace

bool is_foreign_model(std::span<const std::uint8_t> head) {
  head = head.first(std::min(head.size(), kHeadBytes));
  const FileKind kind = kind_of(head, "");
  if (kind == FileKind::kOnnx) return true;
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  return kind == FileKind::kSafetensors && text.find("\"hourglass.") == text.npos;
}

ForeignModel foreign_model(std::span<const std::uint8_t> file, const std::string& name,
                           std::span<const std::uint8_t> present) {
  Safetensors made = read_safetensors(present, "The checkpoint");
  RunInfo info = read_run_info(made, "The checkpoint");
  const std::vector<DenseLayer> layers = fitting_layers(file, name, info);
  const std::size_t code = layer_of_code(layers);

  ForeignModel model;
  made.tensors.clear();
  Json encoder = Json::array(), decoder = Json::array();
  std::list<std::vector<Scalar>> arrays;  // that stay where they are
  const auto moments = moment_names(run_specs(info.settings).train.optimizer.kind);
  const auto add = [&](const std::string& parameter, std::vector<std::int64_t> shape,
                       const std::vector<float>& values) {
    const auto add_array = [&](const std::string& entry, const std::vector<Scalar>& array) {
      made.tensors.push_back({entry, tensor_type_of<Scalar>(), shape, bytes_of(array)});
    };
    add_array(parameter, arrays.emplace_back(values.begin(), values.end()));
    for (const std::string_view moment : moments) {
      add_array("optimizer." + std::string(moment) + "." + parameter,
                arrays.emplace_back(values.size()));
    }
  };
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const DenseLayer& layer = layers[i];
    Json& part = i <= code ? encoder : decoder;
    const std::string to = (i <= code ? "encoder." : "decoder.") + std::to_string(part.size());
    const std::string activation(activation_name(layer.activation));
    part.push_back({{"type", "dense"},
                    {"units", i + 1 == layers.size() ? Json("input") : Json(layer.outputs)},
                    {"activation", activation}});
    add(to + ".weight", {layer.outputs, layer.inputs}, layer.weight);
    add(to + ".bias", {layer.outputs}, layer.bias);
    model.layers.push_back(
        {to_utf8(layer.name), to, layer.inputs, layer.outputs, activation, layer.knows_activation});
  }
  info.settings.set("model.encoder", json_text(encoder));
  info.settings.set("model.decoder", json_text(decoder));
  info.settings.set("model.loss", loss_after(layers.back().activation));
  info.history.clear();
  add_run_info(info, made);
  made.metadata.erase(kOldCurveKey);
  Json state = parse_json(made.metadata[kOldStateKey]);
  if (!state.is_object()) throw Error("The checkpoint says nothing of its run.");
  for (auto& [key, count] : state.items()) count = 0;
  made.metadata[kOldStateKey] = json_text(state);
  model.checkpoint = write_safetensors(made);
  return model;
}

std::string mapping_json(const std::string& name, const ForeignModel& model) {
  Json layers = Json::array();
  for (const ForeignLayer& layer : model.layers) {
    layers.push_back({{"from", layer.from},
                      {"to", layer.to},
                      {"inputs", layer.inputs},
                      {"outputs", layer.outputs},
                      {"activation", layer.activation},
                      {"known", layer.knows_activation}});
  }
  return json_text(Json{{"name", to_utf8(name)}, {"layers", std::move(layers)}});
}

}  // namespace hourglass::session
