// The settings of runs that a job trains by itself.
#pragma once

#include "core/session/engine/job_kinds.h"
#include "core/session/settings/settings.h"

namespace hourglass::session {

// The settings as they are, with the model that is there: one that waits for a reset is none that
// anybody has seen.
Settings settings_of_run(const JobContext& context);

}  // namespace hourglass::session
