#include "ui/state/undo.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "core/session/settings/preset_difference.h"
#include "core/session/settings/presets.h"
#include "ui/state/known_settings.h"

namespace hourglass::ui {
namespace {

using session::Setting;
using session::Settings;

constexpr std::int64_t kSeeds = 1'000'000'000;  // as the engine counts them up

// What is looked at is no change of anything: an image that was selected, the tiles of a panel.
bool is_undone(std::string_view key) {
  return !key.starts_with("view.") || key.starts_with("view.noise.") ||
         key == "view.steps_per_second";
}

bool comes_with_preset(const Setting& setting) {
  return setting.scope == session::Scope::kRun && !setting.stays_with_preset;
}

const session::Preset* preset_named(std::string_view name) {
  const auto all = session::presets();
  const auto found = std::ranges::find(all, name, &session::Preset::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

Settings Undo::present(const Store& store) const {
  Settings settings = known_settings(store);
  for (const auto& [key, value] : sent_) settings.set(key, value);
  return settings;
}

void Undo::note(const Store& store, const session::Command& command) {
  const auto is = [&](auto... bodies) {
    return (std::holds_alternative<decltype(bodies)>(command.body) || ...);
  };
  if (applying_ || !is(session::SetSetting(), session::SetSettings(), session::LoadPreset(),
                       session::NewSeed())) {
    return;
  }
  const Settings before = present(store);
  Step step;
  const auto changes = [&](std::string_view key, const session::Value& value) {
    if (!is_undone(key) || before.get(key) == value) return;
    step.before.insert_or_assign(std::string(key), before.get(key));
    step.after.insert_or_assign(std::string(key), value);
  };
  if (const auto* one = std::get_if<session::SetSetting>(&command.body)) {
    changes(one->key, one->value);
  } else if (const auto* several = std::get_if<session::SetSettings>(&command.body)) {
    for (const auto& [key, value] : several->values) changes(key, value);
  } else if (const auto* load = std::get_if<session::LoadPreset>(&command.body)) {
    const session::Preset* const preset = preset_named(load->name);
    if (!preset) return;
    step.afresh = true;
    for (const Setting& setting : session::settings_table()) {
      if (comes_with_preset(setting)) changes(setting.key, preset->values.get(setting.key));
    }
  } else {
    step.afresh = true;
    changes("train.seed", (before.integer("train.seed") + 1) % kSeeds);
  }
  if (!step.after.empty()) add(std::move(step));
}

void Undo::add(Step step) {
  for (const auto& [key, value] : step.after) sent_.insert_or_assign(key, value);
  if (std::exchange(in_gesture_, true) && done_ > 0 && done_ == steps_.size()) {
    Step& last = steps_.back();
    last.before.merge(step.before);  // keeps what was there at first
    for (auto& [key, value] : step.after) last.after.insert_or_assign(key, std::move(value));
    last.afresh = last.afresh || step.afresh;
    return;
  }
  steps_.resize(done_);
  steps_.push_back(std::move(step));
  if (steps_.size() > kMaxSteps) steps_.erase(steps_.begin());
  done_ = steps_.size();
}

void Undo::receive(const session::Event& event) {
  if (std::holds_alternative<session::Failure>(event)) sent_.clear();
  const auto* changed = std::get_if<session::SettingsChanged>(&event);
  if (!changed) return;
  for (const auto& [key, value] : changed->values) {
    const auto sent = sent_.find(key);
    if (sent != sent_.end() && sent->second == value) sent_.erase(sent);
  }
}

void Undo::undo(const Send& send, const Store& store, ViewState& view) {
  while (can_undo()) {
    const Step& step = steps_[--done_];
    if (apply(step.before, step.afresh, send, store, view)) return;
  }
}

void Undo::redo(const Send& send, const Store& store, ViewState& view) {
  while (can_redo()) {
    const Step& step = steps_[done_++];
    if (apply(step.after, step.afresh, send, store, view)) return;
  }
}

// Returns false, and does nothing, where all is like that already.
bool Undo::apply(const SettingValues& values, bool afresh, const Send& send, const Store& store,
                 ViewState& view) {
  in_gesture_ = false;
  Settings target = present(store);
  std::vector<std::pair<std::string, session::Value>> changed;
  for (const auto& [key, value] : values) {
    if (target.get(key) == value) continue;
    target.set(key, value);
    changed.emplace_back(key, value);
    sent_.insert_or_assign(key, value);
    view.pending_values.insert_or_assign(key, value);
  }
  if (changed.empty()) return false;
  applying_ = true;
  if (afresh) {
    session::PresetDifference difference =
        session::preset_difference(target, {comes_with_preset, /*needs_preset=*/true});
    send({0, session::LoadPreset{std::move(difference.preset)}});
    std::erase_if(changed, [](const auto& entry) {
      return comes_with_preset(session::find_setting(entry.first));
    });
    std::ranges::move(changed, std::back_inserter(difference.values));
    changed = std::move(difference.values);
  }
  if (!changed.empty()) send({0, session::SetSettings{std::move(changed)}});
  applying_ = false;
  return true;
}

}  // namespace hourglass::ui
