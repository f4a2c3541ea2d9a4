#include "core/session/settings/settings_json.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/json.h"

namespace hourglass::session {
namespace {

using Json = OrderedJson;

bool is_key(std::string_view key) {
  return std::ranges::any_of(settings_table(),
                             [key](const Setting& setting) { return setting.is_called(key); });
}

Value value_from(const Json& json, const Setting& setting) {
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  if (setting.type == SettingType::kText) return json_text(json);
  throw Error("The setting '" + std::string(setting.key) + "' cannot be " + json_text(json) + ".");
}

void apply(const Json& json, const std::string& path, Settings& settings) {
  for (const auto& [name, value] : json.items()) {
    const std::string key = path.empty() ? name : path + "." + name;
    if (value.is_object() && !is_key(key)) {
      apply(value, key, settings);
    } else {
      settings.set(key, value_from(value, find_setting(key)));
    }
  }
}

}  // namespace

std::string settings_to_json(const Settings& settings) {
  Json json = Json::object();
  for (const Setting& setting : settings_table()) {
    if (setting.scope != Scope::kRun) continue;
    const std::string key(setting.key);
    Json* place = &json;
    std::size_t start = 0;
    for (std::size_t dot; (dot = key.find('.', start)) != std::string::npos; start = dot + 1) {
      place = &(*place)[key.substr(start, dot - start)];
    }
    Json& leaf = (*place)[key.substr(start)];
    std::visit([&](const auto& held) { leaf = held; }, settings.get(key));
    if (leaf.is_string() && setting.type == SettingType::kText) {
      Json parsed = parse_ordered_json(leaf.get_ref<const std::string&>());
      if (parsed.is_array()) leaf = std::move(parsed);
    }
  }
  return json_text(json, 2);
}

void apply_settings_json(std::string_view text, const std::string& where, Settings& settings) {
  const Json json = parse_ordered_json(text);
  if (!json.is_object()) throw Error("The settings of " + where + " are not a JSON object.");
  Settings changed = settings;
  try {
    apply(json, "", changed);
  } catch (const Error& error) {
    throw Error("In " + where + ": " + error.what());
  }
  settings = std::move(changed);
}

}  // namespace hourglass::session
