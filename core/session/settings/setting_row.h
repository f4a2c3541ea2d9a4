// A row of the settings table in the making: what most rows do without is said behind it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/session/settings/settings.h"

namespace hourglass::session {

// A choice among the words of an array, as a function like scaling_names().
template <const auto& kWords>
std::span<const std::string_view> words() {
  return kWords;
}

struct Row {
  Setting setting;

  constexpr Row on_reset() {
    setting.effect = Effect::kOnReset;
    return *this;
  }
  constexpr Row in(Group group, int place) {
    setting.group = group;
    setting.place = place;
    return *this;
  }
  constexpr Row when(bool (*applies)(const Circumstances&)) {
    setting.applies = applies;
    return *this;
  }
  // A program without an engine does without the code that binds.
  constexpr Row bound([[maybe_unused]] void (*bind)(const Value&, RunSpecs&)) {
#ifndef HOURGLASS_FRONT_END_ALONE
    setting.bind = bind;
#endif
    return *this;
  }
  constexpr Row wakes_up(unsigned what) {
    setting.wakes |= what;
    return *this;
  }
  // Part of where the samples come from.
  constexpr Row source() {
    setting.is_source = true;
    return *this;
  }
  // Decides when a run ends, and nothing else.
  constexpr Row limit() {
    setting.is_limit = true;
    return *this;
  }
  constexpr Row stays_with_preset() {
    setting.stays_with_preset = true;
    return *this;
  }
  // A run on the screen has no use for it: it has no files.
  constexpr Row off_screen() {
    setting.on_screen = false;
    return *this;
  }
  constexpr Row off_command_line() {
    setting.on_command_line = false;
    return *this;
  }
  constexpr Row also(std::span<const std::string_view> aliases) {
    setting.aliases = aliases;
    return *this;
  }
};

constexpr Row choice(std::string_view key, std::string_view initial,
                     std::span<const std::string_view> (*names)()) {
  return {{.key = key, .type = SettingType::kChoice, .initial_text = initial, .names = names}};
}

constexpr Row flag(std::string_view key, bool initial) {
  return {{.key = key, .type = SettingType::kBool, .initial_number = initial ? 1.0 : 0.0}};
}

constexpr Row text(std::string_view key, std::string_view initial) {
  return {{.key = key, .type = SettingType::kText, .initial_text = initial}};
}

constexpr Row integer(std::string_view key, std::int64_t initial, double low, double high,
                      Scale scale, std::string_view unit) {
  return {{.key = key,
           .type = SettingType::kInteger,
           .initial_number = static_cast<double>(initial),
           .low = low,
           .high = high,
           .scale = scale,
           .unit = unit}};
}

constexpr Row real(std::string_view key, double initial, double low, double high, Scale scale) {
  return {{.key = key, .initial_number = initial, .low = low, .high = high, .scale = scale}};
}

// A number that switches something off where it is 0, and otherwise wants a logarithmic scale.
constexpr Row off_or_real(std::string_view key, double initial, double smallest, double high) {
  return {{.key = key,
           .initial_number = initial,
           .high = high,
           .scale = Scale::kLogarithmic,
           .smallest = smallest}};
}

constexpr Row off_or_integer(std::string_view key, double high, std::string_view unit) {
  return {{.key = key,
           .type = SettingType::kInteger,
           .high = high,
           .scale = Scale::kLogarithmic,
           .smallest = 1,
           .unit = unit}};
}

}  // namespace hourglass::session
