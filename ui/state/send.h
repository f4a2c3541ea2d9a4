// How the front end hands a command to the engine.
#pragma once

#include <functional>

#include "core/session/protocol/messages.h"

namespace hourglass::ui {

using Send = std::function<void(session::Command)>;

}  // namespace hourglass::ui
