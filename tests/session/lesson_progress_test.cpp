// Goals, and how somebody gets through a lesson.
#include "core/session/lesson/lesson_progress.h"

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <memory>
#include <string>

#include "core/base/json.h"
#include "core/session/lesson/lesson_code.h"
#include "tests/support/small_lesson.h"

namespace hourglass::session {
namespace {

struct Facts {
  std::map<std::string, Value, std::less<>> values;

  FactLookup lookup() const {
    return [this](std::string_view name) -> std::optional<Value> {
      const auto found = values.find(name);
      if (found == values.end()) return std::nullopt;
      return found->second;
    };
  }
};

LessonProgress small_progress() {
  return LessonProgress(std::make_shared<const Lesson>(parse_lesson(small_lesson())));
}

Goal value_goal(std::optional<double> below, std::optional<double> above,
                std::optional<Value> is = std::nullopt) {
  Goal goal;
  goal.kind = GoalKind::kValue;
  goal.fact = "loss";
  goal.below = below;
  goal.above = above;
  goal.is = is;
  return goal;
}

}  // namespace

TEST_CASE("a value is within its bounds, and what is no number is within none") {
  CHECK(is_within(value_goal(0.1, {}), 0.05));
  CHECK(!is_within(value_goal(0.1, {}), 0.1));
  CHECK(is_within(value_goal(0.2, 0.1), 0.15));
  CHECK(!is_within(value_goal(0.2, 0.1), 0.1));
  CHECK(!is_within(value_goal(0.1, {}), std::nan("")));
  CHECK(!is_within(value_goal(0.1, {}), std::string("small")));
  CHECK(is_within(value_goal({}, {}, Value(32.0)), std::int64_t{32}));
  CHECK(is_within(value_goal({}, {}, Value(true)), 1.0));
  CHECK(is_within(value_goal({}, {}, Value(std::string("paused"))), std::string("paused")));
  CHECK(!is_within(value_goal({}, {}, Value(std::string("paused"))), std::string("running")));
}

TEST_CASE("the next step waits for the goal, and one without a goal waits for nothing") {
  LessonProgress progress = small_progress();
  Facts facts;
  CHECK(progress.enter());
  CHECK(!progress.enter());
  CHECK(!progress.back());
  CHECK(progress.next());
  progress.enter();
  CHECK(!progress.next());  // nothing predicted yet
  CHECK(!progress.choose(0, 2));
  CHECK(!progress.choose(1, 0));
  CHECK(progress.choose(0, 1));   // whatever is predicted is kept
  CHECK(!progress.choose(0, 0));  // and not taken back
  CHECK(progress.progress().attempts() == 1);
  CHECK(progress.observe(facts.lookup()));
  CHECK(!progress.observe(facts.lookup()));
  CHECK(progress.next());

  progress.enter();
  CHECK(!progress.observe(facts.lookup()));  // not known yet
  facts.values["step"] = std::int64_t{99};
  CHECK(!progress.observe(facts.lookup()));
  facts.values["step"] = std::int64_t{100};
  CHECK(progress.observe(facts.lookup()));
  facts.values["step"] = std::int64_t{0};  // a reset takes nothing back
  CHECK(progress.progress().done);
  CHECK(progress.take_hint());
  CHECK(progress.take_hint());
  CHECK(!progress.take_hint());
  CHECK(progress.next());

  progress.enter();
  CHECK(leaves_of(progress.step().goal).size() == 4);
  CHECK(!progress.enter_number(0, 784));
  CHECK(progress.enter_number(0, 32));
  CHECK(!progress.choose(3, 0));
  CHECK(!progress.observe(facts.lookup()));
  CHECK(progress.choose(3, 1));
  CHECK(!progress.observe(facts.lookup()));  // neither of the two values is known
  facts.values["code_size"] = std::int64_t{32};
  CHECK(progress.observe(facts.lookup()));
  CHECK(progress.back());
  CHECK(progress.at() == 2);
  CHECK(!progress.enter());  // its start was applied before
  CHECK(progress.next());
  CHECK(progress.next());
  CHECK(progress.finished());
  CHECK(!progress.next());
  CHECK(!progress.observe(facts.lookup()));
  CHECK(progress.attempts() == 5);
  CHECK(progress.hints() == 2);
  CHECK(progress.steps_done() == 4);
}

TEST_CASE("a course is told the step, the attempts, the hints and the answers") {
  LessonProgress progress = small_progress();
  Json told = parse_json(progress.result());
  CHECK(told["name"] == "small");
  CHECK(told["step"] == 1);
  CHECK(told["of"] == 4);
  CHECK(told["done"] == false);
  CHECK(told["answers"].empty());
  progress.enter();
  progress.next();
  progress.enter();
  progress.choose(0, 1);
  told = parse_json(progress.result());
  CHECK(told["step"] == 2);
  CHECK(told["attempts"] == 1);
  REQUIRE(told["answers"].size() == 1);
  CHECK(told["answers"][0]["question"] == "Will it learn?");
  CHECK(told["answers"][0]["answer"] == "No");
  CHECK(told["answers"][0]["right"] == false);
  CHECK(told["answers"][0]["step"] == 2);
}

namespace {

// To the end, with one wrong number and one wrong choice.
LessonProgress finished_progress() {
  LessonProgress progress = small_progress();
  Facts facts;
  facts.values["step"] = std::int64_t{100};
  facts.values["code_size"] = std::int64_t{32};
  progress.enter();
  progress.next();
  progress.enter();
  progress.choose(0, 1);  // a prediction, of which none is wrong
  progress.observe(facts.lookup());
  progress.next();
  progress.enter();
  progress.take_hint();
  progress.observe(facts.lookup());
  progress.next();
  progress.enter();
  progress.enter_number(0, 784);
  progress.enter_number(0, 32);
  progress.choose(3, 1);
  progress.observe(facts.lookup());
  progress.next();
  return progress;
}

}  // namespace

TEST_CASE("a lesson's score is the mean of its steps with a goal, of questions by their answers") {
  const LessonProgress progress = finished_progress();
  REQUIRE(progress.finished());
  CHECK(progress.score(0) == 1.0);   // read
  CHECK(progress.score(1) == 1.0);   // predicted
  CHECK(progress.score(2) == 1.0);   // trained
  CHECK(progress.score(3) == 0.75);  // a number at the second answer, a choice at the first
  CHECK(progress.score() == doctest::Approx(2.75 / 3));
  CHECK(small_progress().score() == 0.0);
  const Json told = parse_json(progress.result());
  CHECK(told["scores"] == Json{1.0, 1.0, 1.0, 0.75});
  CHECK(told["score"].get<double>() == doctest::Approx(2.75 / 3));
  CHECK(told["answers"][0]["predict"] == true);
  CHECK(told["answers"][2]["part"] == 3);
}

TEST_CASE("the code of a lesson's end says what came of it, and for whom") {
  LessonProgress progress = finished_progress();
  CHECK(!parse_json(progress.result()).contains("student"));
  const LessonCode nobody(progress.code());
  CHECK(nobody.fits("small", ""));
  CHECK(!nobody.has_student());
  CHECK(nobody.outcome() == LessonOutcome{4, 4, 92, 4, 1});
  progress.set_student("  \xE6\x9D\x8E\xE5\xA8\x9C ");
  CHECK(progress.student() == "\xE6\x9D\x8E\xE5\xA8\x9C");
  const Json told = parse_json(progress.result());
  CHECK(told["student"] == "\xE6\x9D\x8E\xE5\xA8\x9C");
  CHECK(told["code"] == progress.code());
  CHECK(LessonCode(progress.code()).is_of_student("\xE6\x9D\x8E\xE5\xA8\x9C"));
  // It comes back with the rest, and stays when the lesson is begun anew.
  LessonProgress other = small_progress();
  REQUIRE(other.restore(progress.saved()));
  CHECK(other.code() == progress.code());
  other.restart();
  CHECK(other.student() == progress.student());
  CHECK(!parse_json(other.result()).contains("code"));
}

TEST_CASE("a name that is too long, or would act, is made one that can be kept and drawn") {
  LessonProgress progress = small_progress();
  std::string name = "x";
  while (name.size() < 300) name += "\xE6\x9D\x8E";
  progress.set_student(name);
  CHECK(progress.student().size() == 118);  // 120 would end within a character
  CHECK(name.starts_with(progress.student()));
  progress.set_student("a\x1B[2J");
  CHECK(progress.student() == "a\\x1B[2J");
  progress.set_student(" \n ");
  CHECK(progress.student() == "");
}

TEST_CASE("what is saved of a lesson brings one back to the step, with all answers") {
  LessonProgress progress = small_progress();
  progress.enter();
  progress.next();
  progress.enter();
  progress.choose(0, 0);
  progress.observe([](auto) { return std::nullopt; });
  progress.next();
  progress.enter();
  progress.take_hint();
  LessonProgress other = small_progress();
  REQUIRE(other.restore(progress.saved()));
  CHECK(other.at() == 2);
  CHECK(other.result() == progress.result());
  CHECK(other.saved() == progress.saved());
  CHECK(!other.enter());
}

TEST_CASE("a saved text that is none, or of another lesson, changes nothing") {
  LessonProgress progress = small_progress();
  const std::string before = progress.saved();
  for (std::string text : {std::string(), std::string("[]"), std::string("{}"),
                           std::string(R"({"name":"small","at":1,"steps":[]})")}) {
    CHECK(!progress.restore(text));
  }
  LessonProgress ahead = small_progress();
  const auto replaced = [&](const std::string& what, const std::string& by) {
    std::string text = before;
    text.replace(text.find(what), what.size(), by);
    return text;
  };
  CHECK(!progress.restore(replaced("\"small\"", "\"large\"")));
  CHECK(!progress.restore(replaced("\"at\":0", "\"at\":3")));  // past what is not done
  CHECK(!progress.restore(replaced("\"at\":0", "\"at\":9")));
  CHECK(!progress.restore(replaced("\"at\":0", "\"at\":-1")));
  CHECK(!progress.restore(replaced("\"choice\":-1", "\"choice\":7")));
  CHECK(progress.saved() == before);
  CHECK(progress.restore(before));
}

TEST_CASE("a lesson begins anew with nothing answered") {
  LessonProgress progress = small_progress();
  const std::string before = progress.saved();
  progress.enter();
  progress.next();
  progress.restart();
  CHECK(progress.saved() == before);
  CHECK(progress.enter());
}

}  // namespace hourglass::session
