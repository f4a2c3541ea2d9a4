// A lesson that is written is the lesson that was read.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/base64.h"
#include "core/math/random.h"
#include "core/session/lesson/lesson.h"
#include "tests/support/small_lesson.h"

namespace hourglass::session {
namespace {

void check_round_trip(const Lesson& lesson) {
  const std::string text = lesson_json(lesson);
  CAPTURE(text);
  const LessonReading reading = read_lesson(text);
  REQUIRE(reading.error == "");
  CHECK(reading.lesson == lesson);
  // Written once more it has the same bytes.
  CHECK(lesson_json(reading.lesson) == text);
}

// A lesson with something of it left out, doubled or moved, which still is one.
Lesson mutated(Lesson lesson, Random& random) {
  const auto pick = [&](std::size_t count) {
    return static_cast<std::size_t>(random.below(static_cast<std::uint32_t>(count)));
  };
  LessonStep& step = lesson.steps[pick(lesson.steps.size())];
  switch (random.below(9)) {
    case 0:
      lesson.steps.push_back(step);
      break;
    case 1:
      std::swap(step, lesson.steps.front());
      break;
    case 2:
      step.rules.locked = {"train.*", "noise.kind"};
      step.rules.unlocked = {"train.momentum"};
      break;
    case 3:
      step.rules = {};
      break;
    case 4:
      step.rules.shown = {"hourglass", "curves", "pca"};
      if (!step.rules.shows_panel(step.show)) step.show.clear();
      break;
    case 5:
      step.rules.commands = std::vector<std::string>{};
      break;
    case 6:
      step.goal = lesson.steps[pick(lesson.steps.size())].goal;
      break;
    case 7:
      step.start.checkpoint.assign(pick(7) + 1, static_cast<std::uint8_t>(random.below(256)));
      break;
    default:
      step.text = {"", "只有中文：\"引号\"、\\ 与换行\n\n第二段"};
      step.hints.assign(pick(4), {"a hint", ""});
      break;
  }
  return lesson;
}

}  // namespace

TEST_CASE("every lesson that comes with Hourglass is the same after it was written and read") {
  REQUIRE(lesson_files().size() > 5);
  for (const std::string_view file : lesson_files()) check_round_trip(parse_lesson(file));
  check_round_trip(parse_lesson(small_lesson()));
  Lesson of_a_class = parse_lesson(small_lesson());
  of_a_class.check = "spring \"7\"";
  check_round_trip(of_a_class);
}

TEST_CASE("lessons that were changed are the same after they were written and read") {
  Random random(2026, RandomStream::kTest, 5, 2);
  for (int round = 0; round < 40; ++round) {
    const auto files = lesson_files();
    Lesson lesson = parse_lesson(
        round % 3 == 0 ? std::string_view(small_lesson())
                       : files[random.below(static_cast<std::uint32_t>(files.size()))]);
    const std::uint32_t changes = 1 + random.below(8);
    for (std::uint32_t i = 0; i < changes; ++i) lesson = mutated(std::move(lesson), random);
    check_round_trip(lesson);
  }
}

TEST_CASE("a text that a lesson lacks is missed at its place") {
  Lesson lesson = parse_lesson(small_lesson());
  lesson.steps[2].text = {};
  CHECK(read_lesson(lesson_json(lesson)).error ==
        "In the lesson, steps[2].text must have a text as \"en\", as \"zh\" or as both.");
}

TEST_CASE("base64 of any bytes is read again") {
  for (std::size_t size = 0; size < 9; ++size) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(251 * i + 7));
    const std::string text = encode_base64(bytes);
    CHECK(text.size() == (size + 2) / 3 * 4);
    CHECK(decode_base64(text) == bytes);
  }
  // RFC 4648, section 10.
  const std::uint8_t foobar[] = {'f', 'o', 'o', 'b', 'a', 'r'};
  CHECK(encode_base64(foobar) == "Zm9vYmFy");
  CHECK(encode_base64(std::span(foobar).first(5)) == "Zm9vYmE=");
  CHECK(encode_base64(std::span(foobar).first(4)) == "Zm9vYg==");
}

}  // namespace hourglass::session
