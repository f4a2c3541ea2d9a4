// What is kept of the timeline between frames.
#pragma once

#include <cstdint>

namespace hourglass::ui {

struct TimelineState {
  bool playing = false;
  bool begun = false;       // the first moment of what plays is there
  double next = 0;          // when the next moment is shown at the earliest, by ImGui's clock
  std::int64_t asked = -1;  // the step that was asked for last
  bool leaving = false;     // the way back to now was taken since a lesson hides the timeline
  double position = 1;      // of the slider while it is held
  bool held = false;
};

}  // namespace hourglass::ui
