#include "core/model/activation.h"

#include "core/base/names.h"

namespace hourglass {
namespace {

constexpr std::string_view kActivationNames[] = {"linear", "relu",    "leaky-relu", "elu",
                                                 "tanh",   "sigmoid", "softmax"};

}  // namespace

std::span<const std::string_view> activation_names() { return kActivationNames; }

std::string_view activation_name(Activation activation) {
  return kActivationNames[static_cast<std::size_t>(activation)];
}

Activation activation_from_name(std::string_view name) {
  return value_from_name<Activation>(kActivationNames, name, "activation");
}

}  // namespace hourglass
