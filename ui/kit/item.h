// Registers what was drawn among the widgets.
#pragma once

#include <imgui.h>

#include <string_view>

#include "ui/kit/kit.h"

namespace hourglass::ui {

// Registers a rectangle, or the item drawn last, as it is visible in the current window.
void register_widget(const Kit& kit, std::string_view id, const Rect& area);
void register_item(const Kit& kit, std::string_view id);

// Says that what is drawn in that rectangle takes these gestures.
void take_gestures(const Kit& kit, const Rect& area, unsigned gestures);

inline ImVec2 top_left(const Rect& r) { return {r.x, r.y}; }
inline ImVec2 bottom_right(const Rect& r) { return {r.right(), r.bottom()}; }

}  // namespace hourglass::ui
