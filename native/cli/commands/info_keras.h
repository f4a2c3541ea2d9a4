// What `hourglass info` says of models in the formats of Keras and TensorFlow.js.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace hourglass {

// The layers of a model.json of TensorFlow.js, a .keras archive, its config.json, or the layers of
// an .info.json that an export has left; the arrays of an archive of weights (.npz). An object with
// "kind" ("tfjs", "keras", "export", "npz"), "parameters" (null where the file does not say) and
// "layers" [{"name", "type", "shape"}], or nothing if it is none of these. `source` is what
// messages call the file. Throws Error for what is one of these and cannot be read.
std::optional<OrderedJson> keras_info(const std::vector<std::uint8_t>& bytes,
                                      const std::string& source);

// The same for people, on stdout.
void print_keras(const OrderedJson& info, const std::string& path);

}  // namespace hourglass
