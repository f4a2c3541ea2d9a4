#include "ui/teacher/form.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/parse_number.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/kit/text_area.h"

namespace hourglass::ui {
namespace {

constexpr int kLeastLines = 4;
constexpr int kMaxFocusFrames = 20;  // in which a field asks for the keyboard

}  // namespace

Rect LessonForm::line(float height) {
  const Rect area{x, y, width, height};
  y += height + metrics().gap;
  return area;
}

void LessonForm::heading(std::string_view key) {
  gap(10);
  const Theme& theme = context.theme;
  ImGui::GetWindowDrawList()->AddLine({x, y}, {x + width, y}, theme.color(theme.colors.card_edge));
  gap(8);
  draw_text(context, line(metrics().label), text(key), theme.color(theme.colors.text),
            {metrics().text, true});
}

void LessonForm::label(std::string_view key) {
  draw_text(context, {x, y, width, metrics().label}, text(key),
            context.theme.color(context.theme.colors.muted), {metrics().small});
  y += metrics().label + metrics().px(2);
}

void LessonForm::say(std::string_view words, Rgb color) {
  y += draw_paragraph(context, x, y, width, words, context.theme.color(color), metrics().small) +
       metrics().gap;
}

void LessonForm::problem(std::string_view place) {
  if (place.empty() || !state.error_place.starts_with(place)) return;
  register_widget(context, "teach:problem", {x, y, width, metrics().small});
  say(state.error, context.theme.colors.heat);
}

bool LessonForm::ask_for_keyboard(std::string_view id) {
  if (context.input.edited_key == id || ++state.focus_frames > kMaxFocusFrames) {
    state.focus.clear();
    state.focus_frames = 0;
    return false;
  }
  // What was clicked may be closing still, and the keyboard goes from it to the playground: it is
  // asked for in every frame. SetKeyboardFocusHere() is answered frames later, also where the field
  // has it by then, and would select what was typed.
  ImGui::ActivateItemByID(ImGui::GetID(("##" + std::string(id)).c_str()));
  ImGui::GetCurrentContext()->NavNextActivateFlags = ImGuiActivateFlags_PreferInput;
  context.animating = true;
  return true;
}

void LessonForm::words_in(const Rect& area, const WordsField& field, session::LocalText& text) {
  const bool chinese = context.texts.language() == Language::kChinese;
  std::string& mine = chinese ? text.zh : text.en;
  const std::string& other = chinese ? text.en : text.zh;
  const bool asks = state.focus == field.id && ask_for_keyboard(field.id);
  std::string shown = mine;
  if (field.several) {
    draw_text_area(context, area, field.id, shown);
  } else {
    draw_field(context, area, field.id, shown, true, true);
    if (context.input.edited_key == field.id) shown = context.input.edited_text;
  }
  if (asks) ImGui::ScrollToItem(ImGuiScrollFlags_KeepVisibleEdgeY);
  if (shown != mine) {
    state.touch(field.id);
    mine = std::move(shown);
  }
  if (!mine.empty() || context.input.edited_key == field.id) return;
  Rect inside = area.inset(metrics().px(10), 0);
  inside.h = std::min(inside.h, metrics().control);
  draw_text(context, inside, other.empty() ? std::string_view(field.hint) : other,
            context.theme.color(context.theme.colors.muted, 0.75f));
}

void LessonForm::words(const WordsField& field, session::LocalText& text) {
  if (!field.label.empty()) label(field.label);
  const bool chinese = context.texts.language() == Language::kChinese;
  const std::string& mine = chinese ? text.zh : text.en;
  words_in(
      line(field.several ? text_area_height(context, width, mine, kLeastLines) : metrics().control),
      field, text);
  if (!field.needed || !text.empty()) problem(field.place);
}

bool LessonForm::number(const Rect& area, const std::string& id, double& value) {
  std::string text = significant(value, 6);
  if (!draw_field(context, area, id, text, true)) return false;
  std::ranges::replace(text, ',', '.');
  double read = 0;
  if (!parse_number(text, read) || !std::isfinite(read) || read == value) return false;
  state.touch();
  value = read;
  return true;
}

bool LessonForm::button(const Button& button, bool beside) {
  const Metrics& m = metrics();
  const float wide = std::min(button_width(context, button), width);
  if (!beside || row_y_ < 0 || row_x_ + wide > x + width) {
    row_x_ = x;
    row_y_ = y;
    y += m.control + m.gap;
  }
  const Rect area{row_x_, row_y_, wide, m.control};
  row_x_ += wide + m.gap;
  return draw_button(context, area, button);
}

}  // namespace hourglass::ui
