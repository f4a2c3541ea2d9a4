// What each command does.
#pragma once

#include "core/session/engine/session_core.h"
#include "core/session/protocol/messages.h"

namespace hourglass::session {

// Carries out `command` and answers it. Throws Error, and whatever else a library throws, where it
// cannot be carried out: the answer is then the caller's to give.
void carry_out(SessionCore& core, Command& command);

}  // namespace hourglass::session
