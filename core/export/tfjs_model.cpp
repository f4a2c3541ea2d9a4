#include "core/export/tfjs_model.h"

#include "core/formats/safetensors.h"

namespace hourglass {
namespace {

OrderedJson inbound_nodes(const KerasLayer& layer) {
  OrderedJson nodes = OrderedJson::array();
  if (layer.inputs.empty()) return nodes;
  OrderedJson call = OrderedJson::array();
  for (const std::string& input : layer.inputs) {
    call.push_back(OrderedJson::array({input, 0, 0, OrderedJson::object()}));
  }
  nodes.push_back(call);
  return nodes;
}

OrderedJson tfjs_layer(const KerasLayer& layer) {
  OrderedJson config = {{"name", layer.name}, {"trainable", true}, {"dtype", "float32"}};
  if (layer.type == "InputLayer") {
    OrderedJson shape = layer.options["shape"];
    shape.insert(shape.begin(), nullptr);
    config = {{"name", layer.name},
              {"batch_input_shape", shape},
              {"dtype", "float32"},
              {"sparse", false}};
  } else {
    config.update(layer.options);
    if (layer.type == "Dense" || layer.type.starts_with("Conv2D")) {
      config["use_bias"] = layer.options.value("use_bias", true);
    }
  }
  return {{"class_name", layer.type},
          {"config", config},
          {"name", layer.name},
          {"inbound_nodes", inbound_nodes(layer)}};
}

OrderedJson end_json(const std::string& name) { return OrderedJson::array({name, 0, 0}); }

}  // namespace

TfjsModel tfjs_model(const KerasGraph& graph, const OrderedJson& info) {
  TfjsModel model;
  OrderedJson layers = OrderedJson::array(), inputs = OrderedJson::array(),
              weights = OrderedJson::array();
  for (const KerasLayer& layer : graph.layers) {
    layers.push_back(tfjs_layer(layer));
    for (const KerasWeight& weight : layer.weights) {
      weights.push_back({{"name", layer.name + "/" + weight.name},
                         {"shape", weight.shape},
                         {"dtype", "float32"}});
      const auto bytes = bytes_of(weight.values);
      model.weights.insert(model.weights.end(), bytes.begin(), bytes.end());
    }
  }
  for (const std::string& input : graph.inputs) inputs.push_back(end_json(input));
  const OrderedJson topology = {
      {"keras_version", "2.15.0"},
      {"backend", "tensorflow"},
      {"model_config",
       {{"class_name", "Functional"},
        {"config",
         {{"name", "hourglass"},
          {"trainable", true},
          {"layers", layers},
          {"input_layers", inputs},
          {"output_layers", OrderedJson::array({end_json(graph.output)})}}}}}};
  const OrderedJson json = {
      {"format", "layers-model"},
      {"generatedBy", "Hourglass"},
      {"convertedBy", nullptr},
      {"modelTopology", topology},
      {"weightsManifest", OrderedJson::array({{{"paths", OrderedJson::array({kTfjsWeightsFile})},
                                               {"weights", weights}}})},
      {"userDefinedMetadata", info}};
  model.json = json_text(json);
  return model;
}

}  // namespace hourglass
