// What the person looks at and how, as far as several panels share it: what one panel keeps is its
// own affair (panel_states.h). Settings of the run are the session's (store.h), not here.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/session/protocol/messages.h"
#include "ui/kit/theme.h"
#include "ui/state/layout.h"
#include "ui/state/texts.h"

namespace hourglass::ui {

struct ViewState {
  ThemeKind theme = ThemeKind::kLight;
  Language language = Language::kEnglish;  // wanted; shown once its typeface is there
  float text_scale = 1;
  std::string preset;  // that the settings are, or ""
  bool reduced_motion = false;
  bool stats = false;  // how long frames take is shown
  float frame_ms = 0;  // median of the last ones, while `stats`
  Workspace workspace = Workspace::kTraining;
  // Ids of the panels that were chosen last in the card with tabs, or "".
  std::string_view tab, application;
  bool help_wanted = false;             // the page of help is to be opened
  std::set<std::uint64_t> hidden_runs;  // serials of earlier runs that are not drawn
  std::uint64_t runs_forgotten = 0;     // earlier runs up to this serial are not even listed
  // Values that were sent and are not yet confirmed: shown in place of the store's, so that a
  // slider stays under the finger.
  std::map<std::string, session::Value, std::less<>> pending_values;
};

}  // namespace hourglass::ui
