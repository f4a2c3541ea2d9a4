// Whole training runs as a part of a command: nothing of them is written but what it asks for.
#pragma once

#include <string>

#include "core/session/engine/training_run.h"
#include "core/session/settings/presets.h"
#include "native/cli/commands/application.h"

namespace hourglass {

// The settings of the preset that --preset names, with --set, --epochs and --seed. Throws Error if
// one of them cannot be used; `command` is who asks.
session::Settings preset_settings(const ApplicationFlags& flags, const char* command);

// Sets what a "key=value" of --set says. Throws Error if it is not of that form, or no setting of a
// run.
void set_pair(session::Settings& settings, const std::string& pair);

// The settings of `preset`, with the same flags.
session::Settings settings_of(const session::Preset& preset, const ApplicationFlags& flags);

// The data that --data names, or the preset's own, or Strokes where those are missing, which is
// said on stderr. Unscaled.
Dataset preset_data(const ApplicationFlags& flags, session::Settings& settings);

// Trains until the run has done enough or is asked to stop (StopRequests). Returns whether it has
// done enough. Throws Error, with what to change, if it diverges.
bool train_quietly(session::TrainingRun& run, StageLine& stage, const std::string& what);

}  // namespace hourglass
