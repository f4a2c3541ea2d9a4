// The weights that training starts from, by name. What draws them is in core/nn/initializer.h.
#pragma once

#include <span>
#include <string_view>

namespace hourglass {

// Weights are drawn with mean 0; biases start at 0.
//   glorot-uniform  U(-a, a), a = sqrt(6 / (fan_in + fan_out))     (Glorot and Bengio 2010, eq. 16)
//   glorot-normal   N(0, 2 / (fan_in + fan_out))                   (the same, eq. 12)
//   he-uniform      U(-a, a), a = sqrt(6 / fan_in)                 (He et al. 2015, eq. 10)
//   he-normal       N(0, 2 / fan_in)                               (the same)
//   normal          N(0, 1): far too large for wide layers, and found in old tutorials
enum class Initializer { kGlorotUniform, kGlorotNormal, kHeUniform, kHeNormal, kNormal };

std::string_view initializer_name(Initializer initializer);
std::span<const std::string_view> initializer_names();
Initializer initializer_from_name(std::string_view name);  // throws Error

}  // namespace hourglass
