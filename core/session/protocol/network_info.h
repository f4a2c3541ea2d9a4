// What the screen is told of a plan: by the session of the network that it trains, and by the
// front end itself of an edit that it previews.
#pragma once

#include "core/model/plan.h"
#include "core/session/protocol/messages.h"

namespace hourglass::session {

// Without `engine` and `threads`, which are not the plan's.
NetworkInfo network_info(const Plan& plan);

}  // namespace hourglass::session
