// Looking at earlier moments of the run, and going on from one.
#pragma once

#include <cstdint>

#include "core/session/engine/session_core.h"

namespace hourglass::session {

// Puts the moment nearest to that step on display, or with -1 the run as it is; a run that trains
// is paused for that. Throws Error where there is no run, or no moment is kept.
void show_step(SessionCore& core, std::int64_t step);
// Puts the run on display as it is now.
void show_present(SessionCore& core);
// Goes on from the moment nearest to that step, with the settings that there are; the run as it is
// now is kept as one that is over. Throws Error as show_step() and SessionCore::resume().
void go_on_from_step(SessionCore& core, std::int64_t step);

// The run has gone back to an earlier step of its own: forgets the moments that came after it.
void forget_later_moments(SessionCore& core);

}  // namespace hourglass::session
