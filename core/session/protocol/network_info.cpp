#include "core/session/protocol/network_info.h"

#include <string>

namespace hourglass::session {

NetworkInfo network_info(const Plan& plan) {
  NetworkInfo info;
  for (const PlannedLayer& layer : plan.layers) {
    const ImageShape shape = layer.output;
    info.layers.push_back({.name = layer.name,
                           .kind = std::string(layer.kind),
                           .activation = std::string(activation_name(layer.activation)),
                           .output_shape = {shape.channels, shape.rows, shape.columns},
                           .parameters = layer.parameters(),
                           .multiply_adds = layer.multiply_adds});
  }
  info.input_features = plan.input.features();
  info.code_layer = plan.code_layer;
  info.code_size = plan.code_size();
  info.parameters = plan.parameters;
  info.multiply_adds = plan.multiply_adds;
  return info;
}

}  // namespace hourglass::session
