#include "native/desktop/lessons.h"

#include <system_error>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/session/lesson/lesson.h"
#include "native/desktop/preferences.h"

namespace hourglass {
namespace {

std::string file_text(const std::filesystem::path& file) {
  const std::vector<std::uint8_t> bytes = read_file(file, session::kMaxLessonBytes);
  return {bytes.begin(), bytes.end()};
}

std::string list_json() {
  Json list = Json::array();
  for (const std::string_view file : session::lesson_files()) {
    const session::LessonReading reading = session::read_lesson(file);
    if (!reading.error.empty()) continue;
    const session::Lesson& lesson = reading.lesson;
    const auto both = [](const session::LocalText& text) {
      return Json{{"en", text.en}, {"zh", text.zh}};
    };
    list.push_back(Json{{"name", lesson.name},
                        {"title", both(lesson.title)},
                        {"about", both(lesson.about)},
                        {"minutes", lesson.minutes}});
  }
  return json_text(list);
}

}  // namespace

std::string lesson_text(const std::string& name_or_file) {
  std::string names;
  for (const std::string_view file : session::lesson_files()) {
    const std::string name = session::read_lesson(file).lesson.name;
    if (name == name_or_file) return std::string(file);
    names += (names.empty() ? "" : ", ") + name;
  }
  std::error_code error;
  if (std::filesystem::is_regular_file(name_or_file, error)) return file_text(name_or_file);
  throw Error("There is neither a lesson nor a file '" + to_utf8(name_or_file.substr(0, 200)) +
              "'; the lessons are " + (names.empty() ? "none" : names) + ".");
}

bool is_lesson(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error) ||
      std::filesystem::file_size(file, error) > session::kMaxLessonBytes || error) {
    return false;
  }
  try {
    const std::string text = file_text(file);
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos || text[begin] != '{') return false;
    const Json json = parse_json(text);
    return json.is_object() && json.contains("lesson");
  } catch (const Error&) {
    return false;  // whoever opens it otherwise says what is wrong
  }
}

void open_lesson(const std::string& name_or_file, ui::App& app) {
  std::string sentence;
  try {
    sentence = app.open_lesson(lesson_text(name_or_file));
  } catch (const Error& error) {
    sentence = error.what();
  }
  if (!sentence.empty()) app.receive(session::Failure{0, sentence});
}

void open_teacher(const std::string& draft_file, ui::App& app) {
  std::string draft;
  try {
    if (!draft_file.empty()) draft = file_text(draft_file);
  } catch (const Error&) {
    // There is none yet.
  }
  app.teach(draft);
}

void bring_lesson(const std::string& name, const std::string& draft_file, ui::App& app) {
  if (name.empty()) {
    app.set_lesson_list(list_json());
  } else if (name == "+") {
    open_teacher(draft_file, app);
  } else if (name.starts_with('+')) {
    // A disk that is full is told where the lesson is saved.
    if (!draft_file.empty()) replace_file(draft_file, name.substr(1));
  } else {
    open_lesson(name, app);
  }
}

}  // namespace hourglass
