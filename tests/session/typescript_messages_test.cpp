// web/npm/messages.d.ts, which tells TypeScript of settings, commands and events, is made from the
// settings table and the structs. With HOURGLASS_UPDATE=1 in the environment this test writes it.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/session/protocol/message_fields.h"
#include "core/session/settings/presets.h"
#include "core/session/settings/settings.h"
#include "tests/support/source_path.h"

using namespace hourglass::session;

namespace {

const std::string kPath = hourglass::source_path("/web/npm/messages.d.ts");

template <typename Names>
std::string union_of(const Names& names) {
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "'" : " | '") + std::string(name) + "'";
  return all;
}

// ------------------------------------------------------------------------- types of fields

using NamedValues = std::vector<std::pair<std::string, Value>>;

std::string type_of(const std::string&) { return "string"; }
std::string type_of(bool) { return "boolean"; }
std::string type_of(double) { return "number"; }
std::string type_of(float) { return "number"; }
std::string type_of(std::int64_t) { return "number"; }
std::string type_of(std::uint64_t) { return "number"; }
std::string type_of(Phase) { return union_of(kPhaseNames); }
std::string type_of(JobEnd) { return union_of(kJobEndNames); }
std::string type_of(const Bytes&) { return "Uint8Array"; }
std::string type_of(const Floats&) { return "Float32Array"; }
std::string type_of(const std::vector<std::uint32_t>&) { return "Uint32Array"; }
std::string type_of(const std::vector<std::int32_t>&) { return "Int32Array"; }
std::string type_of(const LayerInfo&) { return "LayerInfo"; }
std::string type_of(const FactorInfo&) { return "FactorInfo"; }
std::string type_of(const LossPoint&) { return "LossPoint"; }
std::string type_of(const EpochMetrics&) { return "EpochMetrics"; }
std::string type_of(const DiagnosisInfo&) { return "DiagnosisInfo"; }
std::string type_of(const NetworkInfo&) { return "NetworkInfo"; }
std::string type_of(const NamedValues&) { return "Settings"; }
template <typename T>
std::string type_of(const std::vector<T>&) {
  return type_of(T()) + "[]";
}

template <typename T>
constexpr bool is_shared = false;
template <typename T>
constexpr bool is_shared<Shared<T>> = true;

// The fields of an event or of a part of one, a line each. What has not changed is left out of it.
template <typename Message>
std::string fields_of(const std::string& indent) {
  std::string lines;
  const Message message;
  describe(message, [&](const char* field, const auto& value) {
    using T = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_same_v<T, std::vector<JobArray>>) {
      // The arrays themselves are fields beside it, under their own names.
      lines += indent + field + ": Record<string, number[]>;\n";
      lines += indent + "[array: string]: unknown;\n";
    } else if constexpr (is_shared<T>) {
      lines += indent + field + "?: " + type_of(typename T::element_type()) + ";\n";
    } else {
      lines += indent + field + ": " + type_of(value) + ";\n";
    }
  });
  return lines;
}

template <typename Message>
std::string interface_of(const char* name) {
  return "export interface " + std::string(name) + " {\n" + fields_of<Message>("  ") + "}\n\n";
}

template <typename... Events>
std::string events_of(const std::variant<Events...>&) {
  std::string all;
  std::size_t i = 0;
  const auto add = [&](const std::string& fields) {
    all += "  " + std::string(kEventNames[i++]) + ": {\n" + fields + "  };\n";
  };
  (add(fields_of<Events>("    ")), ...);
  return all;
}

// ----------------------------------------------------------------- arguments of commands

// What is given may be less exact than what comes: numbers for an array.
std::string argument_of(const std::string&) { return "string"; }
std::string argument_of(const Value&) { return "SettingValue"; }
std::string argument_of(const NamedValues&) { return "Partial<Settings>"; }
std::string argument_of(std::int64_t) { return "number"; }
std::string argument_of(std::uint64_t) { return "number"; }
template <typename T>
std::string argument_of(const std::vector<T>& array) {
  return type_of(array) + " | ArrayBuffer | readonly number[]";
}
template <typename T>
constexpr bool is_array = false;
template <typename T>
constexpr bool is_array<std::vector<T>> = !std::is_same_v<std::vector<T>, NamedValues>;

// An array may be left out, and so may what a command that is made with nothing has all the same.
template <typename Command>
std::string arguments_of() {
  std::string all;
  const Command command;
  describe(command, [&](const char* field, const auto& value) {
    using T = std::remove_cvref_t<decltype(value)>;
    bool optional = is_array<T>;
    if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::int64_t>) {
      optional = value != T{};
    }
    all += (all.empty() ? "" : "; ") + std::string(field) + (optional ? "?: " : ": ") +
           argument_of(value);
  });
  return all.empty() ? "{}" : "{ " + all + " }";
}

template <typename... Commands>
std::string commands_of(const std::variant<Commands...>&) {
  std::string all;
  std::size_t i = 0;
  ((all += "  " + std::string(kCommandNames[i++]) + ": " + arguments_of<Commands>() + ";\n"), ...);
  return all;
}

// --------------------------------------------------------------------------------- settings

std::string type_of(const Setting& setting) {
  switch (setting.type) {
    case SettingType::kBool:
      return "boolean";
    case SettingType::kChoice:
      return union_of(setting.choices());
    case SettingType::kText:
      return "string";
    default:
      return "number";
  }
}

// "From 1 to 4096 images, at first 256; after a reset."
std::string remark_on(const Setting& setting) {
  const std::string initial = value_text(setting.initial());
  std::string remark;
  if (setting.type == SettingType::kInteger || setting.type == SettingType::kReal) {
    const bool is_whole = setting.type == SettingType::kInteger;
    const auto bound = [&](double number) {
      return value_text(is_whole ? Value(static_cast<std::int64_t>(number)) : Value(number));
    };
    remark = std::string(is_whole ? "A whole number from " : "From ") + bound(setting.low) +
             " to " + bound(setting.high) +
             (setting.unit.empty() ? "" : " " + std::string(setting.unit)) + ", at first " +
             initial;
  } else {
    remark = "At first " + (initial.empty() ? "empty" : initial);
  }
  return remark + (setting.effect == Effect::kOnReset ? "; acts with the next reset." : ".");
}

std::string settings_text() {
  std::string all;
  for (const Setting& setting : settings_table()) {
    all += "  /** " + remark_on(setting) + " */\n  '" + std::string(setting.key) +
           "': " + type_of(setting) + ";\n";
  }
  return all;
}

std::string preset_names() {
  std::vector<std::string> names;
  for (const Preset& preset : presets()) names.push_back(preset.name);
  return union_of(names);
}

std::string expected_text() {
  return "// Settings, commands and events of the engine. Made from the settings table and from\n"
         "// core/session/protocol/message_fields.h by "
         "tests/session/typescript_messages_test.cpp:\n"
         "// HOURGLASS_UPDATE=1 writes it anew.\n\n"
         "export type SettingValue = boolean | number | string;\n\n"
         "/** Every setting with its type. */\nexport interface Settings {\n" +
         settings_text() +
         "}\n\n/** Names that the command load_preset takes. */\nexport type PresetName = " +
         preset_names() +
         ";\n\n/** Every command with its arguments. */\nexport interface Commands {\n" +
         commands_of(decltype(Command::body)()) + "}\n\n" + interface_of<LayerInfo>("LayerInfo") +
         interface_of<NetworkInfo>("NetworkInfo") + interface_of<FactorInfo>("FactorInfo") +
         interface_of<LossPoint>("LossPoint") + interface_of<EpochMetrics>("EpochMetrics") +
         interface_of<DiagnosisInfo>("DiagnosisInfo") +
         "/** Every event with what it tells. */\nexport interface EngineEvents {\n" +
         events_of(Event()) + "}\n";
}

}  // namespace

TEST_CASE("TypeScript's settings, commands and events are those of the engine") {
  const std::string expected = expected_text();
  if (std::getenv("HOURGLASS_UPDATE")) std::ofstream(kPath) << expected;
  std::ifstream file(kPath);
  REQUIRE(file);
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == expected);
}
