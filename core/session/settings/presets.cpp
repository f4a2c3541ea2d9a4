#include "core/session/settings/presets.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/session/settings/settings_json.h"

namespace hourglass::session {

// Generated from assets/presets/ by CMake.
std::span<const std::string_view> preset_files();
std::span<const std::string_view> document_preset_files();

namespace {

Preset parse_preset(std::string_view text) {
  const OrderedJson json = parse_ordered_json(text);
  Preset preset;
  preset.name = json.at("name");
  preset.settings = json_text(json.at("settings"));
  apply_settings_json(preset.settings, "preset '" + preset.name + "'", preset.values);
  if (json.contains("linear_probe")) preset.linear_probe = json.at("linear_probe");
  if (!json.contains("source")) {  // cut down for the web
    if (json.contains("test_loss"))
      preset.published.push_back({"test_loss", json.at("test_loss"), 0});
    return preset;
  }
  preset.source = json.at("source");
  preset.teaches_en = json.at("teaches").at("en");
  preset.teaches_zh = json.at("teaches").at("zh");
  for (const auto& figure : json.at("published")) {
    preset.published.push_back({figure.at("metric"), figure.at("value"), figure.at("epoch")});
  }
  if (json.contains("pretraining")) preset.pretraining = json_text(json.at("pretraining"));
  return preset;
}

std::vector<Preset> parse_presets(std::span<const std::string_view> files) {
  std::vector<Preset> parsed;
  for (const std::string_view file : files) parsed.push_back(parse_preset(file));
  return parsed;
}

const Preset& find_among(std::span<const Preset> all, std::string_view name,
                         const std::string& what) {
  std::string names;
  for (const Preset& preset : all) {
    if (preset.name == name) return preset;
    names += (names.empty() ? "" : ", ") + preset.name;
  }
  throw Error("There is no " + what + " '" + std::string(name.substr(0, 100)) + "'; there are " +
              names + ".");
}

}  // namespace

std::span<const Preset> presets() {
  static const std::vector<Preset> all = parse_presets(preset_files());
  return all;
}

std::span<const Preset> document_presets() {
  static const std::vector<Preset> all = parse_presets(document_preset_files());
  return all;
}

const Preset& find_preset(std::string_view name) { return find_among(presets(), name, "preset"); }

const Preset& find_document_preset(std::string_view name) {
  return find_among(document_presets(), name, "preset for documents");
}

void apply_preset(const Preset& preset, Settings& settings) {
  for (const Setting& setting : settings_table()) {
    if (setting.scope != Scope::kRun || setting.stays_with_preset) continue;
    settings.set(setting.key, preset.values.get(setting.key));
  }
}

std::string matching_preset(const Settings& settings) {
  const NetworkInfo any_network;
  const Circumstances circumstances{[&settings](std::string_view key) { return settings.get(key); },
                                    any_network};
  // The same model in training, whatever the data, the seed and the display. What a schedule that
  // is not in use was set to is no difference: models saved when that began at other values still
  // are of their preset.
  const auto counts = [&circumstances](const Setting& setting) {
    const bool is_idle =
        setting.group == Group::kSchedule && setting.applies && !setting.applies(circumstances);
    return setting.scope == Scope::kRun && !setting.stays_with_preset && !setting.is_source &&
           !is_idle;
  };
  for (const Preset& preset : presets()) {
    const bool same = std::ranges::all_of(settings_table(), [&](const Setting& setting) {
      return !counts(setting) || preset.values.get(setting.key) == settings.get(setting.key);
    });
    if (same) return preset.name;
  }
  return {};
}

}  // namespace hourglass::session
