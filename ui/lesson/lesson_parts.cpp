#include "ui/lesson/lesson_parts.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/parse_number.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/kit/rich_text.h"
#include "ui/kit/signs.h"
#include "ui/lesson/lesson_facts.h"

namespace hourglass::ui {
namespace {

using session::Goal;
using session::GoalAnswer;
using session::GoalKind;

// The mark before a choice: empty, right or wrong.
void draw_choice_mark(PanelContext& context, ImVec2 center, bool chosen, bool right) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float radius = m.px(8);
  if (!chosen) {
    list.AddCircle(center, radius, theme.color(c.muted), 24, m.px(1.4f));
    return;
  }
  list.AddCircleFilled(center, radius, theme.color(right ? c.accent : c.heat), 24);
  if (right) {
    draw_check_sign(list, center, radius * 1.2f, theme.color(c.on_accent));
  } else {
    draw_icon(list, Icon::kClose, center, radius * 1.2f, theme.color(c.card));
  }
}

// One of the answers, as wide as the card.
float draw_choice_row(PanelContext& context, const PartPlace& place, LessonState& state,
                      std::size_t leaf, int index, const Goal& goal, const GoalAnswer& answer) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  const session::GoalChoice& choice = goal.choices[static_cast<std::size_t>(index)];
  const float left = m.px(36), right = m.px(10);
  const std::string& words = local(context, choice.text);
  const float text =
      draw_rich_text(context, 0, 0, place.width - left - right, words, 0, m.text, false);
  const float height = std::max(m.control, text + m.px(12));
  if (!place.draw) return height;
  const Rect area{place.x, place.y, place.width, height};
  const bool chosen = answer.choice == index;
  const bool over = answer.met;
  ImGui::BeginDisabled(over);
  const bool pressed = draw_area(
      context, area, "lesson:choice:" + std::to_string(leaf) + ":" + std::to_string(index));
  ImGui::EndDisabled();
  mirror_item(context, {.role = MirrorRole::kSwitch, .on = chosen});
  const bool hovered = ImGui::IsItemHovered() && !over;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Rgb mine = chosen && !answer.met ? c.heat : c.accent;
  list.AddRectFilled(
      top_left(area), bottom_right(area),
      chosen ? theme.color(mine, 0.12f) : theme.color(hovered ? c.field_hover : c.field), m.radius);
  if (chosen) list.AddRect(top_left(area), bottom_right(area), theme.color(mine), m.radius);
  draw_choice_mark(context, {area.x + m.px(18), area.y + height / 2}, chosen, answer.met);
  draw_rich_text(context, area.x + left, area.y + (height - text) / 2, area.w - left - right, words,
                 theme.color(over && !chosen ? c.muted : c.text), m.text);
  if (pressed && !over) {
    state.progress->choose(leaf, index);
    state.changed = true;
    context.animating = true;
  }
  return height;
}

// What is said of the answer that was given last.
std::string answer_verdict(const PanelContext& context, const Goal& goal,
                           const GoalAnswer& answer) {
  const Texts& texts = context.texts;
  if (answer.attempts == 0) return {};
  if (goal.kind == GoalKind::kChoice && answer.choice >= 0) {
    const session::LocalText& reply = goal.choices[static_cast<std::size_t>(answer.choice)].reply;
    if (!reply.empty()) return local(context, reply);
    if (goal.predict) return texts.get("lesson.predicted");
  }
  return texts.get(answer.met ? "lesson.right" : "lesson.wrong");
}

float draw_verdict(PanelContext& context, const PartPlace& place, const Goal& goal,
                   const GoalAnswer& answer) {
  const std::string words = answer_verdict(context, goal, answer);
  if (words.empty()) return 0;
  const Metrics& m = context.theme.metrics;
  const Palette& c = context.theme.colors;
  return draw_boxed_text(context, place, words, answer.met ? c.accent : c.heat) + m.px(10);
}

float draw_goal_question(PanelContext& context, const PartPlace& place, const Goal& goal) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  return draw_rich_text(context, place.x, place.y, place.width,
                        "**" + local(context, goal.question) + "**", theme.color(theme.colors.text),
                        reading_size(m), place.draw) +
         m.px(8);
}

float draw_choices(PanelContext& context, PartPlace place, LessonState& state, std::size_t leaf,
                   const Goal& goal, const GoalAnswer& answer) {
  const Metrics& m = context.theme.metrics;
  const float top = place.y;
  place.y += draw_goal_question(context, place, goal);
  for (int i = 0; i < static_cast<int>(goal.choices.size()); ++i) {
    place.y += draw_choice_row(context, place, state, leaf, i, goal, answer) + m.px(6);
  }
  place.y += m.px(4);
  place.y += draw_verdict(context, place, goal, answer);
  return place.y - top;
}

float draw_number_question(PanelContext& context, PartPlace place, LessonState& state,
                           std::size_t leaf, const Goal& goal, const GoalAnswer& answer) {
  const Metrics& m = context.theme.metrics;
  const Texts& texts = context.texts;
  const float top = place.y;
  place.y += draw_goal_question(context, place, goal);
  if (place.draw) {
    if (state.numbers.size() <= leaf) state.numbers.resize(leaf + 1);
    std::string& text = state.numbers[leaf];
    if (text.empty() && answer.number) text = significant(*answer.number, 6);
    Rect line{place.x, place.y, place.width, m.control};
    const std::string id = "lesson:number:" + std::to_string(leaf);
    ImGui::BeginDisabled(answer.met);
    // Enter in the field says it, and so does the button beside it.
    bool said = draw_field(context, line.cut_left(std::min(m.px(140), line.w / 2)), id, text, true);
    ImGui::EndDisabled();
    line.cut_left(m.gap);
    const Button check{
        .id = "lesson:check", .label = texts.get("lesson.check"), .disabled = answer.met};
    said = draw_button(context, line.cut_left(button_width(context, check)), check) || said;
    double number = 0;
    std::string plain = text;
    std::ranges::replace(plain, ',', '.');
    if (said && !answer.met && parse_number(plain, number) && std::isfinite(number) &&
        answer.number != number) {
      state.progress->enter_number(leaf, number);
      state.changed = true;
      context.animating = true;
    }
  }
  place.y += m.control + m.px(10);
  place.y += draw_verdict(context, place, goal, answer);
  return place.y - top;
}

// How near a value that is to rise has come: a bar, and the number.
float draw_goal_value(PanelContext& context, const PartPlace& place, const Goal& goal) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const std::optional<session::Value> value = lesson_fact(context, goal.fact);
  double number = NAN;
  if (value) {
    if (const auto* whole = std::get_if<std::int64_t>(&*value))
      number = static_cast<double>(*whole);
    if (const auto* real = std::get_if<double>(&*value)) number = *real;
  }
  if (!(goal.above || goal.below)) return 0;
  const float height = m.label;
  if (!place.draw) return height + m.px(8);
  const std::string now = std::isfinite(number) ? significant(number, 4) : "–";
  const std::string bound =
      goal.above ? "> " + significant(*goal.above, 4) : "< " + significant(*goal.below, 4);
  const std::string words = context.texts.format("lesson.now", {now, bound});
  Rect line{place.x, place.y, place.width, height};
  const float width = std::min(text_width(context, words, {m.small}), line.w);
  draw_text(context, line.cut_right(width), words, theme.color(theme.colors.muted), {m.small});
  line.w -= m.gap;
  if (goal.above && *goal.above > 0 && line.w > m.px(40)) {
    const float share = std::isfinite(number)
                            ? static_cast<float>(std::clamp(number / *goal.above, 0.0, 1.0))
                            : 0.0f;
    const float y = std::floor(line.y + line.h / 2), half = m.px(2);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled({line.x, y - half}, {line.right(), y + half},
                       theme.color(theme.colors.field_on), half);
    list.AddRectFilled({line.x, y - half}, {line.x + line.w * share, y + half},
                       theme.color(theme.colors.accent), half);
  }
  return height + m.px(8);
}

}  // namespace

float draw_boxed_text(PanelContext& context, const PartPlace& place, std::string_view text,
                      Rgb color, BoxSign sign) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const float left = sign == BoxSign::kNone ? m.px(14) : m.px(36), right = m.px(12), edge = m.px(9);
  const float height =
      draw_rich_text(context, 0, 0, place.width - left - right, text, 0, m.text, false) + 2 * edge;
  if (!place.draw) return height;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Rect box{place.x, place.y, place.width, height};
  list.AddRectFilled(top_left(box), bottom_right(box), theme.color(color, 0.11f), m.radius);
  list.AddRectFilled(top_left(box), {box.x + m.px(3), box.bottom()}, theme.color(color),
                     m.px(1.5f));
  if (sign != BoxSign::kNone) {
    const float line = std::floor(m.text * 1.45f);
    const ImVec2 center{box.x + m.px(19), box.y + edge + line / 2};
    if (sign == BoxSign::kCheck) {
      draw_check_sign(list, center, m.px(15), theme.color(color));
    } else {
      draw_icon(list, Icon::kPlay, center, m.px(12), theme.color(color));
    }
  }
  draw_rich_text(context, box.x + left, box.y + edge, place.width - left - right, text,
                 theme.color(theme.colors.text), m.text);
  return height;
}

float draw_goal(PanelContext& context, const PartPlace& at, LessonState& state) {
  PartPlace place = at;
  const session::StepProgress& progress = state.progress->progress();
  const std::vector<const Goal*> leaves = session::leaves_of(state.progress->step().goal);
  for (std::size_t leaf = 0; leaf < leaves.size(); ++leaf) {
    const Goal& goal = *leaves[leaf];
    // A copy: an answer changes it while it is drawn.
    const GoalAnswer answer = progress.answers[leaf];
    if (goal.kind == GoalKind::kChoice) {
      place.y += draw_choices(context, place, state, leaf, goal, answer);
    } else if (goal.kind == GoalKind::kNumber) {
      place.y += draw_number_question(context, place, state, leaf, goal, answer);
    } else if (!progress.done) {
      place.y += draw_goal_value(context, place, goal);
    }
  }
  return place.y - at.y;
}

float draw_hints(PanelContext& context, const PartPlace& at, LessonState& state) {
  const Metrics& m = context.theme.metrics;
  const Texts& texts = context.texts;
  PartPlace place = at;
  const session::LessonStep& step = state.progress->step();
  const std::size_t given = state.progress->progress().hints;
  for (std::size_t i = 0; i < given; ++i) {
    place.y +=
        draw_boxed_text(context, place, local(context, step.hints[i]), context.theme.colors.train) +
        m.px(8);
  }
  if (given < step.hints.size() && !state.progress->progress().done) {
    const Button more{.id = "lesson:hint",
                      .label = texts.get(given == 0 ? "lesson.hint" : "lesson.hint_more"),
                      .icon = Icon::kHelp,
                      .kind = ButtonKind::kBare};
    if (place.draw &&
        draw_button(context,
                    {place.x - m.px(8), place.y,
                     std::min(button_width(context, more), place.width + m.px(8)), m.control},
                    more)) {
      state.progress->take_hint();
      state.changed = true;
      context.animating = true;
    }
    place.y += m.control + m.px(8);
  }
  return place.y - at.y;
}

}  // namespace hourglass::ui
