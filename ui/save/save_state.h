// What the person takes away: which file is being made, and what was said of the last one.
#pragma once

#include <string>

#include "core/base/json.h"
#include "core/session/protocol/messages.h"
#include "ui/state/view_state.h"

namespace hourglass::ui {

struct SaveState {
  std::string working;    // the kind of file that is being made, or ""
  std::string saved;      // what the last one was called
  std::string done;       // and its kind
  std::string error;      // why it could not be made, or ""
  std::string place;      // the folder that it is in, where that is known
  Json model;             // of another program that was opened: mapping_json(), or null
  bool greeted = false;   // whoever makes the files was asked what it can do
  bool can_open = false;  // it can open a dialogue for a run that was saved
  bool can_link = false;  // it has an address
  bool can_film = false;  // it records the screen
};

// Takes an event about files that are saved, also one that opens the panel; false for any other.
bool take_save_event(SaveState& state, ViewState& view, const session::Event& event);

}  // namespace hourglass::ui
