// The switch between training and the applications.
#pragma once

#include "core/session/lesson/lesson.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// The width at which it shows all of its words.
float workspaces_width(const PanelContext& context);
// In an area too narrow for them it is a button that goes to the other one.
void draw_workspaces(PanelContext& context, const Rect& area);

// Whether there is a choice between the two, which a lesson may take away.
bool workspaces_shown(const session::LessonRules& rules);

// The id of the panel that was chosen last among the tabs of the workspace on show, or "".
std::string_view& chosen_tab(const PanelContext& context);

}  // namespace hourglass::ui
