// The values of the facts that a lesson's goals ask for (core/session/lesson/facts.h), from what
// the engine has said and what the panels keep.
#pragma once

#include <optional>
#include <string_view>

#include "ui/state/panel.h"

namespace hourglass::ui {

// Nothing where the fact has no value yet.
std::optional<session::Value> lesson_fact(const PanelContext& context, std::string_view name);

}  // namespace hourglass::ui
