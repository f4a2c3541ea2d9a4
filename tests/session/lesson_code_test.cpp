// The code of a lesson's result: what goes in comes out, and what was copied wrongly is found.
#include "core/session/lesson/lesson_code.h"

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace hourglass::session {
namespace {

constexpr std::string_view kAll = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

struct GivenResult {
  std::string lesson, check, student;
  LessonOutcome outcome;

  std::string code() const { return lesson_code(lesson, check, student, outcome); }
};

class RandomResults {
 public:
  GivenResult next() {
    GivenResult result;
    result.lesson = word("abcdefghijklmnopqrstuvwxyz0123456789-", 1, 64);
    if (below(2) == 0) result.check = word("abc DEF123\xE8\xAF\x8D", 1, 30);
    if (below(3) != 0) result.student = "n" + word("abcxyz 0123456789", 1, 20);
    result.outcome.steps = 1 + below(100);
    result.outcome.steps_done = below(result.outcome.steps + 1);
    result.outcome.score = below(101);
    result.outcome.attempts = below(kMaxCodeAttempts + 1);
    result.outcome.hints = below(kMaxCodeHints + 1);
    return result;
  }
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(engine_); }

 private:
  std::string word(std::string_view letters, int least, int most) {
    std::string text(static_cast<std::size_t>(least + below(most - least + 1)), ' ');
    for (char& c : text)
      c = letters[static_cast<std::size_t>(below(static_cast<int>(letters.size())))];
    return text;
  }

  std::mt19937 engine_{20};
};

// The sentence that refuses the code, or "".
std::string refusal_of_code(const std::string& text) {
  try {
    LessonCode code(text);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("the code of any result says that result, and fits its lesson, check word and student") {
  RandomResults random;
  for (int round = 0; round < 2000; ++round) {
    const GivenResult given = random.next();
    const std::string text = given.code();
    CAPTURE(text);
    REQUIRE(text.size() == 19);
    CHECK(text.find_first_of("01ILO") == text.npos);
    const LessonCode code(text);
    CHECK(code.text() == text);
    CHECK(code.outcome() == given.outcome);
    CHECK(code.is_of(given.lesson));
    CHECK(code.fits(given.lesson, given.check));
    CHECK(code.has_student() == !given.student.empty());
    CHECK(code.is_of_student(given.student));
  }
}

TEST_CASE("every other letter or digit in a code is found, and every exchange of two") {
  RandomResults random;
  for (int round = 0; round < 60; ++round) {
    const std::string right = random.next().code();
    for (std::size_t i = 0; i < right.size(); ++i) {
      if (right[i] == '-') continue;
      for (const char other : kAll) {
        std::string wrong = right;
        wrong[i] = other;
        CAPTURE(wrong);
        if (other != right[i]) CHECK(refusal_of_code(wrong) != "");
      }
      // Neighbours among them.
      for (std::size_t j = i + 1; j < right.size(); ++j) {
        if (right[j] == '-' || right[j] == right[i]) continue;
        std::string wrong = right;
        std::swap(wrong[i], wrong[j]);
        CAPTURE(wrong);
        CHECK(refusal_of_code(wrong) != "");
      }
      std::string shorter = right;
      CHECK(refusal_of_code(shorter.erase(i, 1)) != "");
    }
  }
}

TEST_CASE("any two other letters or digits in a code are found") {
  RandomResults random;
  for (int round = 0; round < 20000; ++round) {
    const std::string right = random.next().code();
    std::string wrong = right;
    for (int change = 0; change < 2; ++change) {
      std::size_t at = static_cast<std::size_t>(random.below(19));
      while (wrong[at] == '-') at = static_cast<std::size_t>(random.below(19));
      wrong[at] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"[random.below(31)];
    }
    CAPTURE(right);
    CAPTURE(wrong);
    CHECK((refusal_of_code(wrong) != "") == (wrong != right));
  }
}

TEST_CASE(
    "a code is read in small letters, with blanks, and among words that have none of its own") {
  const GivenResult given{"kl-collapse", "", "7", {7, 7, 92, 8, 1}};
  const std::string code = given.code();
  std::string small, plain;
  for (const char c : code) {
    if (c == '-') continue;
    plain += c;
    small += c >= 'A' ? static_cast<char>(c - 'A' + 'a') : c;
    small += ' ';
  }
  for (const std::string& text :
       {small, plain, "\xE4\xBB\xA3\xE7\xA0\x81\xEF\xBC\x9A" + plain + "\n"}) {
    CAPTURE(text);
    CHECK(LessonCode(text).text() == code);
  }
}

TEST_CASE("what is no code is refused in one sentence that says what would be right") {
  CHECK(refusal_of_code("") == "A code has 16 letters and digits, and this one has 0.");
  CHECK(refusal_of_code("ABCD") == "A code has 16 letters and digits, and this one has 4.");
  CHECK(refusal_of_code("ABCO-1111-2222-3333") ==
        "No code has a 'O' in it: they are made of the digits 2 to 9 and of letters but I, L and "
        "O.");
  CHECK(refusal_of_code(std::string(100000, 'A')) ==
        "A code has 16 letters and digits, and this one has 100000.");
  CHECK(refusal_of_code("ABCD-EFGH-JKMN-PQRS") ==
        "The code ABCD-EFGH-JKMN-PQRS has a mistake in it: it was not copied as the lesson shows "
        "it.");
}

TEST_CASE("another lesson, check word or student has another code, and is found") {
  const GivenResult given{"kl-collapse", "spring", "Li Wei", {7, 7, 92, 8, 1}};
  const LessonCode code(given.code());
  CHECK(!code.is_of("why-not-zero"));
  CHECK(!code.fits("why-not-zero", "spring"));
  CHECK(!code.fits("kl-collapse", ""));
  CHECK(!code.fits("kl-collapse", "autumn"));
  CHECK(!code.is_of_student("Li Na"));
  CHECK(!code.is_of_student(""));
  CHECK(code.is_of_student("  LI wei "));
  std::set<std::string> codes;
  for (const char* check : {"", "spring", "autumn"}) {
    for (const char* student : {"", "Li Wei", "Li Na", "17"}) {
      codes.insert(lesson_code(given.lesson, check, student, given.outcome));
    }
  }
  CHECK(codes.size() == 12);
  // Numbers that a code has no room for are told as "at least".
  CHECK(LessonCode(lesson_code("a", "", "", {7, 7, 101, 5000, 90})).outcome() ==
        LessonOutcome{7, 7, 100, kMaxCodeAttempts, kMaxCodeHints});
}

TEST_CASE("the code of a result stays the same from one version to the next") {
  CHECK(lesson_code("kl-collapse", "spring", "Li Wei", {7, 7, 92, 8, 1}) == "T324-2K7Z-FKDC-AYZP");
}

}  // namespace hourglass::session
