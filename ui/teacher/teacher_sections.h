// The sections of teacher mode's card below each other, besides the words and the goals.
#pragma once

#include <string>

#include "ui/teacher/form.h"

namespace hourglass::ui {

// Numbers of the steps, and what becomes of the one on show.
void draw_step_list(LessonForm& form, TeacherState& state);

// What is set where the step on show begins.
void draw_start(LessonForm& form, TeacherState& state);

// The hints, a field each. `place` is the step's in the file: "steps[0]".
void draw_hint_fields(LessonForm& form, TeacherState& state, const std::string& place);

// Buttons for the locks of all settings at once.
void draw_locks(LessonForm& form, TeacherState& state);

// While clicks mark: what the marks look like, and what was said of the last click. Returns its
// height; with `draw` false it only measures.
float draw_mark_legend(const PanelContext& context, const Rect& place, const TeacherState& state,
                       bool draw);

}  // namespace hourglass::ui
