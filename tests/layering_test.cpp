// Who may include whom. The rules are those of docs/architecture.md's picture of the rooms; this
// reads every include of the tree and holds it against them.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/source_path.h"

namespace fs = std::filesystem;

namespace {

// The rooms of the engine from the ground up. Each may include those before it, but for what is
// struck out below; a room within a room is a room of its own.
const std::vector<std::string> kEngine = {"core/base",
                                          "core/model",
                                          "core/math/simd",
                                          "core/math",
                                          "core/math/gemm",
                                          "core/math/conv",
                                          "core/formats",
                                          "core/text",
                                          "core/data",
                                          "core/data/sources",
                                          "core/data/import",
                                          "core/strokes",
                                          "core/nn/layers",
                                          "core/nn/optim",
                                          "core/nn",
                                          "core/train",
                                          "core/analysis",
                                          "core/export",
                                          "core/session/protocol",
                                          "core/session/settings",
                                          "core/session/lesson",
                                          "core/session/engine",
                                          "core/session/export"};

// What of the rooms before it a room does without.
const std::map<std::string, std::set<std::string>> kNever = {
    {"core/math/simd", {"core/model"}},
    {"core/math", {"core/model"}},
    {"core/math/gemm", {"core/model"}},
    {"core/math/conv", {"core/model"}},
    {"core/formats", {"core/model", "core/math/simd", "core/math/gemm", "core/math/conv"}},
    {"core/text", {"core/model", "core/math/simd", "core/math/gemm", "core/math/conv"}},
    {"core/data", {"core/model", "core/math/gemm", "core/math/conv"}},
    {"core/data/sources", {"core/model", "core/math/gemm", "core/math/conv"}},
    {"core/data/import", {"core/model", "core/math/gemm", "core/math/conv"}},
    {"core/strokes",
     {"core/model", "core/math/gemm", "core/math/conv", "core/formats", "core/text",
      "core/data/sources", "core/data/import"}},
    {"core/nn/layers",
     {"core/formats", "core/text", "core/data", "core/data/sources", "core/data/import",
      "core/strokes"}},
    {"core/nn/optim",
     {"core/formats", "core/text", "core/data", "core/data/sources", "core/data/import",
      "core/strokes"}},
    {"core/nn",
     {"core/formats", "core/text", "core/data", "core/data/sources", "core/data/import",
      "core/strokes"}},
    {"core/train", {"core/data/sources", "core/data/import", "core/strokes"}},
    {"core/analysis", {"core/data/sources", "core/data/import", "core/strokes"}},
    {"core/export",
     {"core/math/simd", "core/math/gemm", "core/math/conv", "core/text", "core/data",
      "core/data/sources", "core/data/import", "core/strokes", "core/train", "core/analysis"}},
};

// Above the engine: each room, and the rooms that it may include besides itself.
const std::map<std::string, std::set<std::string>> kAbove = {
    {"native/platform", {}},
    {"native/plots", {}},
    {"native/cli/console", {}},
    {"native/cli/plan", {"native/platform", "native/cli/console"}},
    {"native/cli/plots", {"native/plots", "native/cli/console"}},
    {"native/cli/report",
     {"native/cli/console", "native/cli/plan", "native/cli/plots", "native/platform",
      "native/plots"}},
    {"native/cli/distributed", {"native/cli/console", "native/cli/plan"}},
    {"native/cli/commands",
     {"native/platform", "native/plots", "native/cli/console", "native/cli/plan",
      "native/cli/plots", "native/cli/report", "native/cli/distributed"}},
    {"native/cli",
     {"native/platform", "native/cli/console", "native/cli/distributed", "native/cli/commands"}},
    {"native/desktop", {"native/platform", "native/plots", "ui/frame", "ui/latent_map"}},
    {"web",
     {"core/base", "core/math", "core/math/simd", "core/session/protocol", "core/session/settings",
      "core/session/engine", "core/session/export", "ui/frame"}},
};

// The front end below its features: kit draws and knows only theme, widgets and input; state is
// what the engine has said and what is asked of it.
const std::map<std::string, std::set<std::string>> kUi = {
    {"ui/kit", {}},
    {"ui/state", {"ui/kit"}},
    {"ui/settings", {"ui/kit", "ui/state"}},
    {"ui/jobs", {"ui/kit", "ui/state"}},
    {"ui/images", {"ui/kit", "ui/state"}},
    {"ui/model", {}},
};

// Every other folder of ui is a feature, and may include those. What one knows of another is named
// here; the frame alone knows them all.
const std::map<std::string, std::set<std::string>> kUiFeatures = {
    {"ui/weights", {"ui/code"}},          // a tile opens its unit there
    {"ui/tsne", {"ui/latent_map"}},       // the same points, placed by another rule
    {"ui/compare", {"ui/latent_map"}},    // two such maps
    {"ui/documents", {"ui/latent_map"}},  // a map of all documents
    {"ui/runs", {"ui/compare"}},          // a run opens there
    // Goals of lessons ask what was done in these.
    {"ui/lesson", {"ui/anomaly", "ui/code", "ui/latent_map"}},
    {"ui/teacher", {"ui/lesson", "ui/save"}},  // previews a lesson, and saves its file
};

// What of the engine the front end sees; kit sees the base alone.
const std::set<std::string> kUiSees = {"core/base", "core/model", "core/session/protocol",
                                       "core/session/settings", "core/session/lesson"};

void add_ui_rooms(std::map<std::string, std::set<std::string>>& rooms) {
  std::set<std::string> below = kUiSees;
  for (const auto& [room, may] : kUi) {
    below.insert(room);
    rooms[room] = may;
    if (room == "ui/kit") {
      rooms[room].insert("core/base");
    } else {
      rooms[room].insert(kUiSees.begin(), kUiSees.end());
    }
  }
  std::set<std::string> all = below;
  for (const auto& entry : fs::directory_iterator(fs::path(hourglass::source_path("")) / "ui")) {
    const std::string room = "ui/" + entry.path().filename().string();
    if (!entry.is_directory() || rooms.contains(room)) continue;
    rooms[room] = below;
    if (const auto more = kUiFeatures.find(room); more != kUiFeatures.end()) {
      rooms[room].insert(more->second.begin(), more->second.end());
    }
    all.insert(room);
  }
  rooms["ui/frame"] = all;
}

std::map<std::string, std::set<std::string>> all_rooms() {
  auto rooms = kAbove;
  for (auto& [room, may] : rooms) {
    if (room.starts_with("native/")) may.insert(kEngine.begin(), kEngine.end());
  }
  add_ui_rooms(rooms);
  std::set<std::string> before;
  for (const std::string& room : kEngine) {
    rooms[room] = before;
    if (const auto never = kNever.find(room); never != kNever.end()) {
      for (const std::string& other : never->second) rooms[room].erase(other);
    }
    before.insert(room);
  }
  return rooms;
}

const std::map<std::string, std::set<std::string>> kMay = all_rooms();

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
  const fs::path root = hourglass::source_path("");
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
    for (const auto& [room, beginnings] : kForbiddenHeaders) {
      if (!file.starts_with(room + "/")) continue;
      for (const std::string& beginning : beginnings) CHECK_FALSE(header.starts_with(beginning));
    }
  }
}

TEST_CASE("only the web knows that it is compiled by Emscripten") {
  int in_math = 0;
  const fs::path root = hourglass::source_path("");
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

TEST_CASE("no file of the code is longer than 400 lines, and none of its tests than 600") {
  const fs::path root = hourglass::source_path("");
  for (const char* top : {"core", "ui", "native", "web", "tests", "bench"}) {
    const int most = std::string_view(top) == "tests" ? 600 : 400;
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const std::string ending = entry.path().extension().string();
      if (ending != ".h" && ending != ".cpp" && ending != ".js" && ending != ".mjs") continue;
      if (entry.path().generic_string().find("node_modules") != std::string::npos) continue;
      std::ifstream file(entry.path());
      const auto lines = std::count(std::istreambuf_iterator<char>(file), {}, '\n');
      CAPTURE(entry.path().string());
      CHECK(lines <= most);
    }
  }
}

// json_text() bears bytes that are no UTF-8; the library's own dump() throws, and a run is lost by
// it. A folder that is looked for first and made afterwards may have been made by another in
// between.
TEST_CASE("text becomes JSON, and a run gets its folder, in one place each") {
  const fs::path root = hourglass::source_path("");
  for (const auto& [call, place] :
       {std::pair<std::string, std::string>{".dump(", "core/base/json.cpp"},
        {"create_director", "native/cli/plan/run_folder.cpp"}}) {
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
