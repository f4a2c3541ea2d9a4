// `hourglass lesson`: checks the files of lessons and the codes of their results, and lists the
// lessons that come with Hourglass.
#include "core/session/lesson/lesson.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/session/lesson/facts.h"
#include "core/session/lesson/lesson_code.h"
#include "native/cli/commands/commands.h"
#include "native/cli/console/text.h"

namespace hourglass {
namespace {

using session::Lesson;

std::string steps_text(const Lesson& lesson) {
  const std::size_t steps = lesson.steps.size();
  std::string text = std::to_string(steps) + (steps == 1 ? " step" : " steps");
  if (lesson.minutes > 0) text += ", " + std::to_string(lesson.minutes) + " min";
  return text;
}

// What somebody who reads the lesson in one language would miss.
std::string missing_language(const Lesson& lesson) {
  bool en = !lesson.title.en.empty(), zh = !lesson.title.zh.empty();
  for (const session::LessonStep& step : lesson.steps) {
    en = en && !step.text.en.empty();
    zh = zh && !step.text.zh.empty();
  }
  if (en && zh) return "";
  return en ? "Not all of it is there in Chinese." : "Not all of it is there in English.";
}

OrderedJson lesson_summary(const Lesson& lesson) {
  return {{"name", lesson.name},
          {"title", {{"en", lesson.title.en}, {"zh", lesson.title.zh}}},
          {"about", {{"en", lesson.about.en}, {"zh", lesson.about.zh}}},
          {"minutes", lesson.minutes},
          {"steps", lesson.steps.size()}};
}

Lesson lesson_in(const std::string& path) {
  const std::vector<std::uint8_t> bytes = read_file(path, session::kMaxLessonBytes);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  try {
    return session::parse_lesson(text);
  } catch (const Error& error) {
    throw Error("'" + to_utf8(path) + "': " + error.what());
  }
}

int check_file(const std::string& path, bool as_json) {
  const Lesson lesson = lesson_in(path);
  if (as_json) {
    print_text(json_text(lesson_summary(lesson)) + "\n");
    return kDone;
  }
  print_text(lesson.name + ": " + lesson.title.in(false) + ", " + steps_text(lesson) +
             ". It can be used.\n");
  if (const std::string missing = missing_language(lesson); !missing.empty()) {
    print_text(missing + "\n");
  }
  return kDone;
}

std::vector<Lesson> own_lessons() {
  std::vector<Lesson> lessons;
  for (const std::string_view file : session::lesson_files()) {
    lessons.push_back(session::parse_lesson(file));
  }
  return lessons;
}

// The lesson that a code is said to be of, or the one of our own that it is of.
Lesson lesson_of_code(const session::LessonCode& code, const std::optional<std::string>& given) {
  std::vector<Lesson> own = own_lessons();
  const auto named = std::ranges::find_if(own, [&](const Lesson& lesson) {
    return given ? lesson.name == *given : code.fits(lesson.name, lesson.check);
  });
  if (named != own.end()) return *named;
  if (!given) {
    throw Error("The code " + code.text() +
                " is of no lesson that comes with Hourglass: say which one's by --lesson FILE.");
  }
  std::error_code error;
  if (std::filesystem::exists(*given, error)) return lesson_in(*given);
  throw Error("There is neither a lesson nor a file '" + to_utf8(given->substr(0, 200)) +
              "'; 'hourglass lesson list' lists the lessons.");
}

// Throws Error where the code does not prove what it is said to.
void expect_fit(const session::LessonCode& code, const Lesson& lesson,
                const std::optional<std::string>& student) {
  const std::string text = "The code " + code.text();
  if (!code.is_of(lesson.name)) {
    throw Error(text + " is of another lesson than '" + lesson.name + "'.");
  }
  if (!code.fits(lesson.name, lesson.check)) {
    throw Error(text + " was changed, or made from another file of the lesson '" + lesson.name +
                "', with another \"check\".");
  }
  const int steps = static_cast<int>(lesson.steps.size());
  if (code.outcome().steps != steps) {
    throw Error(text + " was made when '" + lesson.name + "' had " +
                std::to_string(code.outcome().steps) + " steps; it has " + std::to_string(steps) +
                ".");
  }
  if (!student || code.is_of_student(*student)) return;
  throw Error(text +
              (code.has_student() ? " was made for another name than '"
                                  : " was made without a name, and not for '") +
              to_utf8(*student) + "'.");
}

std::string counted(int number, int most, const std::string& one, const std::string& many) {
  return (number == most ? "at least " : "") + std::to_string(number) + " " +
         (number == 1 ? one : many);
}

int check_code(const std::string& text, const std::optional<std::string>& given,
               const std::optional<std::string>& student, bool as_json) {
  const session::LessonCode code(text);
  const Lesson lesson = lesson_of_code(code, given);
  expect_fit(code, lesson, student);
  const session::LessonOutcome& outcome = code.outcome();
  if (as_json) {
    const OrderedJson json = {{"code", code.text()},
                              {"lesson", lesson.name},
                              {"steps_done", outcome.steps_done},
                              {"steps", outcome.steps},
                              {"score", outcome.score},
                              {"attempts", outcome.attempts},
                              {"hints", outcome.hints},
                              {"has_check", !lesson.check.empty()},
                              {"has_student", code.has_student()},
                              {"is_of_student", student ? OrderedJson(true) : OrderedJson()}};
    print_text(json_text(json) + "\n");
    return kDone;
  }
  print_text(lesson.name + ": " + lesson.title.in(false) + "\n");
  print_text(std::to_string(outcome.steps_done) + " of " + std::to_string(outcome.steps) +
             " steps done, score " + std::to_string(outcome.score) + " of 100, " +
             counted(outcome.attempts, session::kMaxCodeAttempts, "answer", "answers") + ", " +
             counted(outcome.hints, session::kMaxCodeHints, "hint", "hints") + ".\n");
  print_text(student ? "It was made for this name.\n"
             : code.has_student()
                 ? "It was made for a name: --student NAME says whether for that.\n"
                 : "It was made without a name: anybody may have handed it on.\n");
  print_text(lesson.check.empty()
                 ? "The lesson has no \"check\", so every class has the same codes.\n"
                 : "It was made with the \"check\" of the lesson's file.\n");
  print_text(
      wrapped("Whoever reads how codes are made can make one of any result: it is no signature.",
              kTextWidth, ""));
  return kDone;
}

int list(bool as_json) {
  OrderedJson all = OrderedJson::array();
  for (const Lesson& lesson : own_lessons()) {
    if (as_json) {
      all.push_back(lesson_summary(lesson));
      continue;
    }
    print_text(lesson.name + "\n");
    print_text(
        wrapped(lesson.title.in(false) + " (" + steps_text(lesson) + ")", kTextWidth, "    "));
    print_text(wrapped(lesson.about.in(false), kTextWidth, "    ") + "\n");
  }
  if (as_json) {
    print_text(json_text(all, 2) + "\n");
  } else {
    print_text(
        "hourglass-desktop --lesson NAME opens one of them, and ?lesson=NAME on the page.\n");
  }
  return kDone;
}

int facts(bool as_json) {
  OrderedJson all = OrderedJson::array();
  for (const session::LessonFact& fact : session::lesson_facts()) {
    all.push_back({{"name", fact.name}, {"what", fact.what}, {"unit", fact.unit}});
    if (as_json) continue;
    std::string name(fact.name);
    name.resize(std::max<std::size_t>(name.size() + 2, 28), ' ');
    print_text(name + std::string(fact.what) +
               (fact.unit.empty() ? "" : " (" + std::string(fact.unit) + ")") + "\n");
  }
  if (as_json) print_text(json_text(all, 2) + "\n");
  return kDone;
}

}  // namespace

void add_lesson_commands(CommandLine& line) {
  struct Flags {
    std::optional<std::string> path, code, lesson, student;
    bool json = false;
  };
  const auto flags = std::make_shared<Flags>();
  line.add_group("lesson", "Lessons beside the playground: their files, and codes of results");
  Command& checks =
      line.add("lesson check",
               "Whether a file is a lesson, or what the code of a result says, or what is wrong");
  checks.argument("file", flags->path, "A file of JSON, as docs/lessons.md says");
  checks.option("--code", flags->code, "In place of a file: the code that a lesson ends with",
                "CODE");
  checks.option("--lesson", flags->lesson,
                "The lesson that the code is said to be of; without it, one of Hourglass's own",
                "NAME|FILE");
  checks.option("--student", flags->student, "The name or number that the code is said to be for",
                "NAME");
  checks.flag("--json", flags->json, "One object on the last line");
  checks.runs([flags] {
    if (flags->path.has_value() == flags->code.has_value()) {
      throw Error(
          "'lesson check' takes the FILE of a lesson or the --code of a result" +
          std::string(flags->code ? ", and the file of a code's lesson as --lesson FILE." : "."));
    }
    if (flags->code) return check_code(*flags->code, flags->lesson, flags->student, flags->json);
    if (flags->lesson || flags->student) {
      throw Error("--lesson and --student say something of a --code, which is missing.");
    }
    return check_file(*flags->path, flags->json);
  });
  Command& lists = line.add("lesson list", "List the lessons that come with Hourglass");
  lists.flag("--json", flags->json, "As JSON, in both languages");
  lists.runs([flags] { return list(flags->json); });
  Command& names = line.add("lesson facts", "List what a lesson's goals can ask for");
  names.flag("--json", flags->json, "As JSON");
  names.runs([flags] { return facts(flags->json); });
}

}  // namespace hourglass
