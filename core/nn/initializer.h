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

// The same with weights from N(0, deviation^2) whatever the fans are. 0.01 is how networks began
// before Glorot and Bengio 2010 (Hinton, "A practical guide to training restricted Boltzmann
// machines", 2010, section 8).
void initialize_normal(const ParameterLayout& layout, Scalar deviation, std::uint64_t seed,
                       ParameterBuffer& buffer);

}  // namespace hourglass
