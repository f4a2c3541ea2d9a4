// Files of lessons: what is read, and which sentence names what is wrong where.
#include "core/session/lesson/lesson.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/base/base64.h"
#include "core/session/lesson/facts.h"
#include "core/session/lesson/lesson_code.h"
#include "core/session/settings/settings.h"
#include "tests/data/expect_error.h"
#include "tests/support/small_lesson.h"

namespace hourglass::session {
namespace {

// The sentence about the small lesson in which `what` is replaced by `by`.
std::string sentence_with(const std::string& what, const std::string& by) {
  std::string text = small_lesson();
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  text.replace(at, what.size(), by);
  return read_lesson(text).error;
}

}  // namespace

TEST_CASE("a lesson is read with all that is in it") {
  const Lesson lesson = parse_lesson(small_lesson());
  CHECK(lesson.name == "small");
  CHECK(lesson.title.in(false) == "A small lesson");
  CHECK(lesson.title.in(true) == "小课");
  CHECK(lesson.minutes == 3);
  CHECK(lesson.start.preset == "vanilla");
  REQUIRE(lesson.start.settings.size() == 2);
  CHECK(lesson.start.settings[0] == std::pair<std::string, Value>{"data.set", "strokes"});
  CHECK(lesson.start.settings[1] == std::pair<std::string, Value>{"train.learning_rate", 0.5});
  REQUIRE(lesson.steps.size() == 4);

  const LessonStep& predict = lesson.steps[1];
  CHECK(predict.goal.kind == GoalKind::kChoice);
  CHECK(predict.goal.predict);
  CHECK(predict.goal.choices[0].right);
  CHECK(!predict.goal.choices[1].right);

  const LessonStep& train = lesson.steps[2];
  CHECK(train.start.settings.size() == 1);
  CHECK(train.commands == std::vector<std::string>{"reset"});
  CHECK(train.show == "curves");
  CHECK(train.hints.size() == 2);
  CHECK(train.done.in(true) == "它在学习。");
  CHECK(train.goal.fact == "step");
  CHECK(*train.goal.above == 99);
  CHECK(!train.goal.below);

  CHECK(lesson.steps[3].goal.kind == GoalKind::kAll);
  CHECK(lesson.steps[3].goal.goals.size() == 3);
}

TEST_CASE("a lesson's check word is a word, and stays in the file's own letters") {
  CHECK(parse_lesson(small_lesson()).check.empty());
  CHECK(sentence_with("\"minutes\": 3", "\"check\": \"Spring 7\"") == "");
  CHECK(sentence_with("\"minutes\": 3", "\"check\": \"\"") ==
        "In the lesson, check must be a word of 1 to 100 bytes, with which codes are made.");
  CHECK(sentence_with("\"minutes\": 3", "\"check\": \"" + std::string(101, 'a') + "\"") != "");
  CHECK(sentence_with("\"minutes\": 3", "\"check\": 7") != "");
}

TEST_CASE("a step's rules stand in place of the lesson's, each by itself") {
  const Lesson lesson = parse_lesson(small_lesson());
  const LessonRules& first = lesson.steps[0].rules;
  CHECK(first.locks("model.encoder"));
  CHECK(!first.locks("model.loss"));
  CHECK(first.locks("train.batch_size"));
  CHECK(!first.locks("train.learning_rate"));
  CHECK(first.locks("penalty.sparsity"));  // hidden
  CHECK(first.hides("penalty.sparsity"));
  CHECK(first.hides("toolbar.preset"));
  CHECK(!first.hides("model.encoder"));
  CHECK(first.shows_panel("hourglass"));  // the file says "network"
  CHECK(!first.shows_panel("tsne"));
  CHECK(first.allows("reset"));
  CHECK(!first.allows("epoch"));

  const LessonRules& last = lesson.steps[3].rules;
  CHECK(!last.locks("model.encoder"));
  CHECK(last.locks("train.batch_size"));
  CHECK(last.allows("run"));
  CHECK(!last.allows("reset"));
}

TEST_CASE("all settings of the run are locked by one word, and what is on display is not") {
  LessonRules rules;
  rules.locked = {"*"};
  rules.unlocked = {"noise.level"};
  CHECK(rules.locks("train.learning_rate"));
  CHECK(rules.locks("data.set"));
  CHECK(rules.locks("view.noise.level"));
  CHECK(!rules.locks("noise.level"));
  CHECK(!rules.locks("view.sample"));
  CHECK(!rules.locks("view.steps_per_second"));
  rules.locked = {"view.*"};
  CHECK(rules.locks("view.sample"));
  CHECK(!rules.locks("view.tiles"));  // no choice of anybody's
}

TEST_CASE("what is wrong in a lesson is said with its place and what would be right") {
  CHECK(sentence_with("", "") == "");
  const auto says = [](const std::string& what, const std::string& by,
                       const std::vector<std::string>& parts) {
    const std::string sentence = sentence_with(what, by);
    CAPTURE(sentence);
    CHECK(sentence.ends_with("."));
    for (const std::string& part : parts) CHECK(contains(sentence, part));
  };
  says(R"("of": "step")", R"("of": "stp")", {"steps[2].goal.of", "'stp'", "'step'"});
  says(R"("of": "code_size")", R"("of": "kode_size")",
       {"steps[3].goal.of[1].of[0].of", "'code_size'"});
  says(R"("of": "step")", R"("of": "setting.train.momentun")",
       {"steps[2].goal.of", "'train.momentum'"});
  says(R"("above": 99)", R"("abve": 99)", {"steps[2].goal.abve", "'above'"});
  says(R"("above": 99)", R"("above": 9, "below": 9)", {"steps[2].goal", "never"});
  says(R"(, "above": 99)", "", {"steps[2].goal", "\"is\""});
  says(R"("is": "finished")", R"("above": 3)", {"steps[3].goal.of[1].of[1]", "word", "\"is\""});
  says(R"("kind": "value")", R"("kind": "valu")", {"steps[2].goal.kind", "'value'"});
  says(R"("show": "curves")", R"("show": "curvs")", {"steps[2].show", "'curves'"});
  says(R"("show": "curves")", R"("show": "tsne")", {"steps[2].show", "'tsne'", "\"shown\""});
  says(R"("do": ["reset"])", R"("do": ["open"])", {"steps[2].do[0]", "'open'"});
  says(R"("train.learning_rate": 0.25)", R"("train.learning_rat": 0.25)",
       {"steps[2].start.settings", "'train.learning_rate'"});
  says(R"("train.learning_rate": 0.25)", R"("train.learning_rate": -1)",
       {"steps[2].start.settings", "from 1e-06"});
  says(R"("train.learning_rate": 0.25)", R"("train.threads": 64)",
       {"steps[2].start.settings", "machine"});
  says(R"("preset": "vanilla")", R"("preset": "vanila")", {"start.preset", "'vanilla'"});
  says(R"("preset": "vanilla")", R"("checkpoint": "!")", {"start.checkpoint", "base64"});
  says(R"("model.*", "train)", R"("modl.*", "train)", {"locked[0]", "'modl.'"});
  says(R"("toolbar.preset")", R"("toolbar.prest")", {"hidden[0]", "'toolbar.preset'"});
  says(R"("minutes": 3)", R"("minutes": 0)", {"minutes", "from 1 to 600"});
  says(R"("name": "small")", R"("name": "Small!")", {"name", "a-z"});
  says(R"("lesson": 1)", R"("lesson": 2)", {"lesson", "newer", "reads 1"});
  says(R"("lesson": 1)", R"("lessen": 1)", {"\"lesson\": 1"});
  says(R"("right": true},
                          )",
       R"("rigt": true},
                          )",
       {"steps[1].goal.choices[0].rigt", "'right'"});
  says(R"("text": {"en": "No", "zh": "不多"}, "right": true)", R"("text": {"en": "No"})",
       {"steps[3].goal.of[2].choices", "\"right\": true"});
  says(R"("title": {"en": "Look", "zh": "看"})", R"("title": "Look")",
       {"steps[0].title", "object"});
  says(R"("title": {"en": "Look", "zh": "看"})", R"("title": {})", {"steps[0].title", "\"en\""});
  says(R"("title": {"en": "Look", "zh": "看"})", R"("title": {"de": "Schau"})",
       {"steps[0].title.de", "nearest"});
  says(R"("title": {"en": "Look", "zh": "看"},)", "", {"steps[0].title", "missing"});
  CHECK(contains(read_lesson("no JSON").error, "no lesson"));
  CHECK(contains(read_lesson("[]").error, "no lesson"));
  CHECK(contains(read_lesson("{\"lesson\": 1}").error, "name is missing"));
}

TEST_CASE("a lesson of one language is shown in that one") {
  const LocalText text{"Only English", ""};
  CHECK(text.in(true) == "Only English");
  CHECK(LocalText{"", "只有中文"}.in(false) == "只有中文");
}

TEST_CASE("what is too much of a lesson is refused before it takes memory") {
  CHECK(contains(read_lesson(std::string(kMaxLessonBytes + 1, ' ')).error, "4 MB"));
  CHECK(contains(sentence_with("Press Run.", std::string(kMaxLessonText + 1, 'x')),
                 "steps[2].text.en"));
  std::string many;
  for (std::size_t i = 0; i <= kMaxLessonList; ++i) many += "\"run\", ";
  CHECK(contains(sentence_with(R"("run", "pause")", many + R"("run", "pause")"), "commands has"));
  std::string deep = R"({"kind": "value", "of": "step", "above": 1})";
  for (std::size_t i = 0; i < kMaxGoalDepth; ++i) deep = R"({"kind":"all","of":[)" + deep + "]}";
  CHECK(contains(sentence_with(R"({"kind": "value", "of": "step", "above": 99})", deep),
                 "lies too deep"));
  std::string nested;
  for (int i = 0; i < 5000; ++i) nested += "[";
  CHECK(contains(read_lesson("{\"lesson\":1,\"name\":" + nested).error, "no lesson"));
}

TEST_CASE("signs that would act instead of being seen are shown in a lesson's texts") {
  std::string text = small_lesson();
  text.replace(text.find("Press Run."), 10, "a\\u202Eb\\u0007\\nc");
  CHECK(parse_lesson(text).steps[2].text.en == "a\\u202Eb\\x07\nc");
}

TEST_CASE("every fact of the table is found by its name") {
  for (const LessonFact& fact : lesson_facts()) CHECK(find_lesson_fact(fact.name) == &fact);
  REQUIRE(find_lesson_fact("job.tsne") != nullptr);
  CHECK(find_lesson_fact("job.tsne")->name == "job.KIND");
  CHECK(find_lesson_fact("map.selected_share.3")->name == "map.selected_share.CLASS");
  CHECK(find_lesson_fact("map.selected")->name == "map.selected");
  CHECK(find_lesson_fact("job.") == nullptr);
  CHECK(find_lesson_fact("") == nullptr);
}

TEST_CASE("base64 is read as RFC 4648 says, and nothing else is") {
  const auto text_of = [](std::string_view text) {
    const auto bytes = decode_base64(text);
    return bytes ? std::string(bytes->begin(), bytes->end()) : "refused";
  };
  CHECK(text_of("") == "");
  CHECK(text_of("Zg==") == "f");
  CHECK(text_of("Zm8=") == "fo");
  CHECK(text_of("Zm9v") == "foo");
  CHECK(text_of("Zm9vYg") == "foob");
  CHECK(text_of("Zm9v\nYmFy") == "foobar");
  CHECK(text_of("Zm9vY") == "refused");
  CHECK(text_of("Zm9v-") == "refused");
  CHECK(decode_base64("+/+/") == std::vector<std::uint8_t>{0xfb, 0xff, 0xbf});
}

TEST_CASE("the codes of the lessons that come with Hourglass are told apart by their lessons") {
  for (const std::string_view file : lesson_files()) {
    const Lesson lesson = parse_lesson(file);
    const LessonCode code(lesson_code(lesson.name, lesson.check, "", {}));
    for (const std::string_view other : lesson_files()) {
      const Lesson another = parse_lesson(other);
      CHECK(code.fits(another.name, another.check) == (lesson.name == another.name));
    }
  }
}

TEST_CASE("the lessons that come with Hourglass can be read, in both languages") {
  for (const std::string_view file : lesson_files()) {
    const LessonReading reading = read_lesson(file);
    CAPTURE(file.substr(0, 80));
    CHECK(reading.error == "");
    const auto both = [](const LocalText& text) {
      return text.empty() || (!text.en.empty() && !text.zh.empty());
    };
    CHECK(both(reading.lesson.title));
    for (const LessonStep& step : reading.lesson.steps) {
      for (const LocalText* text : {&step.title, &step.text, &step.task, &step.done}) {
        CAPTURE(text->in(false));
        CHECK(both(*text));
      }
    }
  }
}

}  // namespace hourglass::session
