// The card of teacher mode, field by field from its top to its bottom.
#pragma once

#include <string>
#include <string_view>

#include "core/session/lesson/lesson.h"
#include "ui/kit/button.h"
#include "ui/state/panel.h"
#include "ui/teacher/teacher_state.h"

namespace hourglass::ui {

// A field of words: where it stands, and what it is for.
struct WordsField {
  std::string id;
  std::string place;            // in the file, as the parser calls it; "" where nothing is checked
  std::string_view label = {};  // text key; "": none is drawn
  std::string hint = {};        // stands in it while it is empty
  bool several = false;         // it has several lines
  bool needed = false;          // the lesson is none without it
};

class LessonForm {
 public:
  LessonForm(PanelContext& context, TeacherState& state, const Rect& inside)
      : context(context), state(state), x(inside.x), y(inside.y), width(inside.w) {}

  PanelContext& context;
  TeacherState& state;
  float x, y, width;

  const Metrics& metrics() const { return context.theme.metrics; }
  const std::string& text(std::string_view key) const { return context.texts.get(key); }

  // The next line of that height, and a gap below it.
  Rect line(float height);
  void gap(float points) { y += metrics().px(points); }
  void heading(std::string_view key);
  void label(std::string_view key);
  void say(std::string_view words, Rgb color);
  // The sentence of the parser, where it is about that place in the file.
  void problem(std::string_view place);

  // The words in the language of the window; a change is noted in the state.
  void words(const WordsField& field, session::LocalText& text);
  // The same in a line of somebody else's, without label and sentence.
  void words_in(const Rect& area, const WordsField& field, session::LocalText& text);
  // A number; returns whether it was changed.
  bool number(const Rect& area, const std::string& id, double& value);

  // A button as wide as its words, with a line of its own or, with `beside`, behind the last one
  // where there is room.
  bool button(const Button& button, bool beside = false);

 private:
  // Of the field that state.focus names; returns whether it still has to ask.
  bool ask_for_keyboard(std::string_view id);

  float row_x_ = 0, row_y_ = -1;  // behind the last button
};

}  // namespace hourglass::ui
