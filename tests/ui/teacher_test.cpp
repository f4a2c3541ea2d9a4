// Teacher mode: a lesson is made by clicks and typing, tried and saved, and what it locks is
// locked.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/session/lesson/marks.h"
#include "tests/support/small_lesson.h"
#include "tests/ui/harness.h"
#include "ui/kit/text_area.h"
#include "ui/lesson/lesson_state.h"
#include "ui/teacher/teacher_marks.h"
#include "ui/teacher/teacher_state.h"

namespace hourglass::ui {
namespace {

using session::LessonMark;

struct Wanted {
  std::vector<std::string> names;

  AppOptions options() {
    AppOptions options;
    options.want_lesson = [this](const std::string& name) { names.push_back(name); };
    return options;
  }
  // The newest draft.
  std::string draft() const {
    return !names.empty() && names.back().starts_with("+{") ? names.back().substr(1)
                                                            : std::string();
  }
};

void open_teacher(Harness& harness, std::string_view draft = {}) {
  feed(harness);
  harness.settle();
  harness.app.teach(draft);
  harness.settle();
}

const TeacherState& teacher(const Harness& harness) { return harness.app.state<TeacherState>(); }

// Brings a widget of the card into view by the wheel.
bool scroll_to(Harness& harness, const std::string& id) {
  const Rect card = harness.widget("teach:content");
  if (card.empty()) return false;
  harness.move(card.x + card.w / 2, card.y + card.h / 2);
  for (int i = 0; i < 20; ++i) harness.wheel(10);
  for (int i = 0; i < 120; ++i) {
    const Rect rect = harness.widget(id);
    if (!rect.empty() && rect.bottom() < card.bottom() - 4) return true;
    harness.wheel(-1);
  }
  return !harness.widget(id).empty();
}

void press_in_card(Harness& harness, const std::string& id) {
  CAPTURE(id);
  REQUIRE(scroll_to(harness, id));
  REQUIRE(harness.click(id));
}

void write_in(Harness& harness, const std::string& id, const char* words) {
  press_in_card(harness, id);
  harness.type(words);
}

// The file that was last given to be saved.
session::LessonReading saved(const Harness& harness) {
  const auto* job = harness.last<session::StartJob>();
  REQUIRE(job != nullptr);
  REQUIRE(job->kind == "save");
  const Json json = parse_json(job->arguments);
  REQUIRE(json["what"] == "lesson");
  session::LessonReading reading = session::read_lesson(json["text"].get<std::string>());
  CHECK(json["name"] == reading.lesson.name);
  return reading;
}

}  // namespace

TEST_CASE("teacher: a lesson with two steps is made by clicks and typing, in every layout") {
  for (const auto& [width, height] :
       {std::pair{1440.0f, 900.0f}, {900.0f, 800.0f}, {390.0f, 844.0f}}) {
    CAPTURE(width);
    Wanted wanted;
    Harness harness(width, height, wanted.options());
    open_teacher(harness);
    REQUIRE(!harness.widget("panel:teacher").empty());
    // The title has the keyboard.
    harness.type("How fast?");
    write_in(harness, "teach:text", "Change the **rate**.");
    write_in(harness, "teach:task", "Train 200 mini-batches");
    press_in_card(harness, "teach:add:step");
    press_in_card(harness, "teach:hint:more");
    harness.type("Press Run.");
    press_in_card(harness, "teach:step:add");
    CHECK(teacher(harness).at == 1);
    write_in(harness, "teach:text", "What have you seen?");
    press_in_card(harness, "teach:add:question");
    harness.type("Which is faster?");
    write_in(harness, "teach:goal:0:0", "A small rate");
    write_in(harness, "teach:goal:0:1", "A large one");
    press_in_card(harness, "teach:goal:0:1:right");
    CHECK(teacher(harness).error == "");
    REQUIRE(harness.click("teach:save"));

    const session::LessonReading file = saved(harness);
    CHECK(file.error == "");
    const session::Lesson& lesson = file.lesson;
    CHECK(lesson.name == "how-fast");
    CHECK(lesson.title.en == "How fast?");
    CHECK(!lesson.start.preset.empty());
    REQUIRE(lesson.steps.size() == 2);
    CHECK(lesson.steps[0].title.en == "Step 1");
    CHECK(lesson.steps[0].text.en == "Change the **rate**.");
    CHECK(lesson.steps[0].task.en == "Train 200 mini-batches");
    CHECK(lesson.steps[0].goal.fact == "step");
    CHECK(lesson.steps[0].goal.above == 199);  // 200 have been made
    REQUIRE(lesson.steps[0].hints.size() == 1);
    CHECK(lesson.steps[0].hints[0].en == "Press Run.");
    CHECK(lesson.steps[1].start.empty());  // goes on with what is there
    CHECK(lesson.steps[1].goal.question.en == "Which is faster?");
    REQUIRE(lesson.steps[1].goal.choices.size() == 2);
    CHECK(!lesson.steps[1].goal.choices[0].right);
    CHECK(lesson.steps[1].goal.choices[1].right);
  }
}

TEST_CASE("teacher: what is missing is said, and where") {
  Harness harness(1440, 900);
  open_teacher(harness);
  CHECK(teacher(harness).error_place == "title");
  const int jobs = harness.sent<session::StartJob>();
  harness.click("teach:save");
  harness.click("teach:preview");
  CHECK(harness.sent<session::StartJob>() == jobs);
  CHECK(!teacher(harness).previews);
  write_in(harness, "teach:title", "A lesson");
  CHECK(teacher(harness).error_place == "steps[0].text");
  write_in(harness, "teach:text", "Words.");
  CHECK(teacher(harness).error == "");
  // A panel that is not shown cannot be spoken of: the parser's own sentence is at the field.
  press_in_card(harness, "teach:show");
  REQUIRE(harness.click("teach:show:weights"));
  CHECK(teacher(harness).error == "");
  REQUIRE(harness.click("teach:mark"));
  REQUIRE(harness.click("tab:weights"));  // comes to the front
  REQUIRE(harness.click("tab:weights"));
  CHECK(teacher(harness).error_place == "steps[0].show");
  CHECK(teacher(harness).error.find("is 'weights', which is not among") != std::string::npos);
  REQUIRE(scroll_to(harness, "teach:problem"));
}

TEST_CASE("teacher: clicks on controls mark them and change nothing else") {
  Harness harness(1440, 900);
  open_teacher(harness);
  REQUIRE(harness.click("tab:training"));
  REQUIRE(harness.click("teach:mark"));
  const std::size_t sent = harness.commands.size();
  const auto mark = [&](std::string_view control) {
    return session::mark_of(teacher(harness).lesson.steps[0].rules, control);
  };
  const std::string rate = "setting:train.learning_rate";
  REQUIRE(harness.click(rate));
  CHECK(mark("train.learning_rate") == LessonMark::kLocked);
  REQUIRE(harness.click(rate));
  CHECK(mark("train.learning_rate") == LessonMark::kHidden);
  REQUIRE(harness.click(rate + ":field"));
  CHECK(mark("train.learning_rate") == LessonMark::kFree);
  REQUIRE(harness.click("run"));
  CHECK(mark("command:run") == LessonMark::kLocked);
  REQUIRE(harness.click("preset"));
  REQUIRE(harness.click("preset"));
  CHECK(mark("command:preset") == LessonMark::kHidden);
  REQUIRE(harness.click("speed"));
  CHECK(mark("toolbar.speed") == LessonMark::kHidden);
  REQUIRE(harness.click("setting:data.set"));
  CHECK(mark("data.set") == LessonMark::kLocked);
  // A tab comes to the front before it is hidden.
  REQUIRE(harness.click("tab:code"));
  CHECK(mark("panel:code") == LessonMark::kFree);
  REQUIRE(harness.click("tab:code"));
  CHECK(mark("panel:code") == LessonMark::kHidden);
  // A gesture has no key.
  REQUIRE(harness.click("image:0"));
  CHECK(teacher(harness).note == "teach.mark.none");
  CHECK(harness.commands.size() == sent);
  // What was marked can be used again by whoever makes the lesson.
  REQUIRE(harness.click("teach:mark"));
  REQUIRE(harness.click("run"));
  CHECK(harness.sent<session::Run>() == 1);
}

TEST_CASE("teacher: everything is locked but what is clicked on then, and the preview holds it") {
  Harness harness(1440, 900);
  open_teacher(harness);
  harness.type("Locked");
  write_in(harness, "teach:text", "Words.");
  REQUIRE(harness.click("tab:training"));
  press_in_card(harness, "teach:lock_all");
  CHECK(teacher(harness).marks);
  REQUIRE(harness.click("setting:train.learning_rate"));
  REQUIRE(harness.click("teach:preview"));
  REQUIRE(teacher(harness).previews);
  REQUIRE(!harness.widget("panel:lesson").empty());
  CHECK(harness.app.refusal({0, session::SetSetting{"train.momentum", 0.3}}) != "");
  CHECK(harness.app.refusal({0, session::SetSetting{"train.learning_rate", 0.3}}) == "");
  CHECK(harness.app.refusal({0, session::LoadPreset{"deep"}}) != "");
  CHECK(harness.app.refusal({0, session::NewSeed{}}) != "");
  CHECK(harness.app.refusal({0, session::Run{}}) == "");
  REQUIRE(harness.click("teach:back"));
  CHECK(!teacher(harness).previews);
  CHECK(teacher(harness).lesson.title.en == "Locked");
  CHECK(harness.app.refusal({0, session::SetSetting{"train.momentum", 0.3}}) == "");
}

TEST_CASE("teacher: marks are of all steps, or of the step on show alone") {
  Harness harness(1440, 900);
  open_teacher(harness);
  REQUIRE(harness.click("tab:training"));
  press_in_card(harness, "teach:step:add");
  REQUIRE(harness.click("teach:mark"));
  REQUIRE(harness.click("setting:train.learning_rate"));
  const auto locked = [&](std::size_t step) {
    return teacher(harness).lesson.steps[step].rules.locks("train.learning_rate");
  };
  CHECK(locked(0));
  CHECK(locked(1));
  press_in_card(harness, "teach:alone");
  REQUIRE(harness.click("setting:train.learning_rate"));
  REQUIRE(harness.click("setting:train.learning_rate"));
  CHECK(locked(0));
  CHECK(!locked(1));
}

TEST_CASE("teacher: the draft comes back, also while words are missing") {
  Wanted wanted;
  {
    Harness harness(1440, 900, wanted.options());
    open_teacher(harness);
    harness.type("Half a lesson");
    press_in_card(harness, "teach:add:question");
    CHECK(teacher(harness).error != "");
  }
  REQUIRE(wanted.draft() != "");
  Harness harness(1440, 900);
  open_teacher(harness, wanted.draft());
  CHECK(teacher(harness).lesson.title.en == "Half a lesson");
  REQUIRE(teacher(harness).lesson.steps.size() == 1);
  CHECK(teacher(harness).lesson.steps[0].text.empty());
  REQUIRE(teacher(harness).lesson.steps[0].goal.goals.size() == 1);
  CHECK(teacher(harness).lesson.steps[0].goal.goals[0].choices.size() == 2);
  CHECK(!teacher(harness).named);
}

TEST_CASE("teacher: a lesson's file is opened to be edited, and a change is taken back") {
  Harness harness(1440, 900);
  open_teacher(harness);
  CHECK(harness.app.open_lesson("{}") != "");
  CHECK(harness.app.open_lesson(small_lesson()) == "");
  harness.settle();
  CHECK(!harness.app.state<LessonState>().progress);
  CHECK(teacher(harness).lesson.name == "small");
  CHECK(teacher(harness).lesson.steps.size() == 4);
  CHECK(teacher(harness).error == "");
  // Unchanged, it is what it was.
  REQUIRE(harness.click("teach:save"));
  CHECK(session::lesson_json(saved(harness).lesson) ==
        session::lesson_json(session::parse_lesson(small_lesson())));
  CHECK(saved(harness).lesson == session::parse_lesson(small_lesson()));
  press_in_card(harness, "teach:step:remove");
  CHECK(teacher(harness).lesson.steps.size() == 3);
  REQUIRE(harness.click("teach:undo"));
  CHECK(teacher(harness).lesson.steps.size() == 4);
  press_in_card(harness, "teach:step:4");
  CHECK(teacher(harness).at == 3);
  CHECK(teacher(harness).lesson.steps[3].goal.goals.size() == 3);
}

TEST_CASE("teacher: a step sets what has changed, and the run goes on where that is little") {
  session::Settings settings;
  for (const session::Preset& preset : session::presets()) {
    if (preset.name == "quick") session::apply_preset(preset, settings);
  }
  TeacherState state;
  begin_teaching(state, settings, {});
  CHECK(state.lesson.start.preset == "quick");
  CHECK(state.lesson.start.settings.empty());
  settings.set("train.learning_rate", 0.25);
  add_step(state, settings);
  const session::LessonStart& start = state.lesson.steps[1].start;
  CHECK(start.preset == "");
  REQUIRE(start.settings.size() == 1);
  CHECK(start.settings[0].first == "train.learning_rate");
  add_step(state, settings);
  CHECK(state.lesson.steps[2].start.empty());
  for (const session::Preset& preset : session::presets()) {
    if (preset.name == "deep") session::apply_preset(preset, settings);
  }
  add_step(state, settings);
  CHECK(state.lesson.steps[3].start.preset == "deep");
}

TEST_CASE("teacher: the trained network comes along if it fits") {
  Harness harness(1440, 900);
  open_teacher(harness);
  press_in_card(harness, "teach:trained");
  REQUIRE(harness.last<session::SaveCheckpoint>() != nullptr);
  std::uint64_t id = harness.commands.back().id;
  harness.app.receive(session::Reply{id, {}, session::Bytes(4'000'000)});
  harness.settle();
  CHECK(teacher(harness).note == "teach.checkpoint.large");
  CHECK(teacher(harness).lesson.start.checkpoint.empty());
  press_in_card(harness, "teach:trained");
  id = harness.commands.back().id;
  harness.app.receive(session::Reply{id, {}, session::Bytes(1000, 7)});
  harness.settle();
  CHECK(teacher(harness).lesson.start.checkpoint.size() == 1000);
  press_in_card(harness, "teach:trained");
  CHECK(teacher(harness).lesson.start.checkpoint.empty());
}

TEST_CASE("teacher: words are those of the window's language") {
  AppOptions options;
  options.language = Language::kChinese;
  Harness harness(1440, 900, std::move(options));
  open_teacher(harness);
  harness.type("学习率");
  write_in(harness, "teach:text", "改变学习率。");
  REQUIRE(harness.click("teach:save"));
  const session::Lesson lesson = saved(harness).lesson;
  CHECK(lesson.title.zh == "学习率");
  CHECK(lesson.title.en == "");
  CHECK(lesson.name.starts_with("lesson-"));
  CHECK(lesson.steps[0].text.zh == "改变学习率。");
}

TEST_CASE("teacher: the list of lessons leads to it, and it ends with its cross") {
  Wanted wanted;
  Harness harness(1280, 800, wanted.options());
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("lessons"));
  REQUIRE(harness.click("lessons:make"));
  REQUIRE(!wanted.names.empty());
  CHECK(wanted.names.back() == "+");
  harness.app.teach("");
  harness.settle();
  REQUIRE(harness.click("teach:close"));
  CHECK(harness.widget("panel:teacher").empty());
  CHECK(harness.app.open_lesson(small_lesson()) == "");
  CHECK(harness.app.state<LessonState>().progress.has_value());
}

TEST_CASE("teacher: which controls have a mark") {
  CHECK(marked_control("setting:train.seed:field") == "train.seed");
  CHECK(marked_control("tab:weights") == "panel:weights");
  CHECK(marked_control("panel:hourglass") == "panel:hourglass");
  CHECK(marked_control("panel:toolbar") == "");
  CHECK(marked_control("step") == "command:step");
  CHECK(marked_control("new_seed") == "command:new_seed");
  CHECK(marked_control("workspace.training") == "toolbar.workspace");
  CHECK(marked_control("timeline:play") == "timeline");
  CHECK(marked_control("map") == "");
}

TEST_CASE("text area: paragraphs are broken as they are read, and typed text is what was typed") {
  Harness harness(1440, 900);
  open_teacher(harness);
  press_in_card(harness, "teach:text");
  const std::string words =
      "A long paragraph that does not fit into one line of the card, nor into two of them, but "
      "takes three or four, whatever the typeface.";
  harness.type(words.c_str());
  const auto text = [&] { return teacher(harness).lesson.steps[0].text.en; };
  CHECK(text() == words);
  // Up from the end over the broken lines, to the start of the one above, and on from there.
  harness.key(ImGuiKey_UpArrow);
  harness.key(ImGuiKey_Home);
  harness.key(ImGuiKey_LeftArrow);
  harness.key(ImGuiKey_RightArrow);
  harness.type("|");
  std::string marked = text();
  const std::size_t bar = marked.find('|');
  REQUIRE(bar != std::string::npos);
  CHECK(bar > 10);
  CHECK(bar < words.size());
  marked.erase(bar, 1);
  CHECK(marked == words);
  // A line that is ended by hand stays so; the key Delete at the end of a broken one ends none.
  harness.key(ImGuiKey_End);
  harness.key(ImGuiKey_Delete);
  CHECK(text().find('\n') == std::string::npos);
  harness.key(ImGuiKey_Enter);
  harness.key(ImGuiKey_Enter);
  CHECK(text().find("\n\n") != std::string::npos);
  CHECK(text().find('\r') == std::string::npos);
}

}  // namespace hourglass::ui
