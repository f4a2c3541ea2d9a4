#include "native/desktop/preferences.h"

#include <SDL.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "core/base/json.h"

namespace hourglass {
namespace {

using nlohmann::json;

constexpr std::size_t kLargest = 64 * 1024;  // of a file that can be ours

std::string one_of(const json& object, const char* key, const char* first, const char* second) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return {};
  const auto& text = found->get_ref<const std::string&>();
  return text == first || text == second ? text : std::string();
}

int side(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return 0;
  const auto value = found->get<std::int64_t>();
  return value >= 200 && value <= 8192 ? static_cast<int>(value) : 0;
}

std::string kept_file(const char* name) {
  char* folder = SDL_GetPrefPath(nullptr, "hourglass");
  if (!folder) return {};
  const std::string file = std::string(folder) + name;
  SDL_free(folder);
  return file;
}

}  // namespace

std::string preferences_file() { return kept_file("preferences.json"); }

std::string draft_file() { return kept_file("lesson-draft.json"); }

DesktopPreferences read_preferences(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text(kLargest, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  const json object = parse_json(text);
  DesktopPreferences result;
  if (!object.is_object()) return result;
  result.language = one_of(object, "language", "en", "zh");
  result.theme = one_of(object, "theme", "light", "dark");
  result.width = side(object, "width");
  result.height = side(object, "height");
  if (result.width == 0 || result.height == 0) result.width = result.height = 0;
  return result;
}

void write_preferences(const std::string& file, const DesktopPreferences& preferences) {
  json object = json::object();
  if (!preferences.language.empty()) object["language"] = preferences.language;
  if (!preferences.theme.empty()) object["theme"] = preferences.theme;
  if (preferences.width > 0) {
    object["width"] = preferences.width;
    object["height"] = preferences.height;
  }
  replace_file(file, json_text(object, 1) + "\n");
}

bool replace_file(const std::string& file, const std::string& text) {
  const std::string partial = file + ".partial";
  {
    std::ofstream stream(partial, std::ios::binary);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    stream.close();
    if (!stream) return false;
  }
  std::error_code error;
  std::filesystem::rename(partial, file, error);
  return !error;
}

}  // namespace hourglass
