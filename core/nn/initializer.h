// The weights that training starts from.
#pragma once

#include <cstdint>

#include "core/model/initializer.h"
#include "core/nn/layers/parameters.h"

namespace hourglass {

// Fills the whole `buffer` (of layout.buffer_size()). Each slice has random numbers of its own, so
// adding a layer leaves the start of the others as it was.
void initialize(const ParameterLayout& layout, Initializer initializer, std::uint64_t seed,
                ParameterBuffer& buffer);

}  // namespace hourglass
