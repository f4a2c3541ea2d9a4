// The list of lessons, as a page over everything.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

// Opens it where LessonView::list_wanted is set, and draws it until it is closed.
void draw_lesson_list(PanelContext& context);

}  // namespace hourglass::ui
