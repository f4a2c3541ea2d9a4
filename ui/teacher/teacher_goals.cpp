#include "ui/teacher/teacher_goals.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "core/session/settings/settings.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/kit/signs.h"
#include "ui/lesson/lesson_facts.h"
#include "ui/state/lesson_view.h"

namespace hourglass::ui {
namespace {

using session::Goal;
using session::GoalKind;

// A goal that is offered: a fact that is to fall below a number or to reach one, or, without a
// fact, what is asked.
struct OfferedGoal {
  std::string_view name;  // text "teach.goal.NAME"
  GoalKind kind = GoalKind::kValue;
  std::string_view fact = {};
  bool falls = false;
  double otherwise = 0;  // what is proposed while the fact has no value
};
constexpr OfferedGoal kOffered[] = {{"question", GoalKind::kChoice},
                                    {"predict", GoalKind::kChoice},
                                    {"number", GoalKind::kNumber},
                                    {"loss", GoalKind::kValue, "loss", true, 0.1},
                                    {"test_loss", GoalKind::kValue, "test_loss", true, 0.1},
                                    {"step", GoalKind::kValue, "step", false, 100},
                                    {"selected", GoalKind::kValue, "map.selected", false, 10},
                                    {"panel", GoalKind::kValue, "panel"}};

std::optional<double> present_number(const PanelContext& context, std::string_view fact) {
  const std::optional<session::Value> value = lesson_fact(context, fact);
  if (!value) return std::nullopt;
  if (const auto* whole = std::get_if<std::int64_t>(&*value)) return static_cast<double>(*whole);
  const auto* real = std::get_if<double>(&*value);
  return real ? std::optional(*real) : std::nullopt;
}

Goal made_goal(const PanelContext& context, const OfferedGoal& offered) {
  Goal goal;
  goal.kind = offered.kind;
  goal.predict = offered.name == "predict";
  if (goal.kind == GoalKind::kChoice) {
    goal.choices.resize(2);
    goal.choices[0].right = !goal.predict;
  }
  if (goal.kind == GoalKind::kNumber) goal.high = 1;
  if (goal.kind != GoalKind::kValue) return goal;
  goal.fact = offered.fact;
  if (offered.name == "panel") {
    goal.is = std::string(context.state<LessonView>().front);
    return goal;
  }
  const std::optional<double> now = present_number(context, offered.fact);
  const double proposed = now && *now > 0 ? *now : offered.otherwise;
  if (offered.falls) {
    // What somebody has just reached: three digits, rounded up.
    const double unit = std::pow(10.0, std::floor(std::log10(proposed)) - 2);
    const double digits = std::ceil(proposed / unit);
    goal.below = unit < 1 ? digits / std::round(1 / unit) : digits * unit;
  } else {
    goal.above = proposed - 1;  // whole numbers: at least as many
  }
  return goal;
}

const OfferedGoal* offered_as(const Goal& goal) {
  for (const OfferedGoal& each : kOffered) {
    if (each.kind != goal.kind) continue;
    if (goal.kind == GoalKind::kChoice && goal.predict != (each.name == "predict")) continue;
    if (goal.kind != GoalKind::kValue) return &each;
    const bool bounds = each.name == "panel" ? goal.is && !goal.above && !goal.below
                                             : !goal.is && (each.falls ? goal.below && !goal.above
                                                                       : goal.above && !goal.below);
    if (each.fact == goal.fact && bounds) return &each;
  }
  return nullptr;
}

// The cross at the end of a line. It is the last thing that is done with what it takes away.
bool draw_take_away(LessonForm& form, Rect& line, const std::string& id) {
  return draw_button(form.context, line.cut_right(form.metrics().control),
                     {.id = id,
                      .icon = Icon::kClose,
                      .kind = ButtonKind::kBare,
                      .help_title = form.text("teach.remove"),
                      .help = form.text("teach.remove")});
}

// The circle before an answer: whether it is the right one.
void draw_right_mark(LessonForm& form, const Rect& area, const std::string& id, Goal& goal,
                     std::size_t index) {
  const Theme& theme = form.context.theme;
  const bool right = goal.choices[index].right;
  if (draw_area(form.context, area, id)) {
    form.state.touch();
    for (std::size_t i = 0; i < goal.choices.size(); ++i) goal.choices[i].right = i == index;
  }
  mirror_item(form.context, {.role = MirrorRole::kCheck, .on = right});
  draw_help(form.context, form.text("teach.right"), form.text("teach.right.help"));
  const ImVec2 center{area.x + area.w / 2, area.y + area.h / 2};
  const float radius = form.metrics().px(8);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (right) {
    list.AddCircleFilled(center, radius, theme.color(theme.colors.accent), 24);
    draw_check_sign(list, center, radius * 1.2f, theme.color(theme.colors.on_accent));
  } else {
    list.AddCircle(center, radius, theme.color(theme.colors.muted), 24, form.metrics().px(1.4f));
  }
}

void draw_answers(LessonForm& form, Goal& goal, const std::string& id, const std::string& place) {
  std::size_t gone = goal.choices.size();
  for (std::size_t i = 0; i < goal.choices.size(); ++i) {
    const std::string mine = id + ":" + std::to_string(i);
    const std::string at = place + ".choices[" + std::to_string(i) + "]";
    Rect line = form.line(form.metrics().control);
    draw_right_mark(form, line.cut_left(form.metrics().px(28)), mine + ":right", goal, i);
    if (goal.choices.size() > 1 && draw_take_away(form, line, mine + ":remove")) gone = i;
    form.words_in(line,
                  {.id = mine,
                   .place = at,
                   .hint = form.context.texts.format("teach.answer", {std::to_string(i + 1)})},
                  goal.choices[i].text);
    if (goal.choices[i].text.empty()) continue;
    form.problem(at);
    line = form.line(form.metrics().control);
    line.cut_left(form.metrics().px(28));
    form.words_in(line, {.id = mine + ":reply", .place = {}, .hint = form.text("teach.reply")},
                  goal.choices[i].reply);
  }
  if (gone < goal.choices.size()) {
    form.state.touch();
    const bool right = goal.choices[gone].right;
    goal.choices.erase(goal.choices.begin() + static_cast<std::ptrdiff_t>(gone));
    if (right && !goal.predict) goal.choices.front().right = true;
  }
  if (form.button({.id = id + ":more",
                   .label = form.text("teach.answer.more"),
                   .kind = ButtonKind::kBare})) {
    form.state.touch();
    goal.choices.emplace_back();
  }
}

void draw_range(LessonForm& form, Goal& goal, const std::string& id) {
  Rect line = form.line(form.metrics().control);
  const float half = (line.w - form.metrics().px(30)) / 2;
  form.number(line.cut_left(half), id + ":low", goal.low);
  draw_text(form.context, line.cut_left(form.metrics().px(30)), "–",
            form.context.theme.color(form.context.theme.colors.muted), {0, false, Align::kCenter});
  form.number(line, id + ":high", goal.high);
}

// A value that is to be reached: the number, or the panel, beside the words.
void draw_value(LessonForm& form, Rect line, Goal& goal, const OfferedGoal* offered,
                const std::string& id) {
  PanelContext& context = form.context;
  if (goal.is && offered) {
    const auto* panel = std::get_if<std::string>(&*goal.is);
    const std::string_view chosen =
        draw_panel_choice(context, line, id + ":panel", panel ? *panel : std::string(), {});
    if (chosen.empty()) return;
    form.state.touch();
    goal.is = std::string(chosen);
  } else if (goal.above || goal.below) {
    // "At least 200" is above 199.
    const double more = offered && !offered->falls ? 1 : 0;
    double& bound = goal.above ? *goal.above : *goal.below;
    double shown = bound + more;
    if (form.number(line, id + ":value", shown)) bound = shown - more;
  } else if (goal.is) {
    draw_text(context, line, session::value_text(*goal.is),
              context.theme.color(context.theme.colors.text));
  }
}

void draw_one_goal(LessonForm& form, Goal& goal, const std::string& id, const std::string& place,
                   bool& gone) {
  const OfferedGoal* const offered = offered_as(goal);
  const bool group = goal.kind == GoalKind::kAll || goal.kind == GoalKind::kAny;
  const std::string name = offered ? form.text("teach.goal." + std::string(offered->name))
                           : group ? form.text("teach.goal.group")
                                   : goal.fact + (goal.above   ? " >"
                                                  : goal.below ? " <"
                                                               : " =");
  Rect line = form.line(form.metrics().control);
  if (draw_take_away(form, line, id + ":remove")) gone = true;
  const Palette& c = form.context.theme.colors;
  if (goal.kind == GoalKind::kValue) {
    line.w -= form.metrics().gap;
    draw_value(form, line.cut_right(line.w * 0.42f), goal, offered, id);
    line.w -= form.metrics().gap;
  }
  draw_text(form.context, line, name, form.context.theme.color(c.text), {form.metrics().text});
  if (goal.kind == GoalKind::kChoice || goal.kind == GoalKind::kNumber) {
    form.words({.id = id + ":question",
                .place = place + ".question",
                .hint = form.text("teach.question"),
                .needed = true},
               goal.question);
    if (goal.kind == GoalKind::kChoice) {
      draw_answers(form, goal, id, place);
    } else {
      draw_range(form, goal, id);
    }
  }
}

}  // namespace

const std::string& panel_name(const PanelContext& context, std::string_view id) {
  if (id == "latent") return context.texts.get("tab.map");
  if (id == "curves") return context.texts.get("tab.loss");
  const bool card = id == "hourglass" || id == "reconstructions" || id == "noise";
  return context.texts.get(card ? std::string(id) + ".title" : "tab." + std::string(id));
}

std::string_view draw_panel_choice(PanelContext& context, const Rect& area, std::string_view id,
                                   std::string_view present, std::string_view otherwise) {
  std::vector<Choice> items;
  if (!otherwise.empty()) items.push_back({"none", std::string(otherwise), {}});
  int selected = present.empty() ? 0 : -1;
  for (const std::string_view panel : session::lesson_panels()) {
    if (panel == present) selected = static_cast<int>(items.size());
    items.push_back({panel, panel_name(context, panel), {}});
  }
  const int chosen = draw_choice(context, area, id, selected, items);
  if (chosen < 0 || chosen == selected) return {};
  return items[static_cast<std::size_t>(chosen)].value;
}

void draw_goals(LessonForm& form, const std::string& place) {
  std::vector<Goal>& goals = form.state.step().goal.goals;
  std::size_t taken = goals.size();
  for (std::size_t i = 0; i < goals.size(); ++i) {
    const std::string number = std::to_string(i);
    const std::string at =
        place + ".goal" + (goals.size() > 1 ? ".of[" + number + "]" : std::string());
    bool gone = false;
    draw_one_goal(form, goals[i], "teach:goal:" + number, at, gone);
    // What is wrong with a goal and not with one of its texts.
    const std::string& wrong = form.state.error_place;
    const bool of_field =
        wrong.starts_with(at + ".question") || wrong.starts_with(at + ".choices[");
    if (!of_field) form.problem(at);
    if (gone) taken = i;
  }
  if (taken < goals.size()) {
    form.state.touch();
    goals.erase(goals.begin() + static_cast<std::ptrdiff_t>(taken));
  }
  form.label("teach.goal.add");
  bool beside = false;
  for (const OfferedGoal& offered : kOffered) {
    const std::string id = "teach:add:" + std::string(offered.name);
    const std::string& label = form.text("teach.goal." + std::string(offered.name));
    if (form.button({.id = id, .label = label}, beside)) {
      form.state.touch();
      goals.push_back(made_goal(form.context, offered));
      if (offered.kind != GoalKind::kValue) {
        form.state.focus = "teach:goal:" + std::to_string(goals.size() - 1) + ":question";
      }
      form.context.animating = true;
    }
    beside = true;
  }
}

}  // namespace hourglass::ui
