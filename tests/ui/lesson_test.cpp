// A lesson beside the playground: gone through by clicks, with what it locks and what it shows.
#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/session/lesson/lesson_code.h"
#include "tests/support/small_lesson.h"
#include "tests/ui/harness.h"
#include "ui/frame/panels.h"
#include "ui/lesson/lesson_state.h"
#include "ui/save/save_state.h"

namespace hourglass::ui {
namespace {

struct Told {
  std::string result, saved;
  int times = 0;
  std::vector<std::string> wanted;
};

AppOptions options_with(Told& told) {
  AppOptions options;
  options.on_lesson = [&told](const std::string& result, const std::string& saved) {
    told.result = result;
    told.saved = saved;
    ++told.times;
  };
  options.want_lesson = [&told](const std::string& name) { told.wanted.push_back(name); };
  return options;
}

// The engine says that it has done what the lesson has asked for.
void answer(Harness& harness) {
  for (const session::Command& command : harness.commands) {
    if (command.id != 0) harness.app.receive(session::Reply{command.id, {}, {}});
  }
  harness.settle();
}

void tell_step(Harness& harness, std::int64_t step) {
  session::Status status;
  status.step = step;
  harness.app.receive(status);
  harness.settle();
}

const session::LessonProgress& progress(const Harness& harness) {
  return *harness.app.state<LessonState>().progress;
}

void begin(Harness& harness) {
  feed(harness);
  harness.settle();
  REQUIRE(harness.app.open_lesson(small_lesson()) == "");
  harness.settle();
  answer(harness);
}

}  // namespace

TEST_CASE("lesson: it is gone through from the first step to its results by clicks") {
  for (const auto& [width, height] :
       {std::pair{1440.0f, 900.0f}, {900.0f, 700.0f}, {390.0f, 844.0f}}) {
    CAPTURE(width);
    Told told;
    Harness harness(width, height, options_with(told));
    begin(harness);
    CHECK(harness.last<session::LoadPreset>()->name == "vanilla");
    CHECK(parse_json(told.result)["step"] == 1);
    REQUIRE(harness.click("lesson:next"));
    CHECK(progress(harness).at() == 1);
    // A prediction: nothing goes on without one.
    harness.click("lesson:next");
    CHECK(progress(harness).at() == 1);
    REQUIRE(harness.click("lesson:choice:0:1"));
    answer(harness);
    REQUIRE(harness.click("lesson:next"));
    CHECK(progress(harness).at() == 2);
    CHECK(harness.sent<session::Reset>() >= 1);
    // What the run was before the step's reset is done is no matter of the step.
    CHECK(!progress(harness).progress().done);
    tell_step(harness, 200);
    CHECK(!progress(harness).progress().done);
    tell_step(harness, 0);
    answer(harness);
    CHECK(!progress(harness).progress().done);
    REQUIRE(harness.click("lesson:hint"));
    CHECK(progress(harness).hints() == 1);
    tell_step(harness, 100);
    CHECK(progress(harness).progress().done);
    REQUIRE(harness.click("lesson:next"));
    // A number and a choice, the first answers wrong.
    CHECK(progress(harness).at() == 3);
    REQUIRE(harness.click("lesson:number:0"));
    harness.type("784");
    harness.key(ImGuiKey_Enter);
    CHECK(progress(harness).attempts() == 2);
    REQUIRE(harness.click("lesson:number:0"));
    harness.type("32");
    harness.key(ImGuiKey_Enter);
    CHECK(progress(harness).progress().answers[0].met);
    for (const char* id : {"lesson:choice:3:0", "lesson:choice:3:1"}) {
      // In a low sheet they are below what is on show.
      for (int turn = 0; turn < 30 && harness.widget(id).h < 8; ++turn) {
        const Rect content = harness.widget("lesson:content");
        harness.move(content.x + content.w / 2, content.y + content.h / 2);
        harness.wheel(-1);
      }
      REQUIRE(harness.click(id));
    }
    CHECK(progress(harness).progress().done);
    CHECK(progress(harness).attempts() == 5);
    REQUIRE(harness.click("lesson:next"));
    CHECK(progress(harness).finished());
    CHECK(!harness.widget("lesson:results").empty());
    const Json result = parse_json(told.result);
    CHECK(result["done"] == true);
    CHECK(result["attempts"] == 5);
    CHECK(result["hints"] == 1);
    CHECK(result["answers"].size() == 3);
  }
}

namespace {

// What came of the small lesson with one wrong answer.
std::string finished_lesson() {
  session::LessonProgress progress(
      std::make_shared<const session::Lesson>(session::parse_lesson(small_lesson())));
  const auto facts = [](std::string_view name) -> std::optional<session::Value> {
    if (name == "step") return session::Value(std::int64_t{100});
    return session::Value(std::int64_t{32});
  };
  while (!progress.finished()) {
    progress.enter();
    if (progress.at() == 1) progress.choose(0, 0);
    if (progress.at() == 3) {
      progress.enter_number(0, 784);
      progress.enter_number(0, 32);
      progress.choose(3, 1);
    }
    progress.observe(facts);
    REQUIRE(progress.next());
  }
  return progress.saved();
}

void see_in_lesson(Harness& harness, const char* id) {
  for (int turn = 0; turn < 40 && harness.widget(id).h < 8; ++turn) {
    const Rect content = harness.widget("lesson:content");
    harness.move(content.x + content.w / 2, content.y + content.h / 2);
    harness.wheel(-1);
  }
}

}  // namespace

TEST_CASE("lesson: the results have a code, which is for whoever it is and can be copied") {
  for (const auto& [width, height] :
       {std::pair{1440.0f, 900.0f}, {900.0f, 700.0f}, {390.0f, 844.0f}}) {
    CAPTURE(width);
    Told told;
    Harness harness(width, height, options_with(told));
    feed(harness);
    harness.settle();
    REQUIRE(harness.app.open_lesson(small_lesson(), finished_lesson()) == "");
    harness.settle();
    const session::LessonOutcome outcome{4, 4, 92, 4, 0};
    CHECK(parse_json(told.result)["code"] == session::lesson_code("small", "", "", outcome));
    see_in_lesson(harness, "lesson:student");
    REQUIRE(harness.click("lesson:student"));
    harness.type("Li Wei 7");
    harness.key(ImGuiKey_Enter);
    harness.settle();
    const std::string code = session::lesson_code("small", "", "Li Wei 7", outcome);
    CHECK(progress(harness).code() == code);
    CHECK(parse_json(told.result)["student"] == "Li Wei 7");
    CHECK(parse_json(told.result)["code"] == code);
    CHECK(!harness.widget("lesson:code").empty());

    harness.commands.clear();
    REQUIRE(harness.click("lesson:copy"));
    const auto* job = harness.last<session::StartJob>();
    REQUIRE(job != nullptr);
    CHECK(job->kind == "save");
    CHECK(job->job == kCopyNumber);
    CHECK(parse_json(job->arguments) == Json{{"what", "text"}, {"text", code}});
    const LessonState& state = harness.app.state<LessonState>();
    CHECK(state.copied == code);
    // The end of that job is no other file's.
    session::JobEnded ended;
    ended.job = kCopyNumber;
    ended.kind = "save";
    ended.reason = session::JobEnd::kFailed;
    ended.message = "The clipboard is shut.";
    harness.app.receive(ended);
    harness.settle();
    CHECK(state.copy_error == "The clipboard is shut.");
    CHECK(harness.app.state<SaveState>().error.empty());
    REQUIRE(harness.click("lesson:copy"));
    ended.reason = session::JobEnd::kDone;
    harness.app.receive(ended);
    CHECK(state.copy_error.empty());
    // Another name has another code, which nobody has copied yet.
    see_in_lesson(harness, "lesson:student");
    REQUIRE(harness.click("lesson:student"));
    harness.type("8");
    harness.key(ImGuiKey_Enter);
    CHECK(progress(harness).code() != state.copied);
  }
}

TEST_CASE("lesson: whoever opens it may say for whom it is") {
  Told told;
  Harness harness(1440, 900, options_with(told));
  feed(harness);
  harness.settle();
  REQUIRE(harness.app.open_lesson(small_lesson(), finished_lesson(), "\xE6\x9D\x8E") == "");
  harness.settle();
  CHECK(parse_json(told.result)["student"] == "\xE6\x9D\x8E");
  REQUIRE(harness.click("lesson:again"));
  CHECK(progress(harness).student() == "\xE6\x9D\x8E");
}

TEST_CASE("lesson: the card covers nothing, and the panel spoken of is marked") {
  for (const auto& [width, height] :
       {std::pair{1440.0f, 900.0f}, {900.0f, 700.0f}, {390.0f, 844.0f}}) {
    CAPTURE(width);
    Told told;
    Harness harness(width, height, options_with(told));
    begin(harness);
    const Rect card = harness.widget("panel:lesson");
    REQUIRE(!card.empty());
    for (const char* id : {"panel:toolbar", "panel:status", "panel:reconstructions"}) {
      CAPTURE(id);
      CHECK(!card.overlaps(harness.widget(id)));
    }
    CHECK(!harness.widget("lesson:ring").empty());
    const Rect ring = harness.widget("lesson:ring"),
               spoken = harness.widget("panel:reconstructions");
    CHECK(ring.overlaps(spoken));
    CHECK(harness.widget("panel:tsne").empty());
  }
}

TEST_CASE("lesson: a folded sheet leaves its first line, and Next") {
  Told told;
  Harness harness(390, 844, options_with(told));
  begin(harness);
  const float open = harness.widget("panel:lesson").h;
  REQUIRE(harness.click("lesson:fold"));
  CHECK(harness.widget("panel:lesson").h < open);
  CHECK(harness.widget("lesson:content").empty());
  REQUIRE(harness.click("lesson:next"));
  CHECK(progress(harness).at() == 1);
  CHECK(!harness.widget("lesson:content").empty());  // a new step is unfolded
}

TEST_CASE("lesson: what is locked is changed by no widget and no key, and the person is told why") {
  Told told;
  Harness harness(1440, 900, options_with(told));
  begin(harness);
  harness.commands.clear();
  // Commands that the lesson does without: the key of an epoch, and of another seed.
  harness.key(ImGuiKey_E);
  CHECK(harness.sent<session::FinishEpoch>() == 0);
  REQUIRE(harness.app.store().notices.size() == 1);
  CHECK(harness.app.store().notices[0].message ==
        "Training an epoch is not part of this step of the lesson.");
  harness.key(ImGuiKey_E);
  CHECK(harness.app.store().notices.size() == 1);  // told once
  harness.key(ImGuiKey_R);
  CHECK(harness.sent<session::Reset>() == 1);  // one that it allows
  harness.click("epoch");
  CHECK(harness.sent<session::FinishEpoch>() == 0);
  // The model: the waist's buttons are there and do nothing.
  harness.click("waist:more");
  CHECK(harness.sent<session::SetSettings>() == 0);
  CHECK(harness.widget("preset").empty());  // hidden
  // Whoever is not the front end has to ask, and gets the same answer.
  CHECK(harness.app.refusal({0, session::SetSetting{"train.batch_size", std::int64_t{7}}}) ==
        "“Batch size” stays as the lesson has set it.");
  CHECK(harness.app.refusal({0, session::SetSetting{"noise.level", 0.5}}) == "");
  harness.app.close_lesson();
  harness.settle();
  CHECK(harness.app.refusal({0, session::SetSetting{"train.batch_size", std::int64_t{7}}}) == "");
  harness.key(ImGuiKey_E);
  CHECK(harness.sent<session::FinishEpoch>() == 1);
  CHECK(told.result == "");
}

TEST_CASE("lesson: a change of language in the middle changes the words alone") {
  Told told;
  Harness harness(1440, 900, options_with(told));
  begin(harness);
  harness.click("lesson:next");
  harness.click("lesson:choice:0:0");
  const std::string before = progress(harness).saved();
  harness.app.set_language(Language::kChinese);
  harness.settle();
  CHECK(progress(harness).saved() == before);
  REQUIRE(harness.click("lesson:next"));
  CHECK(progress(harness).at() == 2);
}

TEST_CASE("lesson: a new playground goes on at the step where somebody was, with its settings") {
  Told told;
  {
    Harness harness(1440, 900, options_with(told));
    begin(harness);
    harness.click("lesson:next");
    harness.click("lesson:choice:0:0");
    harness.click("lesson:next");
    CHECK(progress(harness).at() == 2);
  }
  Told other;
  Harness harness(1440, 900, options_with(other));
  feed(harness);
  harness.settle();
  harness.commands.clear();
  CHECK(harness.app.open_lesson(small_lesson(), told.saved) == "");
  harness.settle();
  CHECK(progress(harness).at() == 2);
  CHECK(harness.sent<session::LoadPreset>() == 1);
  REQUIRE(harness.last<session::SetSettings>() != nullptr);
  CHECK(harness.last<session::SetSettings>()->values[0].second == session::Value(0.25));
  // What was saved of another lesson is no matter of this one.
  std::string renamed = small_lesson();
  renamed.replace(renamed.find("\"small\""), 7, "\"other\"");
  CHECK(harness.app.open_lesson(renamed, told.saved) == "");
  CHECK(progress(harness).at() == 0);
}

TEST_CASE("lesson: one that cannot be read changes nothing and says why") {
  Told told;
  Harness harness(1440, 900, options_with(told));
  begin(harness);
  CHECK(harness.app.open_lesson("{}").find("no lesson") != std::string::npos);
  CHECK(progress(harness).lesson().name == "small");
}

TEST_CASE("lesson: the list is asked for, shown, and opens what is chosen") {
  Told told;
  Harness harness(1280, 800, options_with(told));
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("lessons"));
  CHECK(told.wanted == std::vector<std::string>{""});
  harness.app.set_lesson_list(
      R"([{"name":"a-first","title":{"en":"A first"},"about":{"en":"Of it."},"minutes":3},
          7, {"name":1}])");
  harness.settle();
  REQUIRE(harness.click("lessons:a-first"));
  CHECK(told.wanted == std::vector<std::string>{"", "a-first"});
  CHECK(harness.widget("panel:lessons").empty());
}

TEST_CASE("lesson: a first visit is offered one, which can be put away") {
  Told told;
  Harness harness(1280, 800, options_with(told));
  feed(harness);
  harness.app.offer_lesson("first-visit");
  harness.settle();
  REQUIRE(!harness.widget("message:offer").empty());
  REQUIRE(harness.click("lesson:no_offer"));
  CHECK(harness.widget("message:offer").empty());
  CHECK(told.times == 1);
  harness.app.offer_lesson("first-visit");
  harness.settle();
  REQUIRE(harness.click("lesson:offer"));
  CHECK(told.wanted == std::vector<std::string>{"first-visit"});
}

TEST_CASE("lesson: the panels that a lesson can name are those there are") {
  std::vector<std::string> there, named;
  for (const Panel& panel : panels()) there.emplace_back(panel.id);
  for (const std::string_view id : session::lesson_panels()) named.emplace_back(id);
  CHECK(there == named);
}

}  // namespace hourglass::ui
