#include "core/session/lesson/lesson_code.h"

#include <algorithm>

#include "core/base/error.h"

namespace hourglass::session {
namespace {

using CodeSymbols = std::array<std::uint8_t, 16>;

// Without what looks alike on paper: 0 and O, 1, I and L. 31 of them, a prime: they are a field.
constexpr std::string_view kCodeAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
constexpr std::uint64_t kCodeBase = 31;
static_assert(kCodeAlphabet.size() == kCodeBase);

// Where each part begins, and how many symbols it has.
struct CodePart {
  std::size_t begin, count;
};
constexpr CodePart kLessonPart{0, 2}, kOutcomePart{2, 7}, kStudentPart{9, 3}, kSealPart{12, 2};
constexpr std::size_t kCheckSymbols = 14;  // where the last two begin

constexpr std::uint64_t kSealValues = kCodeBase * kCodeBase;
constexpr std::uint64_t kStudentValues = kCodeBase * kCodeBase * kCodeBase;
constexpr std::uint64_t kScores = 101;

// FNV-1a of 64 bits (Fowler, Noll and Vo) of `bytes`, which go on from those before.
std::uint64_t code_hash(std::string_view bytes, std::uint64_t hash = 0xCBF29CE484222325u) {
  for (const char byte : bytes) {
    hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x100000001B3u;
  }
  return hash;
}

void put_code_part(CodeSymbols& symbols, CodePart part, std::uint64_t value) {
  for (std::size_t i = part.count; i-- > 0; value /= kCodeBase) {
    symbols[part.begin + i] = static_cast<std::uint8_t>(value % kCodeBase);
  }
}

std::uint64_t code_part(const CodeSymbols& symbols, CodePart part) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < part.count; ++i) value = value * kCodeBase + symbols[part.begin + i];
  return value;
}

std::uint64_t lesson_part(std::string_view lesson) { return code_hash(lesson) % kSealValues; }

// 0 is nobody.
std::uint64_t student_part(std::string_view student) {
  std::string plain;
  for (const char c : student) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
    plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return plain.empty() ? 0 : 1 + code_hash(plain) % (kStudentValues - 1);
}

// Of all that stands before it, and of what the lesson's file says.
std::uint64_t seal_part(const CodeSymbols& symbols, std::string_view lesson,
                        std::string_view check) {
  const std::string_view before(reinterpret_cast<const char*>(symbols.data()), kSealPart.begin);
  const std::string_view end("\0", 1);
  return code_hash(check, code_hash(end, code_hash(lesson, code_hash(before)))) % kSealValues;
}

// The values of the polynomial of the symbols at 1 and at 3, a primitive root of 31: both are 0 for
// a code without a mistake.
struct CodeSyndrome {
  std::uint64_t at_one = 0, at_three = 0;
};
CodeSyndrome syndrome_of(const CodeSymbols& symbols) {
  CodeSyndrome sums;
  for (const std::uint8_t symbol : symbols) {
    sums.at_one = (sums.at_one + symbol) % kCodeBase;
    sums.at_three = (sums.at_three * 3 + symbol) % kCodeBase;
  }
  return sums;
}

// The check symbols a and b with at_one + a + b = 0 and at_three + 3 a + b = 0.
void put_check_symbols(CodeSymbols& symbols) {
  constexpr std::uint64_t kHalf = 16;  // of 1, modulo 31
  const CodeSyndrome sums = syndrome_of(symbols);
  const std::uint64_t a = (sums.at_one + kCodeBase - sums.at_three) * kHalf % kCodeBase;
  symbols[kCheckSymbols] = static_cast<std::uint8_t>(a);
  symbols[kCheckSymbols + 1] =
      static_cast<std::uint8_t>((2 * kCodeBase - sums.at_one - a) % kCodeBase);
}

// How many pairs of steps and steps done come before those of so many steps.
std::uint64_t pairs_before(std::uint64_t steps) { return (steps - 1) * (steps + 2) / 2; }

std::uint64_t within(int value, int low, int high) {
  return static_cast<std::uint64_t>(std::clamp(value, low, high));
}

std::uint64_t packed_outcome(const LessonOutcome& outcome) {
  const std::uint64_t steps = within(outcome.steps, 1, static_cast<int>(kMaxLessonSteps));
  std::uint64_t value =
      pairs_before(steps) + within(outcome.steps_done, 0, static_cast<int>(steps));
  value = value * kScores + within(outcome.score, 0, 100);
  value = value * (kMaxCodeAttempts + 1) + within(outcome.attempts, 0, kMaxCodeAttempts);
  return value * (kMaxCodeHints + 1) + within(outcome.hints, 0, kMaxCodeHints);
}

std::string code_text(const CodeSymbols& symbols) {
  std::string text;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (i > 0 && i % 4 == 0) text += '-';
    text += kCodeAlphabet[symbols[i]];
  }
  return text;
}

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

}  // namespace

std::string lesson_code(std::string_view lesson, std::string_view check, std::string_view student,
                        const LessonOutcome& outcome) {
  CodeSymbols symbols{};
  put_code_part(symbols, kLessonPart, lesson_part(lesson));
  put_code_part(symbols, kOutcomePart, packed_outcome(outcome));
  put_code_part(symbols, kStudentPart, student_part(student));
  put_code_part(symbols, kSealPart, seal_part(symbols, lesson, check));
  put_check_symbols(symbols);
  return code_text(symbols);
}

LessonCode::LessonCode(std::string_view text) {
  std::size_t count = 0;
  for (char c : text) {
    if (!is_letter_or_digit(c)) continue;
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
    const std::size_t symbol = kCodeAlphabet.find(c);
    if (symbol == kCodeAlphabet.npos) {
      throw Error(std::string("No code has a '") + c +
                  "' in it: they are made of the digits 2 to 9 and of letters but I, L and O.");
    }
    if (count < symbols_.size()) symbols_[count] = static_cast<std::uint8_t>(symbol);
    ++count;
  }
  if (count != symbols_.size()) {
    throw Error("A code has 16 letters and digits, and this one has " + std::to_string(count) +
                ".");
  }
  const CodeSyndrome sums = syndrome_of(symbols_);
  std::uint64_t value = code_part(symbols_, kOutcomePart);
  const auto take = [&](std::uint64_t values) {
    const int taken = static_cast<int>(value % values);
    value /= values;
    return taken;
  };
  outcome_.hints = take(kMaxCodeHints + 1);
  outcome_.attempts = take(kMaxCodeAttempts + 1);
  outcome_.score = take(kScores);
  if (sums.at_one != 0 || sums.at_three != 0 || value >= pairs_before(kMaxLessonSteps + 1)) {
    throw Error("The code " + this->text() +
                " has a mistake in it: it was not copied as the lesson shows it.");
  }
  std::uint64_t steps = 1;
  while (pairs_before(steps + 1) <= value) ++steps;
  outcome_.steps = static_cast<int>(steps);
  outcome_.steps_done = static_cast<int>(value - pairs_before(steps));
}

std::string LessonCode::text() const { return code_text(symbols_); }

bool LessonCode::is_of(std::string_view lesson) const {
  return code_part(symbols_, kLessonPart) == lesson_part(lesson);
}

bool LessonCode::fits(std::string_view lesson, std::string_view check) const {
  return is_of(lesson) && code_part(symbols_, kSealPart) == seal_part(symbols_, lesson, check);
}

bool LessonCode::has_student() const { return code_part(symbols_, kStudentPart) != 0; }

bool LessonCode::is_of_student(std::string_view student) const {
  return code_part(symbols_, kStudentPart) == student_part(student);
}

}  // namespace hourglass::session
