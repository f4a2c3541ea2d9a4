#include "core/session/settings/presets.h"

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/session/settings/settings_json.h"

namespace hourglass::session {

// Generated from assets/presets/ by CMake.
std::span<const std::string_view> preset_files();

namespace {

Preset parse(std::string_view text) {
  const OrderedJson json = parse_ordered_json(text);
  Preset preset;
  preset.name = json.at("name");
  preset.settings = json_text(json.at("settings"));
  if (!json.contains("source")) return preset;  // cut down for the web
  preset.source = json.at("source");
  preset.teaches_en = json.at("teaches").at("en");
  preset.teaches_zh = json.at("teaches").at("zh");
  for (const auto& figure : json.at("published")) {
    preset.published.push_back({figure.at("metric"), figure.at("value"), figure.at("epoch")});
  }
  return preset;
}

}  // namespace

std::span<const Preset> presets() {
  static const std::vector<Preset> all = [] {
    std::vector<Preset> parsed;
    for (const std::string_view file : preset_files()) parsed.push_back(parse(file));
    return parsed;
  }();
  return all;
}

const Preset& find_preset(std::string_view name) {
  std::string names;
  for (const Preset& preset : presets()) {
    if (preset.name == name) return preset;
    names += (names.empty() ? "" : ", ") + preset.name;
  }
  throw Error("There is no preset '" + std::string(name.substr(0, 100)) + "'; there are " + names +
              ".");
}

void apply_preset(const Preset& preset, Settings& settings) {
  Settings changed;
  for (const auto& [key, value] : settings.all()) {
    if (is_session_setting(key) || key == "train.seed") changed.set(key, value);
  }
  apply_settings_json(preset.settings, "preset '" + preset.name + "'", changed);
  settings = std::move(changed);
}

std::string matching_preset(const Settings& settings) {
  const bool constant = settings.text("train.schedule") == "constant";
  for (const Preset& preset : presets()) {
    Settings unchanged = settings;
    apply_preset(preset, unchanged);
    const auto expected = unchanged.all(), present = settings.all();
    bool same = true;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      // Scaling is part of what a model learns, not of where the data come from.
      const std::string& key = expected[i].first;
      const bool is_source = key.starts_with("data.") && key != "data.scaling";
      // Models saved when these began at other values still are of their preset.
      const bool is_idle = constant && (key == "train.decay" || key == "train.decay_steps");
      same = same && (is_source || is_idle || expected[i] == present[i]);
    }
    if (same) return preset.name;
  }
  return {};
}

}  // namespace hourglass::session
