// What a lesson's card is made of. Each part is drawn from (x, y) on, or, with `draw` false,
// measured alone; all return their height.
#pragma once

#include <string_view>

#include "core/session/lesson/lesson.h"
#include "ui/lesson/lesson_state.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// Where a part goes.
struct PartPlace {
  float x = 0, y = 0, width = 0;
  bool draw = true;
};

inline const std::string& local(const PanelContext& context, const session::LocalText& text) {
  return text.in(context.texts.language() == Language::kChinese);
}

// The size in which one reads sentences.
inline float reading_size(const Metrics& m) { return m.text * 1.07f; }

enum class BoxSign { kNone, kPlay, kCheck };

// Words on a tinted ground, with a bar of that colour at their left.
float draw_boxed_text(PanelContext& context, const PartPlace& place, std::string_view text,
                      Rgb color, BoxSign sign = BoxSign::kNone);

// The step's goal: questions with what may be answered, and how near a value is.
float draw_goal(PanelContext& context, const PartPlace& place, LessonState& state);

// The hints that were asked for, and the button for the next.
float draw_hints(PanelContext& context, const PartPlace& place, LessonState& state);

// What came of the lesson, with the ways on.
float draw_results(PanelContext& context, const PartPlace& place, LessonState& state);

}  // namespace hourglass::ui
