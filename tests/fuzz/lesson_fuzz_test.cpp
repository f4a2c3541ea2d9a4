// Lessons with random damage: each is read, or refused in a sentence; what is read can be gone
// through.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "core/math/random.h"
#include "core/session/lesson/lesson_progress.h"
#include "tests/support/small_lesson.h"

namespace hourglass::session {
namespace {

constexpr const char* kPieces[] = {
    "{",    "}",       "[",         "]",       ",",       ":",
    "\"",   "null",    "-1",        "1e999",   "1e308",   "\"en\"",
    "true", "\\u0000", "\"steps\"", "\\ud800", "\"all\"", "9007199254740993"};

std::string damaged(std::string text, Random& random) {
  const std::uint32_t changes = 1 + random.below(3);
  for (std::uint32_t i = 0; i < changes && !text.empty(); ++i) {
    const std::size_t at = random.below(static_cast<std::uint32_t>(text.size()));
    switch (random.below(5)) {
      case 0:
        text[at] = static_cast<char>(random.bits());
        break;
      case 1:
        text.insert(at, kPieces[random.below(std::size(kPieces))]);
        break;
      case 2:
        text.erase(at, 1 + random.below(12));
        break;
      case 3: {  // another part of it in its place
        const std::size_t from = random.below(static_cast<std::uint32_t>(text.size()));
        text.replace(at, random.below(20), text.substr(from, random.below(60)));
        break;
      }
      default: {  // another value
        const std::size_t colon = text.find(": ", at);
        if (colon == std::string::npos) break;
        const std::size_t end = std::min(text.find_first_of(",}]\n", colon), text.size());
        text.replace(colon + 2, end - colon - 2, kPieces[random.below(std::size(kPieces))]);
        break;
      }
    }
  }
  return text;
}

}  // namespace

TEST_CASE("a damaged lesson is read or refused in a sentence, and can be gone through") {
  Random random(2026, RandomStream::kTest, 3, 1);
  int refused = 0, read = 0;
  for (int round = 0; round < 4000; ++round) {
    const LessonReading reading = read_lesson(damaged(small_lesson(), random));
    if (!reading.error.empty()) {
      ++refused;
      CHECK(reading.error.size() > 10);
      CHECK(reading.error.size() < 700);
      continue;
    }
    ++read;
    LessonProgress progress(std::make_shared<const Lesson>(reading.lesson));
    for (std::size_t i = 0; i < reading.lesson.steps.size() && !progress.finished(); ++i) {
      progress.enter();
      for (std::size_t leaf = 0; leaf < 4; ++leaf) {
        progress.choose(leaf, static_cast<int>(random.below(4)) - 1);
        progress.enter_number(leaf, 32);
      }
      progress.observe([](std::string_view) { return Value(32.0); });
      progress.next();
    }
    LessonProgress other(
        progress.lesson().steps.empty() ? nullptr : std::make_shared<const Lesson>(reading.lesson));
    CHECK(other.restore(progress.saved()));
    other.restore(damaged(progress.saved(), random));
    CHECK(other.at() <= reading.lesson.steps.size());
    CHECK(!other.result().empty());
  }
  CHECK(refused > 500);
  CHECK(read > 60);
}

}  // namespace hourglass::session
