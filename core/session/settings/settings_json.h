// Settings as JSON: how presets and checkpoints hold them.
//
// A key's dots are levels: "train.learning_rate" is {"train": {"learning_rate": ...}}. A text
// setting that is itself JSON (the layers) may stand there as JSON.
#pragma once

#include <string>
#include <string_view>

#include "core/session/settings/settings.h"

namespace hourglass::session {

// All settings of the run: what belongs to the display or to the machine is not in it.
std::string settings_to_json(const Settings& settings);

// Sets what `json` names and leaves the rest. Throws Error that names the key; `settings` is then
// as it was. `where` names the source in messages ("preset 'vanilla'").
void apply_settings_json(std::string_view json, const std::string& where, Settings& settings);

}  // namespace hourglass::session
