#include "core/session/engine/run_keeping.h"

#include <exception>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/formats/safetensors.h"
#include "core/session/engine/looking_back.h"

namespace hourglass::session {
namespace {

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

bool is_kept_already(const SessionCore& core) {
  const PresentRun& present = core.present;
  return core.run->trainer().state().step == present.step &&
         core.kept.contains(present.goes_on_from);
}

bool is_trained(const SessionCore& core) { return core.run->trainer().state().step > 0; }

// The checkpoint of the run that there is. Throws whatever a library throws.
Bytes checkpoint_of_run(SessionCore& core) {
  try {
    core.run->check_last_step();
  } catch (const Diverged&) {
    // It does no harm: the run has gone back to good parameters, which are those to keep.
    forget_later_moments(core);
  }
  Safetensors file = core.run->checkpoint_unevaluated(core.present.settings);
  add_present_curve(core, file);
  return write_safetensors(file);
}

void check_room(const SessionCore& core, std::size_t bytes) {
  if (core.kept.has_room_for(bytes)) return;
  const auto megabytes = [](std::size_t count) {
    return std::to_string((count + kMegabyte - 1) / kMegabyte);
  };
  throw Error("This run takes " + megabytes(bytes) + " MB, and all kept runs together may take " +
              megabytes(core.kept.max_bytes()) + ": a smaller network can be kept.");
}

void keep_as(SessionCore& core, KeptRun kept, std::uint64_t run, std::uint64_t present) {
  kept.run = kept.event.run = run;
  kept.event.present = present;
  RunKept event = kept.event;
  for (const std::uint64_t gone : core.kept.add(std::move(kept))) {
    core.emit(RunDropped{gone, false});
  }
  core.emit(std::move(event));
}

}  // namespace

void add_present_curve(SessionCore& core, Safetensors& file) {
  core.history.flush(*core.run);
  RunCurve curve = core.present.curve;
  if (!core.history.pending().restart) {
    for (const LossPoint& point : core.history.pending().losses) curve.add(point);
  }
  add_curve(file, curve.points());
}

void keep_ended_run(SessionCore& core) {
  if (!core.run || !is_trained(core) || is_kept_already(core)) return;
  try {
    Bytes checkpoint = checkpoint_of_run(core);
    if (!core.kept.has_room_for(checkpoint.size())) return;
    keep_as(core, KeptRuns::read(std::move(checkpoint)), core.present.number, core.present.number);
  } catch (const std::exception&) {
    // It does without where memory or finite numbers lack: nobody has asked for this run.
  }
}

void keep_present_run(SessionCore& core) {
  if (!is_trained(core)) {
    throw Error("There is nothing to keep yet: the network is untrained. Run it first.");
  }
  if (is_kept_already(core)) {
    throw Error("This run is kept already, and nothing was trained since.");
  }
  Bytes checkpoint = checkpoint_of_run(core);
  check_room(core, checkpoint.size());
  KeptRun kept = KeptRuns::read(std::move(checkpoint));
  const std::uint64_t run = core.present.number;
  core.present.number = ++core.last_run;
  core.present.goes_on_from = run;
  core.present.step = core.run->trainer().state().step;
  keep_as(core, std::move(kept), run, core.present.number);
}

void add_kept_run(SessionCore& core, Bytes checkpoint) {
  check_room(core, checkpoint.size());
  keep_as(core, KeptRuns::read(std::move(checkpoint)), ++core.last_run, core.present.number);
}

void begin_run(SessionCore& core, std::vector<LossPoint> losses, std::uint64_t goes_on_from) {
  PresentRun& present = core.present;
  present.number = ++core.last_run;
  present.goes_on_from = core.kept.contains(goes_on_from) ? goes_on_from : 0;
  present.step = core.run->trainer().state().step;
  present.settings = core.settings;
  present.curve = RunCurve(losses);
  core.timeline.restart(core.run->trainer());
  core.history.restart({.losses = std::move(losses),
                        .epochs = core.run->history(),
                        .run = present.number,
                        .goes_on_from = present.goes_on_from});
}

void take_up_settings(SessionCore& core, const Settings& before) {
  for (const Setting& setting : settings_table()) {
    if (setting.scope == Scope::kView || setting.effect != Effect::kAtOnce) continue;
    if ((setting.wakes & wakes::kData) != 0) continue;
    const Value& value = core.settings.get(setting.key);
    if (value != before.get(setting.key)) core.present.settings.set(setting.key, value);
  }
}

}  // namespace hourglass::session
