#include "core/session/settings/settings.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/base/parse_number.h"
#include "core/base/write_number.h"

namespace hourglass::session {
namespace {

std::size_t row_of(std::string_view key) {
  const auto table = settings_table();
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].is_called(key)) return i;
  }
  const auto nearest =
      std::min_element(table.begin(), table.end(), [&](const auto& a, const auto& b) {
        return edit_distance(a.key, key) < edit_distance(b.key, key);
      });
  throw Error("There is no setting '" + std::string(key.substr(0, 100)) + "'; the nearest is '" +
              std::string(nearest->key) + "'.");
}

std::string choices_text(const Setting& setting) {
  std::string all;
  for (const std::string_view choice : setting.choices()) {
    all += (all.empty() ? "" : ", ") + std::string(choice);
  }
  return all;
}

// What the row allows, as the end of a sentence.
std::string allowed(const Setting& setting) {
  switch (setting.type) {
    case SettingType::kBool:
      return "true or false";
    case SettingType::kInteger:
      return "a whole number from " + std::to_string(static_cast<std::int64_t>(setting.low)) +
             " to " + std::to_string(static_cast<std::int64_t>(setting.high));
    case SettingType::kReal:
      return "a number from " + shortest_text(setting.low) + " to " + shortest_text(setting.high);
    case SettingType::kChoice:
      return "one of " + choices_text(setting);
    case SettingType::kText:
      return "text";
  }
  return "";
}

[[noreturn]] void refuse(const Setting& setting, const Value& value) {
  throw Error("The setting '" + std::string(setting.key) + "' cannot be '" +
              value_text(value).substr(0, 100) + "'; it must be " + allowed(setting) + ".");
}

}  // namespace

const Setting& find_setting(std::string_view key) { return settings_table()[row_of(key)]; }

std::string value_text(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* number = std::get_if<double>(&value)) return shortest_text(*number);
  return std::get<std::string>(value);
}

Value checked_value(const Setting& setting, const Value& value) {
  const auto* const text = std::get_if<std::string>(&value);
  switch (setting.type) {
    case SettingType::kBool:
      if (std::holds_alternative<bool>(value)) return value;
      if (text && (*text == "true" || *text == "1")) return true;
      if (text && (*text == "false" || *text == "0")) return false;
      break;
    case SettingType::kInteger: {
      std::int64_t whole = 0;
      bool good = false;
      if (const auto* given = std::get_if<std::int64_t>(&value)) {
        whole = *given;
        good = true;
      } else if (const auto* number = std::get_if<double>(&value)) {
        good = *number == std::floor(*number) && std::abs(*number) <= 9007199254740992.0;
        if (good) whole = static_cast<std::int64_t>(*number);
      } else if (text) {
        good = parse_number(*text, whole);
      }
      const auto as_real = static_cast<double>(whole);
      if (good && as_real >= setting.low && as_real <= setting.high) return whole;
      break;
    }
    case SettingType::kReal: {
      double number = 0;
      bool good = false;
      if (const auto* given = std::get_if<double>(&value)) {
        number = *given;
        good = true;
      } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        number = static_cast<double>(*whole);
        good = true;
      } else if (text) {
        good = parse_number(*text, number);
      }
      // Written so that a NaN fails.
      if (good && number >= setting.low && number <= setting.high) return number;
      break;
    }
    case SettingType::kChoice: {
      const auto choices = setting.choices();
      if (text && std::ranges::find(choices, *text) != choices.end()) return value;
      break;
    }
    case SettingType::kText:
      if (text) return value;
      break;
  }
  refuse(setting, value);
}

Value Setting::initial() const {
  switch (type) {
    case SettingType::kBool:
      return initial_number != 0;
    case SettingType::kInteger:
      return static_cast<std::int64_t>(initial_number);
    case SettingType::kReal:
      return initial_number;
    case SettingType::kChoice:
    case SettingType::kText:
      break;
  }
  return std::string(initial_text);
}

std::span<const std::string_view> Setting::choices() const {
  return names ? names() : std::span<const std::string_view>{};
}

bool Setting::is_called(std::string_view name) const {
  return key == name || std::ranges::find(aliases, name) != aliases.end();
}

std::string Circumstances::text(std::string_view key) const {
  const Value found = value(key);
  const auto* const held = std::get_if<std::string>(&found);
  return held ? *held : std::string();
}

bool Circumstances::is_on(std::string_view key) const {
  const Value found = value(key);
  const auto* const number = std::get_if<double>(&found);
  return number && *number > 0;
}

Settings::Settings() {
  for (const Setting& setting : settings_table()) values_.push_back(setting.initial());
}

const Value& Settings::get(std::string_view key) const { return values_[row_of(key)]; }

void Settings::set(std::string_view key, const Value& value) {
  const std::size_t row = row_of(key);
  values_[row] = checked_value(settings_table()[row], value);
}

bool Settings::flag(std::string_view key) const { return std::get<bool>(get(key)); }
std::int64_t Settings::integer(std::string_view key) const {
  return std::get<std::int64_t>(get(key));
}
double Settings::real(std::string_view key) const { return std::get<double>(get(key)); }
const std::string& Settings::text(std::string_view key) const {
  return std::get<std::string>(get(key));
}

std::vector<std::pair<std::string, Value>> Settings::all() const {
  std::vector<std::pair<std::string, Value>> all;
  const auto table = settings_table();
  for (std::size_t i = 0; i < table.size(); ++i) all.emplace_back(table[i].key, values_[i]);
  return all;
}

}  // namespace hourglass::session
