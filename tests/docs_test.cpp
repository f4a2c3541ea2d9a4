// The documents name files; these are there.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#include "tests/support/source_path.h"

namespace fs = std::filesystem;

TEST_CASE("the files that the documents name are the files") {
  const fs::path root = hourglass::source_path("");
  const std::regex named(
      R"re(`((?:core|ui|native|web|tests|assets|docs|bench|cmake)/[A-Za-z0-9_./-]*)`)re");
  int found = 0;
  for (const char* document : {"docs/architecture.md", "docs/adding.md", "docs/lessons.md",
                               "CONTRIBUTING.md", "README.md"}) {
    std::ifstream file(root / document);
    REQUIRE(file);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (std::sregex_iterator at(text.begin(), text.end(), named), end; at != end; ++at) {
      const std::string name = (*at)[1];
      CAPTURE(document);
      CAPTURE(name);
      CHECK(fs::exists(root / name));
      ++found;
    }
  }
  CHECK(found > 60);
}
