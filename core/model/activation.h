// The functions between the layers, by name. What computes them is in core/nn/layers/activation.h.
#pragma once

#include <span>
#include <string_view>

namespace hourglass {

// Over pre-activations z, with y = f(z):
//   linear      y = z
//   relu        y = max(0, z)                         (Nair and Hinton 2010)
//   leaky-relu  y = z if z > 0 else 0.01 z            (Maas et al. 2013)
//   elu         y = z if z > 0 else exp(z) - 1        (Clevert et al. 2016, alpha = 1)
//   tanh        y = tanh z
//   sigmoid     y = 1 / (1 + exp(-z))
//   softmax     y = exp(z) / the sum of exp(z) over the features of the sample: shares of a whole.
//               For the last layer of a model whose loss is cce; see make_plan().
enum class Activation { kLinear, kRelu, kLeakyRelu, kElu, kTanh, kSigmoid, kSoftmax };

// "linear", "relu", ...: as in model files.
std::string_view activation_name(Activation activation);
std::span<const std::string_view> activation_names();
// Throws Error naming the ones there are.
Activation activation_from_name(std::string_view name);

}  // namespace hourglass
