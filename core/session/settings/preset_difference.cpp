#include "core/session/settings/preset_difference.h"

#include <cstddef>
#include <limits>

#include "core/session/settings/presets.h"

namespace hourglass::session {
namespace {

// What stands for itself in a query; what chats and mails break an address at is not among it.
constexpr std::string_view kPlain = "-_.~,:/";

std::string escaped(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || kPlain.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::size_t length_of(const PresetDifference& difference) {
  std::size_t length = difference.preset.empty() ? 0 : 8 + difference.preset.size();
  for (const auto& [key, value] : difference.values) {
    length += key.size() + value_text(value).size() + 2;
  }
  return length;
}

bool is_in_link(const Setting& setting) {
  // What tiles there are hangs on the panel that is open.
  return setting.scope != Scope::kMachine && setting.key != "view.tiles";
}
bool is_in_link_without_data(const Setting& setting) {
  return is_in_link(setting) && !setting.is_source;
}

}  // namespace

PresetDifference preset_difference(const Settings& settings, const Telling& telling) {
  PresetDifference shortest;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  const auto consider = [&](const Preset* preset) {
    Settings base;
    PresetDifference difference;
    if (preset) {
      apply_preset(*preset, base);
      difference.preset = preset->name;
    }
    for (const Setting& setting : settings_table()) {
      const Value& value = settings.get(setting.key);
      if (!telling.tells(setting) || base.get(setting.key) == value) continue;
      difference.values.emplace_back(setting.key, value);
    }
    const std::size_t length = length_of(difference);
    if (length >= least) return;
    least = length;
    shortest = std::move(difference);
  };
  if (!telling.needs_preset) consider(nullptr);
  for (const Preset& preset : presets()) consider(&preset);
  return shortest;
}

PresetDifference shared_difference(const Settings& settings, bool needs_preset) {
  const bool own = settings.text("data.set") == "own";
  return preset_difference(settings, {own ? is_in_link_without_data : is_in_link, needs_preset});
}

std::string link_query(const Settings& settings) {
  const PresetDifference difference = shared_difference(settings, false);
  std::string query;
  const auto add = [&query](std::string_view key, std::string_view value) {
    query += query.empty() ? "" : "&";
    query += std::string(key) + "=" + escaped(value);
  };
  if (!difference.preset.empty()) add("preset", difference.preset);
  for (const auto& [key, value] : difference.values) {
    add(key == "data.set" ? "data" : std::string_view(key), value_text(value));
  }
  return query;
}

}  // namespace hourglass::session
