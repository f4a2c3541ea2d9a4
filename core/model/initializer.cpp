#include "core/model/initializer.h"

#include "core/base/names.h"

namespace hourglass {
namespace {

constexpr std::string_view kInitializerNames[] = {"glorot-uniform", "glorot-normal", "he-uniform",
                                                  "he-normal", "normal"};

}  // namespace

std::span<const std::string_view> initializer_names() { return kInitializerNames; }

std::string_view initializer_name(Initializer initializer) {
  return kInitializerNames[static_cast<std::size_t>(initializer)];
}

Initializer initializer_from_name(std::string_view name) {
  return value_from_name<Initializer>(kInitializerNames, name, "initializer");
}

}  // namespace hourglass
