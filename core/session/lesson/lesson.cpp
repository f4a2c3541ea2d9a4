#include "core/session/lesson/lesson.h"

#include <algorithm>
#include <ranges>

#include "core/base/base64.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/session/lesson/facts.h"
#include "core/session/lesson/place.h"
#include "core/session/settings/presets.h"
#include "core/session/settings/settings.h"

namespace hourglass::session {
namespace {

// Held against the front end's own table by a test.
constexpr std::string_view kPanels[] = {
    "hourglass", "reconstructions", "noise",    "latent", "curves",   "weights",
    "code",      "training",        "runs",     "pca",    "tsne",     "search",
    "generate",  "anomaly",         "compress", "sweep",  "pretrain", "compare",
    "probe",     "documents",       "own_data", "save"};
constexpr std::string_view kPanelAliases[] = {"network", "map", "loss", "settings"};
constexpr std::string_view kPanelsOfAliases[] = {"hourglass", "latent", "curves", "training"};

constexpr std::size_t kMaxNameLength = 64;
constexpr std::size_t kMaxSettings = 200;

// A text that somebody else wrote, made safe to draw: line breaks alone act.
std::string safe_text(const std::string& text) {
  std::string safe;
  for (const auto part : std::views::split(text, '\n')) {
    if (!safe.empty() || part.begin() != text.begin()) safe += '\n';
    safe += printable(std::string_view(part.begin(), part.end()));
  }
  return safe;
}

LocalText read_text(const Place& place) {
  place.expect_object({"en", "zh"});
  LocalText text;
  for (const auto& [key, into] : {std::pair{"en", &text.en}, {"zh", &text.zh}}) {
    if (!place.has(key)) continue;
    const Place there = place.at(key);
    *into = there.text();
    if (into->size() > kMaxLessonText) {
      there.refuse("has " + std::to_string(into->size()) + " bytes; there may be " +
                   std::to_string(kMaxLessonText));
    }
    *into = safe_text(*into);
  }
  if (text.empty()) place.refuse("must have a text as \"en\", as \"zh\" or as both");
  return text;
}

LocalText text_or_none(const Place& place, std::string_view key) {
  return place.has(key) ? read_text(place.at(key)) : LocalText();
}

std::string read_panel(const Place& place) {
  std::vector<std::string_view> known(std::begin(kPanels), std::end(kPanels));
  known.insert(known.end(), std::begin(kPanelAliases), std::end(kPanelAliases));
  const std::string name = place.name_of(known, "panel");
  for (std::size_t i = 0; i < std::size(kPanelAliases); ++i) {
    if (kPanelAliases[i] == name) return std::string(kPanelsOfAliases[i]);
  }
  return name;
}

// A key of a setting, "PREFIX.*" with at least one key, or "*".
std::string read_pattern(const Place& place, bool controls) {
  const std::string pattern = place.text();
  if (pattern == "*") return pattern;
  std::vector<std::string_view> known;
  for (const Setting& setting : settings_table()) known.push_back(setting.key);
  if (controls) known.insert(known.end(), std::begin(kLessonControls), std::end(kLessonControls));
  if (pattern.ends_with(".*")) {
    const std::string_view stem = std::string_view(pattern).substr(0, pattern.size() - 1);
    if (std::ranges::none_of(known, [&](auto key) { return key.starts_with(stem); })) {
      place.refuse("names no setting: no key begins like '" + printable(stem.substr(0, 60)) + "'");
    }
    return pattern;
  }
  return place.name_of(known, controls ? "setting or control" : "setting");
}

template <typename Read>
auto read_list(const Place& place, Read read) {
  std::vector<decltype(read(place))> all;
  for (const Place& each : place.items(kMaxLessonList)) all.push_back(read(each));
  return all;
}

// `otherwise`, with what `place` says in its stead.
LessonRules read_rules(const Place& place, LessonRules otherwise) {
  LessonRules rules = std::move(otherwise);
  if (place.has("shown")) {
    rules.shown = read_list(place.at("shown"), read_panel);
    if (rules.shown->empty()) place.at("shown").refuse("is empty; it needs at least one panel");
  }
  if (place.has("commands")) {
    rules.commands = read_list(place.at("commands"), [](const Place& each) {
      return each.name_of(kLessonCommands, "command");
    });
  }
  const auto setting = [](const Place& each) { return read_pattern(each, false); };
  const auto control = [](const Place& each) { return read_pattern(each, true); };
  if (place.has("locked")) {
    rules.locked = read_list(place.at("locked"), setting);
    rules.unlocked.clear();  // these were exceptions to others
  }
  if (place.has("unlocked")) rules.unlocked = read_list(place.at("unlocked"), setting);
  if (place.has("hidden")) rules.hidden = read_list(place.at("hidden"), control);
  return rules;
}

// A value of a setting or fact; whole numbers stay whole. Lists and objects become their text,
// which fits no setting but those of text.
Value value_of(const Json& json) {
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  return json_text(json);
}

// A key's dots may be levels, as in a preset's file: {"train": {"momentum": 0.9}}.
void add_settings(const Json& json, const std::string& path,
                  std::vector<std::pair<std::string, Value>>& settings) {
  for (const auto& [name, value] : json.items()) {
    const std::string key = path.empty() ? name : path + "." + name;
    const bool is_key = std::ranges::any_of(
        settings_table(), [&](const Setting& setting) { return setting.is_called(key); });
    if (value.is_object() && !is_key) {
      add_settings(value, key, settings);
      continue;
    }
    const Setting& setting = find_setting(key);
    if (settings.size() == kMaxSettings) throw Error("There are too many settings.");
    // The layers of a model may stand there as JSON.
    Value given = setting.type == SettingType::kText && !value.is_string() ? Value(json_text(value))
                                                                           : value_of(value);
    settings.emplace_back(setting.key, checked_value(setting, given));
  }
}

void read_settings(const Place& place, LessonStart& start) {
  if (!place.json().is_object()) place.refuse("must be an object of settings");
  try {
    add_settings(place.json(), "", start.settings);
  } catch (const Error& error) {
    throw Error("In the lesson, " + place.path() + ": " + error.what());
  }
  for (const auto& [key, value] : start.settings) {
    const Setting& setting = find_setting(key);
    if (setting.scope != Scope::kMachine) continue;
    place.refuse("sets '" + key + "', which belongs to the machine and not to a lesson");
  }
}

LessonStart read_start(const Place& parent) {
  LessonStart start;
  if (!parent.has("start")) return start;
  const Place place = parent.at("start");
  place.expect_object({"preset", "settings", "checkpoint"});
  if (place.has("preset")) {
    std::vector<std::string_view> names;
    for (const Preset& preset : presets()) names.push_back(preset.name);
    start.preset = place.at("preset").name_of(names, "preset");
  }
  if (place.has("settings")) read_settings(place.at("settings"), start);
  if (place.has("checkpoint")) {
    const Place there = place.at("checkpoint");
    const std::optional<std::vector<std::uint8_t>> bytes = decode_base64(there.text());
    if (!bytes || bytes->empty()) there.refuse("is no base64 of a checkpoint");
    start.checkpoint = std::move(*bytes);
  }
  return start;
}

void read_choices(const Place& place, Goal& goal) {
  place.expect_object({"kind", "question", "choices", "predict"});
  goal.predict = place.has("predict") && place.at("predict").flag();
  goal.question = read_text(place.at("question"));
  const Place choices = place.at("choices");
  for (const Place& each : choices.items(kMaxLessonList, true)) {
    each.expect_object({"text", "right", "reply"});
    goal.choices.push_back({read_text(each.at("text")), text_or_none(each, "reply"),
                            each.has("right") && each.at("right").flag()});
  }
  if (!goal.predict && std::ranges::none_of(goal.choices, &GoalChoice::right)) {
    choices.refuse("has no choice with \"right\": true, so that the step could never be done");
  }
}

void read_bounds(const Place& place, Goal& goal) {
  place.expect_object({"kind", "of", "below", "above", "is"});
  const Place of = place.at("of");
  goal.fact = of.text();
  const LessonFact* const fact = find_lesson_fact(goal.fact);
  if (!fact) {
    of.refuse("names no fact: " + shown_json(of.json()) + "; the nearest is '" +
              std::string(nearest_lesson_fact(goal.fact.substr(0, 60))) + "'");
  }
  if (goal.fact.starts_with("setting.")) {
    std::vector<std::string_view> keys;
    for (const Setting& setting : settings_table()) keys.push_back(setting.key);
    const Json key = goal.fact.substr(8);
    Place(key, of.path()).name_of(keys, "setting");
  }
  if (place.has("below")) goal.below = place.at("below").number();
  if (place.has("above")) goal.above = place.at("above").number();
  if (place.has("is")) goal.is = value_of(place.at("is").json());
  if (!goal.below && !goal.above && !goal.is) {
    place.refuse("says of '" + printable(goal.fact) +
                 "' neither \"below\", \"above\" nor \"is\", one of which it needs");
  }
  if (fact->is_text && (goal.below || goal.above)) {
    place.refuse("asks for a number of '" + goal.fact + "', which is a word: use \"is\"");
  }
  if (goal.below && goal.above && !(*goal.above < *goal.below)) {
    place.refuse("can never be met: nothing is above " + json_text(Json(*goal.above)) +
                 " and below " + json_text(Json(*goal.below)));
  }
}

Goal read_goal(const Place& place, std::size_t depth) {
  static constexpr std::string_view kKinds[] = {"choice", "number", "value", "all", "any"};
  if (!place.json().is_object()) place.refuse("must be an object with a \"kind\"");
  const std::string kind = place.at("kind").name_of(kKinds, "kind of goal");
  Goal goal;
  if (kind == "choice") {
    goal.kind = GoalKind::kChoice;
    read_choices(place, goal);
  } else if (kind == "number") {
    goal.kind = GoalKind::kNumber;
    place.expect_object({"kind", "question", "low", "high"});
    goal.question = read_text(place.at("question"));
    goal.low = place.at("low").number();
    goal.high = place.at("high").number();
    if (goal.low > goal.high) place.at("high").refuse("is below \"low\"");
  } else if (kind == "value") {
    goal.kind = GoalKind::kValue;
    read_bounds(place, goal);
  } else {
    goal.kind = kind == "all" ? GoalKind::kAll : GoalKind::kAny;
    place.expect_object({"kind", "of"});
    if (depth >= kMaxGoalDepth) {
      place.refuse("lies too deep; goals may stand " + std::to_string(kMaxGoalDepth) +
                   " within one another");
    }
    for (const Place& each : place.at("of").items(kMaxLessonList, true)) {
      goal.goals.push_back(read_goal(each, depth + 1));
    }
  }
  return goal;
}

LessonStep read_step(const Place& place, const LessonRules& rules) {
  place.expect_object({"title", "text", "start", "do", "show", "locked", "unlocked", "hidden",
                       "shown", "commands", "task", "goal", "hints", "done"});
  static constexpr std::string_view kDone[] = {"run",   "pause", "step",
                                               "epoch", "reset", "new_seed"};
  LessonStep step;
  step.title = read_text(place.at("title"));
  step.text = read_text(place.at("text"));
  step.task = text_or_none(place, "task");
  step.done = text_or_none(place, "done");
  if (place.has("hints")) step.hints = read_list(place.at("hints"), read_text);
  step.start = read_start(place);
  if (place.has("do")) {
    step.commands =
        read_list(place.at("do"), [](const Place& each) { return each.name_of(kDone, "command"); });
  }
  step.rules = read_rules(place, rules);
  if (place.has("show")) {
    step.show = read_panel(place.at("show"));
    if (!step.rules.shows_panel(step.show)) {
      place.at("show").refuse("is '" + step.show + "', which is not among the panels \"shown\"");
    }
  }
  if (place.has("goal")) step.goal = read_goal(place.at("goal"), 1);
  return step;
}

bool is_lesson_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameLength && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool matches(const std::vector<std::string>& patterns, std::string_view key) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    return pattern.ends_with(".*")
               ? key.starts_with(std::string_view(pattern).substr(0, pattern.size() - 1))
               : pattern == key;
  });
}

// What "*" stands for.
bool is_of_the_run(std::string_view key) {
  if (key.starts_with("view.noise.")) return true;
  for (const Setting& setting : settings_table()) {
    if (setting.is_called(key)) return setting.scope == Scope::kRun;
  }
  return false;
}

bool matches_any(const std::vector<std::string>& patterns, std::string_view key) {
  return matches(patterns, key) ||
         (std::ranges::find(patterns, "*") != patterns.end() && is_of_the_run(key));
}

}  // namespace

const std::string& LocalText::in(bool chinese) const {
  const std::string& wanted = chinese ? zh : en;
  return wanted.empty() ? (chinese ? en : zh) : wanted;
}

bool LessonRules::shows_panel(std::string_view id) const {
  return !shown || std::ranges::find(*shown, id) != shown->end();
}
bool LessonRules::allows(std::string_view command) const {
  return !commands || std::ranges::find(*commands, command) != commands->end();
}
bool LessonRules::locks(std::string_view key) const {
  // What the panel on show asks for is no choice of anybody's.
  if (key == "view.tiles") return false;
  return (matches_any(locked, key) && !matches_any(unlocked, key)) || hides(key);
}
bool LessonRules::hides(std::string_view name) const { return matches_any(hidden, name); }

Lesson parse_lesson(std::string_view text) {
  if (text.size() > kMaxLessonBytes) {
    throw Error("This lesson has " + std::to_string(text.size() >> 20) +
                " MB; a lesson may have 4 MB.");
  }
  const Json json = parse_json(text);
  if (json.is_discarded()) {
    throw Error("This is no lesson: a lesson is a file of JSON, as docs/lessons.md says.");
  }
  const Place whole(json, "");
  if (!json.is_object() || !json.contains("lesson")) {
    throw Error("This is no lesson: it needs \"lesson\": 1, as docs/lessons.md says.");
  }
  whole.expect_object({"lesson", "name", "place", "title", "about", "minutes", "check", "start",
                       "shown", "locked", "unlocked", "hidden", "commands", "steps"});
  const Place version = whole.at("lesson");
  if (version.whole(1, 1'000'000) > kLessonVersion) {
    version.refuse("is " + shown_json(version.json()) +
                   ", a newer format than this program knows, which reads 1");
  }
  Lesson lesson;
  const Place name = whole.at("name");
  lesson.name = name.text();
  if (!is_lesson_name(lesson.name)) {
    name.refuse("must be of a-z, 0-9 and -, 1 to 64 of them, not " + shown_json(name.json()));
  }
  if (whole.has("place")) whole.at("place").whole(0, 99'999);
  lesson.title = read_text(whole.at("title"));
  lesson.about = text_or_none(whole, "about");
  if (whole.has("minutes")) lesson.minutes = static_cast<int>(whole.at("minutes").whole(1, 600));
  if (whole.has("check")) {
    lesson.check = whole.at("check").text();
    if (lesson.check.empty() || lesson.check.size() > kMaxCheckWord) {
      whole.at("check").refuse("must be a word of 1 to 100 bytes, with which codes are made");
    }
  }
  lesson.start = read_start(whole);
  const LessonRules rules = read_rules(whole, {});
  for (const Place& step : whole.at("steps").items(kMaxLessonSteps, true)) {
    lesson.steps.push_back(read_step(step, rules));
  }
  return lesson;
}

LessonReading read_lesson(std::string_view json) {
  try {
    return {parse_lesson(json), {}};
  } catch (const Error& error) {
    return {{}, error.what()};
  }
}

std::span<const std::string_view> lesson_panels() { return kPanels; }

}  // namespace hourglass::session
