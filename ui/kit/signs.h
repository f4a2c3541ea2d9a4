// Signs that stand beside words: a lock, a check mark, an eye that is crossed out.
#pragma once

#include <imgui.h>

namespace hourglass::ui {

// Drawn into a square of side `size` around `center`.
void draw_lock_sign(ImDrawList& list, ImVec2 center, float size, ImU32 color);
void draw_check_sign(ImDrawList& list, ImVec2 center, float size, ImU32 color);
void draw_hidden_sign(ImDrawList& list, ImVec2 center, float size, ImU32 color);

}  // namespace hourglass::ui
