// Who may include whom. The rules are those of the README's picture of the rooms; this reads every
// include of the tree and holds it against them.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

// Each room, and the rooms that it may include besides itself.
const std::map<std::string, std::set<std::string>> kMay = {
    {"core/base", {}},
    {"core/math", {"core/base"}},
    {"core/model", {"core/base"}},
    {"core/nn", {"core/base", "core/math", "core/model"}},
    {"core/data", {"core/base", "core/math"}},
    {"core/train", {"core/base", "core/math", "core/model", "core/nn", "core/data"}},
    {"core/analysis",
     {"core/base", "core/math", "core/model", "core/nn", "core/data", "core/train"}},
    {"core/session",
     {"core/base", "core/math", "core/model", "core/nn", "core/data", "core/train",
      "core/analysis"}},
    {"ui", {"core/base", "core/model", "core/session"}},
    {"native",
     {"core/base", "core/math", "core/model", "core/nn", "core/data", "core/train", "core/analysis",
      "core/session", "ui"}},
    {"web", {"core/base", "core/math", "core/session", "ui"}},
};

// What the front end may know of the session: its messages and nothing behind them.
const std::set<std::string> kSessionHeadersForUi = {
    "core/session/messages.h", "core/session/settings.h", "core/session/wire.h",
    "core/session/presets.h", "core/session/network_info.h"};

// Rooms whose files must not include a system header that begins like this.
const std::vector<std::pair<std::string, std::vector<std::string>>> kForbiddenHeaders = {
    {"core", {"SDL", "imgui", "emscripten"}},
    {"core/model", {"Eigen"}},
    {"ui", {"SDL", "emscripten", "Eigen"}},
    {"native", {"emscripten"}},
};

std::string room_of(const std::string& path) {
  std::string best;
  for (const auto& [room, allowed] : kMay) {
    if (path.starts_with(room + "/") && room.size() > best.size()) best = room;
  }
  return best;
}

struct Include {
  std::string file, header;
  bool quoted;
};

std::vector<Include> all_includes() {
  std::vector<Include> includes;
  const fs::path root = HOURGLASS_SOURCE_DIR;
  for (const char* top : {"core", "ui", "native", "web"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const std::string ending = entry.path().extension().string();
      if (ending != ".h" && ending != ".cpp") continue;
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("#include ")) continue;
        const bool quoted = line[9] == '"';
        const auto end = line.find(quoted ? '"' : '>', 10);
        includes.push_back(
            {fs::relative(entry.path(), root).generic_string(), line.substr(10, end - 10), quoted});
      }
    }
  }
  return includes;
}

}  // namespace

TEST_CASE("includes go downwards only") {
  const auto includes = all_includes();
  CHECK(includes.size() > 200);
  for (const auto& [file, header, quoted] : includes) {
    CAPTURE(file);
    CAPTURE(header);
    const std::string from = room_of(file), to = room_of(header);
    CHECK_FALSE(from.empty());
    if (!to.empty() && to != from) CHECK(kMay.at(from).contains(to));
    if (from == "ui" && to == "core/session") CHECK(kSessionHeadersForUi.contains(header));
    for (const auto& [room, beginnings] : kForbiddenHeaders) {
      if (!file.starts_with(room + "/")) continue;
      for (const std::string& beginning : beginnings) CHECK_FALSE(header.starts_with(beginning));
    }
  }
}

TEST_CASE("only the web knows that it is compiled by Emscripten") {
  int in_math = 0;
  const fs::path root = HOURGLASS_SOURCE_DIR;
  for (const char* top : {"core", "ui", "native"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path());
      std::stringstream text;
      text << file.rdbuf();
      if (text.str().find("__EMSCRIPTEN__") == std::string::npos) continue;
      const std::string path = fs::relative(entry.path(), root).generic_string();
      CAPTURE(path);
      CHECK(path.starts_with("core/math/"));
      ++in_math;
    }
  }
  CHECK(in_math <= 1);
}

TEST_CASE("no file of the code is longer than six hundred lines") {
  const fs::path root = HOURGLASS_SOURCE_DIR;
  for (const char* top : {"core", "ui", "native", "web", "tests", "bench"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const std::string ending = entry.path().extension().string();
      if (ending != ".h" && ending != ".cpp" && ending != ".js" && ending != ".mjs") continue;
      if (entry.path().generic_string().find("node_modules") != std::string::npos) continue;
      std::ifstream file(entry.path());
      const auto lines = std::count(std::istreambuf_iterator<char>(file), {}, '\n');
      CAPTURE(entry.path().string());
      CHECK(lines <= 600);
    }
  }
}

// json_text() bears bytes that are no UTF-8; the library's own dump() throws, and a run is lost by
// it. A folder that is looked for first and made afterwards may have been made by another in
// between.
TEST_CASE("text becomes JSON, and a run gets its folder, in one place each") {
  const fs::path root = HOURGLASS_SOURCE_DIR;
  for (const auto& [call, place] :
       {std::pair<std::string, std::string>{".dump(", "core/base/json.cpp"},
        {"create_director", "native/cli_run_folder.cpp"}}) {
    int found = 0;
    for (const char* top : {"core", "ui", "native", "web"}) {
      for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
        const std::string ending = entry.path().extension().string();
        if (ending != ".h" && ending != ".cpp") continue;
        std::ifstream file(entry.path());
        std::stringstream text;
        text << file.rdbuf();
        if (text.str().find(call) == std::string::npos) continue;
        CAPTURE(call);
        CHECK(fs::relative(entry.path(), root).generic_string() == place);
        ++found;
      }
    }
    CHECK(found == 1);
  }
}
