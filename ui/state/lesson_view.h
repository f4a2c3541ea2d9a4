// What all panels know of the lesson under way: what it has locked, and what it speaks of.
#pragma once

#include <string_view>

#include "core/session/lesson/lesson.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

struct LessonView {
  session::LessonRules rules;  // without a lesson nothing is locked
  // Ids of panels, or "": the one that the lesson speaks of, the one that is to come to the front,
  // the one that is to be scrolled into view, and the one that is on show among the tabs.
  std::string_view spoken_of, to_front, to_view, front;
  bool list_wanted = false;  // the list of lessons is to be opened
};

inline const session::LessonRules& lesson_rules(const PanelContext& context) {
  return context.state<LessonView>().rules;
}

}  // namespace hourglass::ui
