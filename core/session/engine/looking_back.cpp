#include "core/session/engine/looking_back.h"

#include <memory>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/formats/safetensors.h"

namespace hourglass::session {
namespace {

std::shared_ptr<const RunTimeline::Moment> moment_near(const SessionCore& core, std::int64_t step) {
  auto moment = core.timeline.nearest(step);
  if (!moment) {
    throw Error("No earlier moments of this run are kept: its network is too large for that.");
  }
  return moment;
}

void put_on_display(SessionCore& core, std::shared_ptr<const RunTimeline::Moment> moment) {
  core.display->look_at(moment ? moment->state.parameters.data() : nullptr);
  core.timeline.show(std::move(moment));
  core.snapshots.hurry();
  core.emit_status();
}

}  // namespace

void show_step(SessionCore& core, std::int64_t step) {
  core.require_run();
  if (step < 0) {
    // Whoever asks waits for a snapshot, also of what is on display already.
    if (!core.timeline.shown()) core.timeline.show(nullptr);
    return show_present(core);
  }
  auto moment = moment_near(core, step);
  core.data.run_when_ready(false);
  if (core.mode.is_running()) core.pause(Paused{});
  put_on_display(core, std::move(moment));
}

void show_present(SessionCore& core) {
  if (core.timeline.shown()) put_on_display(core, nullptr);
}

void go_on_from_step(SessionCore& core, std::int64_t step) {
  TrainingRun& run = core.require_run();
  const auto moment = moment_near(core, step);
  const std::int64_t from = moment->state.step;
  Safetensors file = run.checkpoint_of(moment->state, core.present.settings);
  core.history.flush(run);
  core.emit_history();
  std::vector<LossPoint> losses = core.present.curve.points();
  std::erase_if(losses, [from](const LossPoint& point) { return point.step > from; });
  add_curve(file, losses);
  const Bytes checkpoint = write_safetensors(file);
  RunTimeline::Moments past = core.timeline.until(from);
  const std::uint64_t number = core.present.number;
  core.resume(checkpoint);
  // Of other data that are still on their way there is nothing to look back to.
  if (core.present.number != number) core.timeline.restart(core.run->trainer(), std::move(past));
  core.emit_status();
}

void forget_later_moments(SessionCore& core) {
  core.timeline.drop_after(core.run->trainer().state().step);
  const auto& shown = core.timeline.shown();
  core.display->look_at(shown ? shown->state.parameters.data() : nullptr);
}

}  // namespace hourglass::session
