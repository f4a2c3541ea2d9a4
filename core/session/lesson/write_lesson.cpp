#include <string>
#include <utility>
#include <vector>

#include "core/base/base64.h"
#include "core/base/json.h"
#include "core/session/lesson/lesson.h"

namespace hourglass::session {
namespace {

std::string json_string(const std::string& text) { return json_text(Json(text)); }

std::string value_json(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    // The layers of a model stand there as JSON where that gives the same text again.
    if (text->starts_with('[') && json_text(parse_json(*text)) == *text) return *text;
    return json_string(*text);
  }
  return std::visit([](const auto& plain) { return json_text(Json(plain)); }, value);
}

// Text of JSON in the making: an object a line or, where it is short, in one.
class LessonText {
 public:
  void begin(char bracket) {
    text_ += bracket;
    indent_ += 2;
    first_ = true;
  }
  void end(char bracket) {
    indent_ -= 2;
    if (!first_) new_line();
    text_ += bracket;
    first_ = false;
  }
  void item() {
    if (!first_) text_ += ',';
    new_line();
    first_ = false;
  }
  void raw(std::string_view key, std::string_view json) {
    item();
    text_ += '"';
    text_ += key;
    text_ += "\": ";
    text_ += json;
  }
  void open(std::string_view key, char bracket) {
    raw(key, "");
    begin(bracket);
  }
  std::string take() {
    text_ += '\n';
    return std::move(text_);
  }

  void local(const LocalText& text) {
    text_ += '{';
    if (!text.en.empty()) text_ += "\"en\": " + json_string(text.en);
    if (!text.zh.empty())
      text_ += (text.en.empty() ? "\"zh\": " : ", \"zh\": ") + json_string(text.zh);
    text_ += '}';
  }
  void text(std::string_view key, const LocalText& text) {
    raw(key, "");
    local(text);
  }
  void some_text(std::string_view key, const LocalText& text) {
    if (!text.empty()) this->text(key, text);
  }
  void names(std::string_view key, const std::vector<std::string>& names) {
    std::string list = "[";
    for (const std::string& name : names) list += (list.size() > 1 ? ", " : "") + json_string(name);
    raw(key, list + "]");
  }
  void some_names(std::string_view key, const std::vector<std::string>& names) {
    if (!names.empty()) this->names(key, names);
  }
  void start(const LessonStart& start) {
    if (start.empty()) return;
    open("start", '{');
    if (!start.preset.empty()) raw("preset", json_string(start.preset));
    if (!start.settings.empty()) {
      open("settings", '{');
      for (const auto& [key, value] : start.settings) raw(key, value_json(value));
      end('}');
    }
    if (!start.checkpoint.empty()) raw("checkpoint", json_string(encode_base64(start.checkpoint)));
    end('}');
  }
  void goal(const Goal& goal) {
    static constexpr const char* kKinds[] = {"",          "\"choice\"", "\"number\"",
                                             "\"value\"", "\"all\"",    "\"any\""};
    begin('{');
    raw("kind", kKinds[static_cast<std::size_t>(goal.kind)]);
    if (goal.kind == GoalKind::kChoice || goal.kind == GoalKind::kNumber) {
      text("question", goal.question);
    }
    if (goal.predict) raw("predict", "true");
    if (goal.kind == GoalKind::kNumber) {
      raw("low", json_text(Json(goal.low)));
      raw("high", json_text(Json(goal.high)));
    }
    if (goal.kind == GoalKind::kChoice) choices(goal.choices);
    if (goal.kind == GoalKind::kValue) raw("of", json_string(goal.fact));
    if (goal.below) raw("below", json_text(Json(*goal.below)));
    if (goal.above) raw("above", json_text(Json(*goal.above)));
    if (goal.is) raw("is", value_json(*goal.is));
    if (!goal.goals.empty()) {
      open("of", '[');
      for (const Goal& each : goal.goals) {
        item();
        this->goal(each);
      }
      end(']');
    }
    end('}');
  }

 private:
  void new_line() {
    text_ += '\n';
    text_.append(indent_, ' ');
  }
  void choices(const std::vector<GoalChoice>& choices) {
    open("choices", '[');
    for (const GoalChoice& choice : choices) {
      item();
      begin('{');
      text("text", choice.text);
      if (choice.right) raw("right", "true");
      some_text("reply", choice.reply);
      end('}');
    }
    end(']');
  }

  std::string text_;
  std::size_t indent_ = 0;
  bool first_ = true;
};

// Which rules are the same in all steps: those stand once, at the lesson's head, since what a step
// does not say is the lesson's.
struct SharedRules {
  bool shown = true, commands = true, locked = true, hidden = true;

  explicit SharedRules(const std::vector<LessonStep>& steps) {
    for (const LessonStep& step : steps) {
      const LessonRules &first = steps.front().rules, &each = step.rules;
      shown = shown && each.shown == first.shown;
      commands = commands && each.commands == first.commands;
      locked = locked && each.locked == first.locked && each.unlocked == first.unlocked;
      hidden = hidden && each.hidden == first.hidden;
    }
  }
};

// Those that are `shared`, or, with false, those that are not.
void write_rules(LessonText& out, const LessonRules& rules, const SharedRules& which, bool shared) {
  if (which.shown == shared && rules.shown) out.names("shown", *rules.shown);
  if (which.locked == shared) {
    out.some_names("locked", rules.locked);
    out.some_names("unlocked", rules.unlocked);
  }
  if (which.hidden == shared) out.some_names("hidden", rules.hidden);
  if (which.commands == shared && rules.commands) out.names("commands", *rules.commands);
}

void write_step(LessonText& out, const LessonStep& step, const SharedRules& shared) {
  out.item();
  out.begin('{');
  out.text("title", step.title);
  out.text("text", step.text);
  out.start(step.start);
  out.some_names("do", step.commands);
  if (!step.show.empty()) out.raw("show", json_string(step.show));
  write_rules(out, step.rules, shared, false);
  out.some_text("task", step.task);
  if (step.goal.kind != GoalKind::kNone) {
    out.raw("goal", "");
    out.goal(step.goal);
  }
  if (!step.hints.empty()) {
    out.open("hints", '[');
    for (const LocalText& hint : step.hints) {
      out.item();
      out.local(hint);
    }
    out.end(']');
  }
  out.some_text("done", step.done);
  out.end('}');
}

}  // namespace

std::string lesson_json(const Lesson& lesson) {
  LessonText out;
  out.begin('{');
  out.raw("lesson", "1");
  out.raw("name", json_string(lesson.name));
  out.text("title", lesson.title);
  out.some_text("about", lesson.about);
  if (lesson.minutes > 0) out.raw("minutes", std::to_string(lesson.minutes));
  if (!lesson.check.empty()) out.raw("check", json_string(lesson.check));
  out.start(lesson.start);
  const SharedRules shared(lesson.steps);
  if (!lesson.steps.empty()) write_rules(out, lesson.steps.front().rules, shared, true);
  out.open("steps", '[');
  for (const LessonStep& step : lesson.steps) write_step(out, step, shared);
  out.end(']');
  out.end('}');
  return out.take();
}

}  // namespace hourglass::session
