// A row of the settings table in the making: what most rows do without is said behind it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/session/settings/settings.h"

namespace hourglass::session {

using Choices = std::vector<std::string_view>;

inline Choices list(std::span<const std::string_view> names) {
  return {names.begin(), names.end()};
}

struct Row {
  Setting setting;

  Row on_reset() && {
    setting.effect = Effect::kOnReset;
    return std::move(*this);
  }
  Row in(Group group, int place) && {
    setting.group = group;
    setting.place = place;
    return std::move(*this);
  }
  Row when(bool (*applies)(const Circumstances&)) && {
    setting.applies = applies;
    return std::move(*this);
  }
  Row bound(void (*bind)(const Value&, RunSpecs&)) && {
    setting.bind = bind;
    return std::move(*this);
  }
  // Part of where the samples come from.
  Row source() && {
    setting.is_source = true;
    return std::move(*this);
  }
  // Decides when a run ends, and nothing else.
  Row limit() && {
    setting.is_limit = true;
    return std::move(*this);
  }
  // A run on the screen has no use for it: it has no files.
  Row off_screen() && {
    setting.on_screen = false;
    return std::move(*this);
  }
  Row also(Choices aliases) && {
    setting.aliases = std::move(aliases);
    return std::move(*this);
  }
};

inline Row choice(std::string_view key, const char* initial, Choices choices) {
  return {{.key = key,
           .type = SettingType::kChoice,
           .initial = std::string(initial),
           .choices = std::move(choices)}};
}

inline Row flag(std::string_view key, bool initial) {
  return {{.key = key, .type = SettingType::kBool, .initial = initial}};
}

inline Row text(std::string_view key, const char* initial) {
  return {{.key = key, .type = SettingType::kText, .initial = std::string(initial)}};
}

inline Row integer(std::string_view key, std::int64_t initial, double low, double high, Scale scale,
                   std::string_view unit) {
  return {{.key = key,
           .type = SettingType::kInteger,
           .initial = initial,
           .low = low,
           .high = high,
           .scale = scale,
           .unit = unit}};
}

inline Row real(std::string_view key, double initial, double low, double high, Scale scale) {
  return {{.key = key, .initial = initial, .low = low, .high = high, .scale = scale}};
}

// A number that switches something off where it is 0, and otherwise wants a logarithmic scale.
inline Row off_or_real(std::string_view key, double initial, double smallest, double high) {
  return {{.key = key,
           .initial = initial,
           .high = high,
           .scale = Scale::kLogarithmic,
           .smallest = smallest}};
}

inline Row off_or_integer(std::string_view key, double high, std::string_view unit) {
  return {{.key = key,
           .type = SettingType::kInteger,
           .initial = std::int64_t{0},
           .high = high,
           .scale = Scale::kLogarithmic,
           .smallest = 1,
           .unit = unit}};
}

}  // namespace hourglass::session
