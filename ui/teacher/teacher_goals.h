// What a step of a lesson waits for, in words.
#pragma once

#include "ui/teacher/form.h"

namespace hourglass::ui {

// The goals of the step on show, each with its fields, and buttons for more. `place` is the step's
// in the file: "steps[0]".
void draw_goals(LessonForm& form, const std::string& place);

// How a panel is called among the tabs or cards.
const std::string& panel_name(const PanelContext& context, std::string_view id);

// A list of the panels; returns the id of the one that was just chosen, or "". `present` may be "",
// which `otherwise` stands for.
std::string_view draw_panel_choice(PanelContext& context, const Rect& area, std::string_view id,
                                   std::string_view present, std::string_view otherwise);

}  // namespace hourglass::ui
