// The models that come with Hourglass: assets/presets/NAME.json, built into the program.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/session/settings/settings.h"

namespace hourglass::session {

// A figure that the preset's source printed.
struct Published {
  std::string metric;  // a column of history.csv
  double value = 0;
  std::int64_t epoch = 0;
};

struct Preset {
  std::string name;
  // On the web, these five are left out, but for a published test_loss, without its epoch.
  std::string source;      // where the model comes from
  std::string teaches_en;  // what it teaches, a paragraph
  std::string teaches_zh;
  std::vector<Published> published;
  // Of the held-out samples of its own data, the share that a linear probe of its trained code is
  // right about, as bench/REPRODUCTION.md has it (mean over seeds); NaN where nobody has measured.
  double linear_probe = std::numeric_limits<double>::quiet_NaN();
  // What of the settings is other while the layers are pretrained one by one before the run, as
  // JSON for apply_settings_json(); "" if they are not.
  std::string pretraining;
  std::string settings;  // JSON for apply_settings_json()
  Settings values;       // the same, with initial values for what it does not name
};

// All of them, in the order in which they are shown.
std::span<const Preset> presets();

// Throws Error that lists the names there are.
const Preset& find_preset(std::string_view name);

// Those for documents instead of images, out of assets/text_presets/; none on the web.
std::span<const Preset> document_presets();
const Preset& find_document_preset(std::string_view name);

// Replaces every setting of the run by the preset's value, or the initial one where it names none.
// What belongs to the display or the machine stays.
void apply_preset(const Preset& preset, Settings& settings);

// Name of the preset whose scaling, model, training and noise `settings` has, whatever the data,
// the seed and the display; "" if it has been changed from all of them.
std::string matching_preset(const Settings& settings);

}  // namespace hourglass::session
