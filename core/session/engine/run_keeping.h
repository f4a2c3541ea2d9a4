// When runs are kept, and what is told of it.
#pragma once

#include <cstdint>
#include <vector>

#include "core/session/engine/session_core.h"

namespace hourglass::session {

// Keeps the run that is about to be replaced, unless nothing was trained, it is kept already, or
// there is no room for it. Never throws.
void keep_ended_run(SessionCore& core);
// Keeps the present run as it is by now; it goes on under another number. Throws Error where there
// is nothing to keep, or no room.
void keep_present_run(SessionCore& core);
// Keeps the run of a checkpoint. Throws Error if it is none, or there is no room for it.
void add_kept_run(SessionCore& core, Bytes checkpoint);

// The training curve of the present run, into its checkpoint's metadata.
void add_present_curve(SessionCore& core, Safetensors& file);

// The run of `core` begins: gives it its number, and starts its curves with the losses of its past.
void begin_run(SessionCore& core, std::vector<LossPoint> losses, std::uint64_t goes_on_from);
// It trains on with those of the settings that act at once and were others `before`.
void take_up_settings(SessionCore& core, const Settings& before);

}  // namespace hourglass::session
