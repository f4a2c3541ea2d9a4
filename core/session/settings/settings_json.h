// Settings as JSON: how presets and checkpoints hold them.
//
// A key's dots are levels: "train.learning_rate" is {"train": {"learning_rate": ...}}. A text
// setting that is itself JSON (the layers) may stand there as JSON.
#pragma once

#include <string>
#include <string_view>

#include "core/session/settings/settings.h"

namespace hourglass::session {

// All settings whose key begins with none of the session's own parts (view, train.threads).
std::string settings_to_json(const Settings& settings);

// Sets what `json` names and leaves the rest. Throws Error that names the key; `settings` is then
// as it was. `where` names the source in messages ("preset 'vanilla'").
void apply_settings_json(std::string_view json, const std::string& where, Settings& settings);

// Whether the setting belongs to what is on display or to the machine, not to the run: presets and
// checkpoints leave it alone.
bool is_session_setting(std::string_view key);

}  // namespace hourglass::session
