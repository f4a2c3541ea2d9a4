// The one table of settings. Widgets, command-line flags, presets, the page's address, the
// JavaScript interface and the checks of bounds are all made from it: a new setting is one new row.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/session/protocol/messages.h"

namespace hourglass::session {

enum class SettingType { kBool, kInteger, kReal, kChoice, kText };
enum class Scale { kLinear, kLogarithmic };

// When a change of the setting takes effect.
enum class Effect {
  kAtOnce,   // in the very next mini-batch or snapshot
  kOnReset,  // when the run is reset: it changes the model or the data
};

struct Setting {
  std::string_view key;  // "train.learning_rate"; also the path in a preset's JSON
  SettingType type;
  Value initial;
  double low = 0, high = 0;  // kInteger and kReal: inclusive range
  Scale scale = Scale::kLinear;
  double smallest = 0;  // kLogarithmic with low = 0: where the scale begins above the 0 for "off"
  std::vector<std::string_view> choices;  // kChoice: what it may be
  std::string_view unit;                  // "", "images", ...
  Effect effect = Effect::kAtOnce;
  // Texts are found under "setting.KEY.label" and "setting.KEY.help".
};

// All rows, in the order in which they are shown.
std::span<const Setting> settings_table();

// The row of `key`. Throws Error naming the nearest existing key if there is none.
const Setting& find_setting(std::string_view key);

// `value` made to fit the row's type (an integer for a real, text for any), or an Error that says
// what is allowed. Numbers out of range are refused, not clamped.
Value checked_value(const Setting& setting, const Value& value);

// The text of a value, as the command line and the page's address write it; `parse` is its inverse.
std::string value_text(const Value& value);

// Current values of all settings.
class Settings {
 public:
  Settings();  // initial values

  const Value& get(std::string_view key) const;
  void set(std::string_view key, const Value& value);  // checks as checked_value() does

  bool flag(std::string_view key) const;
  std::int64_t integer(std::string_view key) const;
  double real(std::string_view key) const;
  const std::string& text(std::string_view key) const;

  std::vector<std::pair<std::string, Value>> all() const;

 private:
  std::vector<Value> values_;  // in the table's order
};

}  // namespace hourglass::session
