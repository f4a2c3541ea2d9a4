#include "core/data/import/sentences.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "tests/support/source_path.h"

namespace hourglass {
namespace {

// The texts between quotes in the import's code, but for the tables themselves.
std::set<std::string> quoted_in_sources() {
  std::set<std::string> quoted;
  const std::regex text("\"([a-z0-9_.]+)\"");
  for (const auto& file : std::filesystem::directory_iterator(source_path("/core/data/import"))) {
    const std::string path = file.path().string();
    if (!path.ends_with(".cpp") || path.ends_with("_sentences.cpp")) continue;
    std::ifstream stream(path);
    std::stringstream whole;
    whole << stream.rdbuf();
    const std::string code = whole.str();
    for (std::sregex_iterator found(code.begin(), code.end(), text), end; found != end; ++found) {
      quoted.insert((*found)[1]);
    }
  }
  return quoted;
}

TEST_CASE("sentences of the import: each row is used, and each key that is used has a row") {
  std::set<std::string> keys, rooms;
  for (const std::span<const SentenceRow> table : import_sentences()) {
    for (const SentenceRow& row : table) {
      CAPTURE(row.key);
      CHECK(keys.insert(std::string(row.key)).second);
      const std::size_t dot = row.key.find('.');
      if (dot != row.key.npos) rooms.insert(std::string(row.key.substr(0, dot)));
    }
  }
  const std::set<std::string> quoted = quoted_in_sources();
  REQUIRE(quoted.size() > keys.size() / 2);
  for (const std::string& key : keys) {
    CAPTURE(key);
    CHECK(quoted.contains(key));
  }
  for (const std::string& word : quoted) {
    const std::size_t dot = word.find('.');
    if (dot == word.npos || !rooms.contains(word.substr(0, dot))) continue;
    if (word.ends_with(".txt") || word.ends_with(".csv")) continue;
    CAPTURE(word);
    CHECK(keys.contains(word));
  }
}

TEST_CASE("sentences of the import: phrases in a sentence keep their own keys") {
  const Sentence column = sentence("column.named", {"kind"});
  const Sentence made = sentence("table.counting", {column});
  CHECK(made.text ==
        "The column 'kind' counts the rows and is not trained on; "
        "data.leave_out=none keeps it.");
  CHECK(made.key == "table.counting");
  REQUIRE(made.values.size() == 1);
  CHECK(made.values[0] == column);
}

}  // namespace
}  // namespace hourglass
