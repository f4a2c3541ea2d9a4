#include "core/model/loss.h"

#include "core/base/names.h"

namespace hourglass {
namespace {

constexpr std::string_view kNames[] = {"bce", "mse", "sse"};

}  // namespace

std::span<const std::string_view> loss_names() { return kNames; }

std::string_view loss_name(Loss loss) { return kNames[static_cast<std::size_t>(loss)]; }

Loss loss_from_name(std::string_view name) { return value_from_name<Loss>(kNames, name, "loss"); }

}  // namespace hourglass
