// Plots of a run as PNG, where no browser makes pixels of their SVG.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/session/protocol/messages.h"

namespace hourglass {

// The loss curves of a checkpoint, as curves_svg() draws them, with English words: the pen knows no
// other letters. Throws Error if the file is no checkpoint, or there is nothing to draw.
std::vector<std::uint8_t> curves_png(std::span<const std::uint8_t> checkpoint);

// The latent map, as map_svg() draws it. `across` and `up` are what its axes are called. Throws
// Error if there is no map yet.
std::vector<std::uint8_t> map_png(const session::DataReady& data, const session::Snapshot& shown,
                                  const std::string& across, const std::string& up);

}  // namespace hourglass
