// The card of teacher mode, in the place of the lesson's: a column in a wide window, else a sheet.
#pragma once

#include "ui/lesson/lesson_card.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// What the lesson in the making, or the one under way, takes of a window of that size.
LessonRoom teacher_room(const PanelContext& context, float width, float height);

// Draws it into context.area: the lesson in the making, the lesson under way with, in a preview,
// the way back above it, or nothing.
void draw_teacher(PanelContext& context);

}  // namespace hourglass::ui
