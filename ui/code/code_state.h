// The code that is moved by hand.
#pragma once

#include <cstdint>

#include "core/session/protocol/messages.h"

namespace hourglass::ui {

struct CodeState {
  bool edited = false;  // else it is the code of the sample on show
  session::Floats code;
  int first_unit = 0;       // of the page of sliders on show
  int unit = -1;            // whose number is shown: the last one pointed at
  std::uint64_t drawn = 0;  // random codes so far: the next one is made from this number
};

}  // namespace hourglass::ui
