// The layer of the network that is being edited, and the network that its edits lead to.
#pragma once

#include <string>

#include "core/session/protocol/messages.h"

namespace hourglass::ui {

struct NetworkState {
  bool open = false;
  bool shown = false;  // its window has been opened
  int layer = -1;      // index into the layers of the network on show
  // The network that waits for a reset, and the texts that it was made of.
  std::string source;
  session::NetworkInfo pending;
  // Whether the code can be halved and doubled, and the texts that this was found out from.
  std::string code_source;
  bool can_halve = false, can_double = false;
};

}  // namespace hourglass::ui
