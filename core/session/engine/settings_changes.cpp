#include "core/session/engine/settings_changes.h"

#include <algorithm>
#include <memory>

#include "core/base/error.h"
#include "core/session/engine/build.h"
#include "core/session/engine/run_keeping.h"

namespace hourglass::session {
namespace {

using Values = std::vector<std::pair<std::string, Value>>;

// What differs between two sets of values.
struct Change {
  bool any = false;                   // also of what wakes nothing
  unsigned woken = 0;                 // at once: bits of session::wakes
  std::vector<std::string> on_reset;  // keys
  bool is_data = false;               // another data set
};

Change difference(const Settings& before, const Settings& after) {
  Change change;
  for (const Setting& setting : settings_table()) {
    if (after.get(setting.key) == before.get(setting.key)) continue;
    change.any = true;
    if ((setting.wakes & wakes::kData) != 0) {
      change.is_data = true;
    } else if (setting.effect == Effect::kAtOnce) {
      change.woken |= setting.wakes;
    } else {
      change.on_reset.emplace_back(setting.key);
    }
  }
  return change;
}

// Settings with `values` in their places. Throws Error if one of them is refused. `both_sides`:
// encoder and decoder are among them.
Settings with_values(Settings settings, const Values& values, bool& both_sides) {
  bool has_encoder = false, has_decoder = false;
  for (const auto& [name, given] : values) {
    const Setting& setting = find_setting(name);
    const std::string key(setting.key);
    const Value value = checked_value(setting, given);
    has_encoder = has_encoder || key == "model.encoder";
    has_decoder = has_decoder || key == "model.decoder";
    if (key == "model.encoder" || key == "model.decoder") {
      parse_layers(std::get<std::string>(value), key);  // refuses what is no list of layers
    }
    settings.set(key, value);
  }
  both_sides = has_encoder && has_decoder;
  return settings;
}

bool is_untouched(const SessionCore& core) {
  return core.run && core.run->trainer().state().step == 0 && !core.mode.is_running() &&
         !core.data.is_stale() && !core.data.is_asked();
}

// Throws Error if the encoder and the decoder make no model.
void check_model(const SessionCore& core) {
  const ModelSpec spec = model_spec(core.settings);
  if (core.data.current()) Model(spec, core.data.current()->shape);
}

// Makes an untouched run anew; returns false where the settings make none, which then wait.
bool remake(SessionCore& core, bool must_fit) {
  SessionCore::PreparedRun fresh;
  try {
    fresh = core.make_run();  // nothing is lost by it
  } catch (const Error&) {
    if (must_fit) throw;
    return false;
  }
  core.adopt_run(std::move(fresh));  // and tells of another number of points on the map
  return true;
}

// Lets the run and the display take up what acts at once. Throws, changing nothing.
void apply_now(SessionCore& core, unsigned woken) {
  if (!core.run || woken == 0) return;
  // What may throw comes first, and of that what changes something last.
  std::unique_ptr<Display> display;
  if (woken & wakes::kMap) {
    display = std::make_unique<Display>(*core.run, core.settings, core.pool);
  }
  if (woken & wakes::kRun) core.run->change(core.settings);
  if (display) {
    if (core.timeline.shown()) display->look_at(core.display->parameters());
    core.display = std::move(display);
    woken |= wakes::kRound;
    core.emit_data();
  } else {
    core.display->take_up(core.settings, woken);
  }
  if (woken & wakes::kPace) core.steps.restart();  // the next is by the speed before
  if (woken & wakes::kRound) core.refreshes.make_due();
  if (woken & wakes::kDisplay) core.snapshots.hurry();
}

}  // namespace

void change_settings(SessionCore& core, const Values& values) {
  // Given together, encoder and decoder are meant to fit; one alone may wait for the other.
  bool must_fit = false;
  const Settings next = with_values(core.settings, values, must_fit);
  const Change change = difference(core.settings, next);
  if (!change.any) return;

  const Settings before = std::exchange(core.settings, next);
  const bool was_new = std::exchange(core.settings_new, true);
  auto refused = std::exchange(core.refusal, {});  // what they are now is looked into anew
  try {
    // A run that is about to make way is no concern of the settings of the next.
    const bool ends = core.data.is_stale() || core.data.is_asked();
    if (must_fit && !change.is_data && !ends) check_model(core);
    const bool may_remake = !change.on_reset.empty() && !change.is_data && is_untouched(core);
    if (may_remake && remake(core, must_fit)) return;
    apply_now(core, ends ? change.woken & ~wakes::kRun : change.woken);
  } catch (...) {
    core.settings = before;  // a penalty that this model has no code for
    core.settings_new = was_new;
    core.refusal = std::move(refused);
    throw;
  }
  take_up_settings(core, before);
  if (change.is_data) core.data.mark_stale();
  auto& pending = core.pending_reset;
  for (const std::string& key : change.on_reset) {
    if (std::find(pending.begin(), pending.end(), key) == pending.end()) pending.push_back(key);
  }
  // What is again as the run has it waits for nothing.
  std::erase_if(pending, [&](const std::string& key) {
    return core.settings.get(key) == core.present.settings.get(key);
  });
  core.emit_settings();
  core.emit_diagnoses();
  core.emit_status();
}

}  // namespace hourglass::session
