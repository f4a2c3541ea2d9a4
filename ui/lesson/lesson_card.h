// The lesson beside the playground: in a wide window a column, else a sheet below it.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

// What the lesson takes of a window of that size: the width of a column at its left or the height
// of a sheet at its bottom; both are 0 without a lesson.
struct LessonRoom {
  float column = 0, sheet = 0;
};
LessonRoom lesson_room(const PanelContext& context, float width, float height);

// Draws it into context.area; nothing without a lesson.
void draw_lesson(PanelContext& context);

// Marks the panel that the step speaks of, whose place is that of its widget.
void draw_lesson_ring(PanelContext& context);

}  // namespace hourglass::ui
