#include "core/model/loss.h"

#include "core/base/names.h"

namespace hourglass {
namespace {

constexpr std::string_view kLossNames[] = {"bce", "mse", "sse", "cce"};

}  // namespace

std::span<const std::string_view> loss_names() { return kLossNames; }

std::string_view loss_name(Loss loss) { return kLossNames[static_cast<std::size_t>(loss)]; }

Loss loss_from_name(std::string_view name) {
  return value_from_name<Loss>(kLossNames, name, "loss");
}

}  // namespace hourglass
