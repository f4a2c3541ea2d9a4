// What the screen works out of the layers that the engine tells of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/session/protocol/messages.h"

namespace hourglass::ui {

// Units of a layer's output.
std::int64_t units_of(const session::LayerInfo& layer);

// "16×14×14", or "128" of a plain vector or a single image.
std::string shape_text(const session::LayerInfo& layer);

// Where each part of Snapshot::activations begins: the input, each layer's output, and the end.
// Empty if there are none of this network.
std::vector<std::size_t> activation_offsets(const session::NetworkInfo& network,
                                            const session::Floats* activations);

}  // namespace hourglass::ui
