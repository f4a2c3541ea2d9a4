// Files of core, of ui and of the command line are compiled together (CMAKE_UNITY_BUILD): what one
// has for itself has another name in every other one. A build of one file at a time would not say
// so.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "tests/support/source_path.h"

namespace fs = std::filesystem;

namespace {

// "(const std::vector<int>& places, int rank)" as "const std::vector<int>&,int,": overloads are
// told apart by their types.
std::string types_of(const std::string& parameters) {
  std::string types, parameter;
  int depth = 0;
  static const std::regex name(R"(^\s+|\s*\b\w+\s*$)"),
      number(
          R"(^(?:const )?(?:std::)?(?:u?int(?:\d+_t)?|size_t|Index|char(?:16|32)_t|double|float|Scalar)$)");
  const auto end_parameter = [&] {
    const std::string type = std::regex_replace(parameter, name, "");
    // Between numbers of two types a third chooses neither.
    types += (std::regex_match(type, number) ? "number" : type) + ",";
    parameter.clear();
  };
  for (const char c : parameters) {
    depth += (c == '<' || c == '(') - (c == '>' || c == ')');
    if (c == ',' && depth == 0) {
      end_parameter();
    } else {
      parameter += c;
    }
  }
  end_parameter();
  return types;
}

// The constants, types and functions that begin on `line` of an unnamed namespace.
std::vector<std::string> names_on(const std::string& line) {
  static const std::regex constant(R"(\b(k[A-Z]\w*)(\[\w*\])* = )"),
      constants("^constexpr |^const ");
  static const std::regex type(R"(^(?:struct|class|enum class|enum) (\w+)[^;]*\{$)");
  static const std::regex function(
      R"(^(?!constexpr \S+ k[A-Z])[\w:<>,&* \[\]]*?((?:\w+::)*\w+)\((.*)\) \{)");
  std::vector<std::string> names;
  std::smatch found;
  if (std::regex_search(line, constants)) {
    for (std::sregex_iterator each(line.begin(), line.end(), constant), end; each != end; ++each) {
      names.push_back((*each)[1]);
    }
  }
  if (names.empty() && std::regex_search(line, found, type)) {
    names.push_back(found[1]);
  } else if (names.empty() && std::regex_search(line, found, function)) {
    names.push_back(found[1].str() + "(" + types_of(found[2]) + ")");
  }
  return names;
}

}  // namespace

TEST_CASE("no two files have the same name in an unnamed namespace") {
  const fs::path root = hourglass::source_path("");
  for (const char* top : {"core", "ui", "native/cli"}) {
    std::map<std::string, std::string> places;
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      if (entry.path().extension() != ".cpp") continue;
      const std::string place = fs::relative(entry.path(), root).generic_string();
      std::ifstream file(entry.path());
      bool is_unnamed = false;
      for (std::string line; std::getline(file, line);) {
        if (line == "namespace {") is_unnamed = true;
        if (line == "}  // namespace") is_unnamed = false;
        if (!is_unnamed || line.empty() || line[0] == ' ') continue;
        for (const std::string& name : names_on(line)) {
          const auto [first, is_new] = places.emplace(name, place);
          CAPTURE(name);
          CAPTURE(place);
          if (!is_new) CHECK(first->second == place);
        }
      }
    }
    CHECK(places.size() > 100);
  }
}
