// Settings told by a preset and by what differs from it: as short as the page's address, a command
// line and a step back want them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/session/protocol/messages.h"
#include "core/session/settings/settings.h"

namespace hourglass::session {

struct PresetDifference {
  std::string preset;  // to be loaded first; "": none, from the initial values on
  std::vector<std::pair<std::string, Value>> values;  // to be set then, in the table's order
};

// What of `settings` is told.
struct Telling {
  bool (*tells)(const Setting& setting) = nullptr;  // of one row
  bool needs_preset = false;                        // "" will not do
};

// The preset from which the told settings differ by the shortest text, and that difference. Loading
// the preset and setting the values gives equal settings, as far as they are told.
PresetDifference preset_difference(const Settings& settings, const Telling& telling);

// The same of what others are given to begin with: the settings of the run and of the display.
// What only says which panel is open is left out, and so are a person's own data, which nobody else
// has.
PresetDifference shared_difference(const Settings& settings, bool needs_preset);

// shared_difference() as the query of the page's address, without "?":
// "preset=deep&data=strokes&train.learning_rate=0.5", or "" where all have their initial values.
std::string link_query(const Settings& settings);

}  // namespace hourglass::session
