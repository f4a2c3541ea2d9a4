// What a change of settings does to a session.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/session/engine/session_core.h"

namespace hourglass::session {

// Sets all of `values` or throws Error, changing nothing. What acts at once is taken up; the rest
// waits for a reset, unless the run is untouched and can be made anew.
void change_settings(SessionCore& core, const std::vector<std::pair<std::string, Value>>& values);

}  // namespace hourglass::session
