// What moves under the wheel and under a finger: the innermost window that still can, as in a
// browser.
#pragma once

#include <imgui.h>
#include <imgui_internal.h>

#include "ui/kit/widgets.h"

namespace hourglass::ui {

// The innermost window of ImGui's at (x, y) that can still scroll: towards its end for a positive
// `direction`, towards its start for a negative one, either way for 0. Null where none can.
ImGuiWindow* window_to_scroll(float x, float y, float direction);

// The same from a window outwards.
ImGuiWindow* window_to_scroll(ImGuiWindow* innermost, float direction);

// ImGui turns the wheel for the innermost window that has anything to scroll, even where that is at
// its end already. This lets the one around it go on. To be called after ImGui::NewFrame().
void chain_wheel();

// A finger that began on something that does not follow it moves the page; so does one that goes up
// or down from a slider that it has not taken. `widgets` are those of the last frame,
// `slider` is the slider that a finger holds, or 0.
void scroll_by_finger(const Widgets& widgets, ImGuiID slider);

}  // namespace hourglass::ui
