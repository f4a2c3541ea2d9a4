// web/engine/commands.js, which tells JavaScript what each command takes, is made from the structs.
// With HOURGLASS_UPDATE=1 in the environment this test writes it.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/session/protocol/message_fields.h"
#include "tests/support/source_path.h"

using namespace hourglass::session;

namespace {

const std::string kPath = hourglass::source_path("/web/engine/commands.js");

// The kinds of web/engine/arguments.js.
std::string kind_of(const std::string&) { return "text"; }
std::string kind_of(const Value&) { return "value"; }
std::string kind_of(const std::vector<std::pair<std::string, Value>>&) { return "values"; }
std::string kind_of(std::int64_t) { return "count"; }
std::string kind_of(std::uint64_t) { return "count"; }
// Arrays have the types of a safetensors file.
std::string array_of(const Bytes&) { return "U8"; }
std::string array_of(const Floats&) { return "F32"; }
std::string array_of(const std::vector<std::uint32_t>&) { return "U32"; }

template <typename T>
concept IsArray = requires(const T& value) { array_of(value); };

std::string literal(const std::string& text) { return "'" + text + "'"; }
std::string literal(std::int64_t number) { return std::to_string(number); }

// "{ kind: 'text', job: 'count' }", or "" without entries.
std::string object(const std::string& entries) {
  return entries.empty() ? "" : "{ " + entries + " }";
}

void add(std::string& list, const std::string& entry) {
  list += (list.empty() ? "" : ", ") + entry;
}

// What a command that is made with nothing has, and is not nothing, may be left out.
template <typename Command>
std::string entry_of(const char* name) {
  std::string fields, arrays, defaults;
  const Command command;
  describe(command, [&](const char* field, const auto& value) {
    using T = std::remove_cvref_t<decltype(value)>;
    const std::string start = std::string(field) + ": ";
    if constexpr (IsArray<T>) {
      add(arrays, start + literal(array_of(value)));
    } else {
      // Steps are counted from 0, and -1 is none of them.
      const bool is_step = std::string_view(field) == "step";
      add(fields, start + literal(is_step ? "step" : kind_of(value)));
      if constexpr (requires { literal(value); }) {
        if (value != T{}) add(defaults, start + literal(value));
      }
    }
  });
  std::string parts;
  if (!fields.empty()) add(parts, "fields: " + object(fields));
  if (!arrays.empty()) add(parts, "arrays: " + object(arrays));
  if (!defaults.empty()) add(parts, "defaults: " + object(defaults));
  return "  " + std::string(name) + ": " + (parts.empty() ? "{}" : object(parts)) + ",\n";
}

template <typename... Commands>
std::string entries_of(const std::variant<Commands...>&) {
  std::string all;
  std::size_t i = 0;
  ((all += entry_of<Commands>(kCommandNames[i++])), ...);
  return all;
}

}  // namespace

TEST_CASE("JavaScript's table of commands is that of the structs") {
  const std::string expected =
      "// The arguments that each command takes, fields by their kind and arrays by their dtype\n"
      "// (arguments.js knows both). Made from core/session/protocol/message_fields.h by\n"
      "// tests/session/javascript_commands_test.cpp: HOURGLASS_UPDATE=1 writes it anew.\n"
      "// prettier-ignore\n"
      "export const COMMANDS = {\n" +
      entries_of(decltype(Command::body)()) + "};\n";
  if (std::getenv("HOURGLASS_UPDATE")) std::ofstream(kPath) << expected;
  std::ifstream file(kPath);
  REQUIRE(file);
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == expected);
}
