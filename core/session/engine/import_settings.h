// The settings data.* as the import takes them.
#pragma once

#include "core/base/json.h"
#include "core/data/import/import_options.h"
#include "core/session/engine/build.h"
#include "core/session/settings/settings.h"

namespace hourglass::session {

ImportOptions import_options(const Settings& settings);

// Those of a trained model, for samples that are read as its own were: TrainedOn is of `info`.
ImportOptions import_options(const RunInfo& info);

// Sets those of the settings that say what is to be understood of data (data.*, but for data.set
// and data.scaling) and that `options` names, by their keys: {"data.label": "first"}. Throws Error
// for a value that does not fit, and for another key.
void apply_data_options(const Json& options, Settings& settings);

}  // namespace hourglass::session
