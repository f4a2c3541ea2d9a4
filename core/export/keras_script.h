// A trained model as Python that builds it with Keras, and its weights as .npz.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/export/keras_graph.h"

namespace hourglass {

// `about` says what comes in, `weights_file` is the file beside the script that load() reads.
std::string keras_script(const KerasGraph& graph, const std::string& about,
                         const OrderedJson& scaling, const std::string& name,
                         const std::string& weights_file);

// An array for each weight: "encoder_0.0" is the first of layer encoder_0's get_weights().
std::vector<std::uint8_t> keras_weights(const KerasGraph& graph);

}  // namespace hourglass
