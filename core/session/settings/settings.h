// The one table of settings. Widgets, command-line flags, presets, the page's address, the
// JavaScript interface, presets, the session's reactions and the checks of bounds are all made from
// it: a new setting is one new row and its texts.
#pragma once

#include <functional>
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

// Whose the setting is.
enum class Scope {
  kRun,      // the run's: presets and checkpoints have it, and another value makes another run
  kView,     // of what is on display
  kMachine,  // of this machine: results do not depend on it
};

// Under which heading the panel of training shows it: the text "training.NAME".
enum class Group {
  kNone,  // elsewhere, or not on the screen
  kLoss,
  kOptimizer,
  kSchedule,
  kPenalties,
  kStop,
  kData,
  kMachine,
};
std::span<const std::string_view> group_names();  // in the order of the enumerators; kNone is ""

// What a change wakes up, at once or with the reset that it waits for; bits of Setting::wakes.
namespace wakes {
inline constexpr unsigned kData = 1;   // the data set is made or fetched anew
inline constexpr unsigned kRun = 2;    // the trainer takes it up
inline constexpr unsigned kMap = 4;    // the map gets other points
inline constexpr unsigned kPlane = 8;  // the map's points are projected anew
inline constexpr unsigned kImages = 16;
inline constexpr unsigned kNoise = 32;  // of the images on display
inline constexpr unsigned kSample = 64;
inline constexpr unsigned kTiles = 128;
inline constexpr unsigned kRound = 256;  // what takes long is refreshed at once
inline constexpr unsigned kPace = 512;
inline constexpr unsigned kDisplay = kMap | kPlane | kImages | kNoise | kSample | kTiles | kPace;
}  // namespace wakes

// What a setting's use hangs on: the other settings and the network that they make.
struct Circumstances {
  std::function<Value(std::string_view key)> value;
  const NetworkInfo& network;

  std::string text(std::string_view key) const;
  bool is_on(std::string_view key) const;  // a number above 0
};

// The engine's structs that settings are bound to; see core/session/settings/run_specs.h.
struct RunSpecs;

// One row says all that is known of a setting; it is a constant, which costs the page less than
// code that makes it. Texts are found under "setting.KEY.label" and
// "setting.KEY.help".
struct Setting {
  std::string_view key;  // "train.learning_rate"; also the path in a preset's JSON
  SettingType type = SettingType::kReal;
  double initial_number = 0;           // kBool (0 or 1), kInteger, kReal
  std::string_view initial_text = {};  // kChoice, kText
  double low = 0, high = 0;            // kInteger and kReal: inclusive range
  Scale scale = Scale::kLinear;
  double smallest = 0;  // kLogarithmic with low = 0: where the scale begins above the 0 for "off"
  std::span<const std::string_view> (*names)() = nullptr;  // kChoice: what it may be
  std::string_view unit = {};                              // "", "images", ...
  Effect effect = Effect::kAtOnce;
  Scope scope = Scope::kRun;
  Group group = Group::kNone;
  int place = 0;       // within the group
  unsigned wakes = 0;  // see above
  // Whether it plays a part beside the others; null: always. A run with other values of settings
  // that play none is no other run.
  bool (*applies)(const Circumstances& circumstances) = nullptr;
  // Puts its value into the engine's structs; null where the session reads it by its key.
  void (*bind)(const Value& value, RunSpecs& specs) = nullptr;
  // Where the samples come from, or what decides when a run ends: the same model in training has
  // any of them.
  bool is_source = false, is_limit = false;
  bool stays_with_preset = false;                  // a preset does not set it back
  bool on_command_line = true;                     // --set takes it
  bool on_screen = true;                           // a run on the screen has a use for it
  std::span<const std::string_view> aliases = {};  // names that it had, or has elsewhere

  Value initial() const;
  std::span<const std::string_view> choices() const;
  bool is_called(std::string_view name) const;  // its key or an alias
};

// All rows, in the order in which they are shown.
std::span<const Setting> settings_table();

// The row of `key` or of what has it for an alias. Throws Error naming the nearest existing key if
// there is none.
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
