// What the controls keep between frames: which was used last, what a finger holds, the text under
// edit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hourglass::ui {

// Two fingers around (x, y) moved apart by `factor` and together by (dx, dy).
struct Pinch {
  float x = 0, y = 0, factor = 1, dx = 0, dy = 0;
};

struct InputState {
  bool touch = false;          // somebody has used a finger: controls are large enough for one
  std::vector<Pinch> pinches;  // since the last frame, for what lies under them
  // ImGui's id of the control that was used last, while the pointer stays on it.
  std::uint32_t used_item = 0;
  // Of the control that a finger has rested on, whose help is shown, and of the slider that follows
  // a finger.
  std::uint32_t explained_item = 0;
  std::uint32_t finger_slider = 0;
  // Text under edit, of the one field that has the keyboard, and whether that takes words of any
  // language.
  std::string edited_key;
  std::string edited_text;
  bool edits_words = false;
};

}  // namespace hourglass::ui
